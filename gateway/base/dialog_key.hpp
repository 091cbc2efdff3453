#pragma once

#include <string>
#include <string_view>

namespace linebridge {

/// The key under which the front end places a dialog: the Call-ID if it has at most 64 bytes, else its SHA-256
/// in lower-case hex (64 characters, the key length of HAProxy's stick table).
std::string dialog_key(std::string_view call_id);

/// SHA-256 (FIPS 180-4) in lower-case hex.
std::string sha256_hex(std::string_view data);

}  // namespace linebridge
