#pragma once

#include <cstdint>
#include <string>

#include "cti/qbe/codes.hpp"

namespace linebridge::cti::qbe {

/// Why a link's connection must end.
struct Ending {
  enum class Why {
    lost,         ///< The connection, the CTI Manager's answers, or the provider went.
    credentials,  ///< The log-in was refused; asking again soon does harm.
    directory,    ///< The CTI Manager could not look the user up just now.
    full,         ///< The CTI Manager takes no more connections.
    version,      ///< Another protocol version is wanted.
    refused,      ///< The CTI Manager does not take us as we are, or we not it; asking again soon is no use.
    malformed,    ///< The stream cannot be read on.
  };
  Why why = Why::lost;
  std::uint32_t code = 0;  ///< The CTI Manager's own, 0 if it gave none.
  std::string reason;
};

/// How an error code given instead of a log-in ends a link. Source: JTAPI developers guide, error appendix.
Ending::Why why_of_error(std::uint32_t code);

/// How a ProviderClosedEvent's reason ends a link.
Ending::Why why_of_closed_provider(std::uint32_t reason);

namespace error {
inline constexpr std::uint32_t failure = 0x8CCC0000, timeout = 0x8CCC0001, illegal_handle = 0x8CCC0004,
                               no_access = 0x8CCC0018, no_information = 0x8CCC0023,
                               incompatible_version = 0x8CCC0050, invalid_line_handle = 0x8CCC0071,
                               invalid_digits = 0x8CCC0097, invalid_parameter = 0x8CCC00B4;
}

/// Whether a request was refused because the CTI Manager does not know or offer it.
bool not_offered(std::uint32_t code);
/// Whether what was refused may be granted a little later.
bool passing(std::uint32_t code);

}  // namespace linebridge::cti::qbe
