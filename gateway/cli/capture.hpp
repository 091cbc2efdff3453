#pragma once

#include <cstdint>
#include <functional>
#include <istream>
#include <string_view>

#include "base/result.hpp"

namespace linebridge::cli {

struct CapturedPacket {
  int link = 0;  ///< LINKTYPE_ number of pcap.
  std::int64_t at_us = 0;
  std::string_view bytes;  ///< As far as it was captured; valid during the call.
};

/// Whether a file that begins so is a capture: pcap of either byte order and precision, or pcapng.
bool is_capture(std::string_view beginning);

/// Reads a whole capture, packet by packet. `beginning` was already taken off `in`.
/// Errors: malformed (what libpcap says of it; the packets before it were handed out).
Status read_capture(std::string_view beginning, std::istream& in,
                    const std::function<void(const CapturedPacket&)>& packet);

}  // namespace linebridge::cli
