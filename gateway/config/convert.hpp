#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/address.hpp"
#include "base/result.hpp"
#include "config/toml_document.hpp"

/// From a TOML value to a checked one. The detail of each Error says what is wrong and what to write instead.
namespace linebridge::config {

Result<std::string> text(const Value& value);
Result<bool> flag(const Value& value);
Result<std::uint32_t> number(const Value& value, std::int64_t least, std::int64_t most);
/// "90s", "30m", "24h": a whole number and its unit.
Result<std::chrono::seconds> duration(const Value& value, std::chrono::seconds least,
                                      std::chrono::seconds most);
std::string duration_text(std::chrono::seconds value);
/// The place of the word in `words`.
Result<std::size_t> word(const Value& value, const std::vector<std::string_view>& words);

/// An absolute path.
Result<std::string> path(const Value& value, std::size_t most = 4095);
/// The file of a secret: an absolute path, or a name without '/' as the site's folder of secrets has it.
Result<std::string> secret_file(const Value& value);
/// The path of a Unix socket: the operating system takes 107 bytes.
Result<std::string> socket_path(const Value& value);

enum class Unix { allowed, refused };
/// Where we listen: a numeric address with its port, or a path.
Result<Address> listen_address(const Value& value, Unix unix_path, std::uint16_t default_port = 0);
/// Whom we call: a name or a numeric address; the port may be left out.
Result<Address> remote_address(const Value& value, std::uint16_t default_port);

Result<std::string> host_name(const Value& value);    ///< A host of ours in SIP URIs, lower case.
Result<std::string> network(const Value& value);      ///< "192.0.2.10" or "192.0.2.0/24"
Result<std::string> sip_address(const Value& value);  ///< "sip:alice@example.test", lower case.
Result<std::string> line_uri(const Value& value);     ///< "tel:..." as far as its shape goes; may be empty.
Result<std::string> device_name(const Value& value);

}  // namespace linebridge::config
