#include "cti/qbe/ending.hpp"

namespace linebridge::cti::qbe {

Ending::Why why_of_error(std::uint32_t code) {
  switch (code) {
    case 0x8CCC0050: return Ending::Why::version;
    case 0x8CCC0051:  // message not known
    case 0x8CCC0052:  // message format
    case 0x8CCC0054:  // message length
    case 0x8CCC0055:  // header
    case 0x8CCC0056:  // message too big
    case 0x8CCC0057:  // filter size
    case 0x8CCC00D0:  // user not allowed on TLS
    case 0x8CCC00D1:  // wrong port
    case 0x8CCC011A:  // kind of authentication
    case 0x8CCC0138: return Ending::Why::refused;
    case 0x8CCC005F:  // not in the CTI users' group
    case 0x8CCC0060:  // bad user or password
    case 0x8CCC011D:  // password expired, user may change it
    case 0x8CCC011E:  // password expired
    case 0x8CCC011F:  // account locked
    case 0x8CCC0145: return Ending::Why::credentials;
    default: return Ending::Why::lost;
  }
}

Ending::Why why_of_closed_provider(std::uint32_t reason) {
  // 0 none, 1 heartbeat missed, 2 unexpected shutdown, 3 asked for by us, 10 other: try again. The rest says
  // that the user, its permission or its certificate is not good.
  return reason <= 3 || reason == 10 || reason >= 100 ? Ending::Why::lost : Ending::Why::credentials;
}

}  // namespace linebridge::cti::qbe
