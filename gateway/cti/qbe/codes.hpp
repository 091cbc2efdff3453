#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

/// The CTI Manager's error codes: `result` of responses and of the events that end an operation, `reason` of
/// ProviderOpenCompletedEvent. One space of 32 bits; logs show it signed, unsigned or in hex. 0 is success.
/// Source: JTAPI developers guide, error appendices.
namespace linebridge::cti::qbe {

struct NamedCode {
  std::uint32_t code;
  std::string_view name;
};

/// All of them, by code.
std::span<const NamedCode> named_codes();

/// "DIRECTORY_LOGIN_FAILED"; empty if the code has no name.
std::string_view code_name(std::uint32_t code);

/// "0x8CCC0060 DIRECTORY_LOGIN_FAILED", or the number alone.
std::string code_text(std::uint32_t code);

}  // namespace linebridge::cti::qbe
