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
    case 0x8CCC00D1:  // wrong port
    case 0x8CCC0138: return Ending::Why::refused;
    case 0x8CCC005F:                                   // not in the CTI users' group
    case 0x8CCC0060:                                   // bad user or password
    case 0x8CCC00D0:                                   // user not allowed on TLS
    case 0x8CCC0118:                                   // single sign-on is off
    case 0x8CCC0119:                                   // its server is down
    case 0x8CCC011A:                                   // kind of authentication
    case 0x8CCC011D:                                   // password expired, user may change it
    case 0x8CCC011E:                                   // password expired
    case 0x8CCC011F:                                   // account locked
    case 0x8CCC0145: return Ending::Why::credentials;  // account disabled
    case 0x8CCC005E:                                   // directory not available
    case 0x8CCC0075:                                   // its log-in took too long
    case 0x8CCC0125: return Ending::Why::directory;    // database
    case 0x8CCC0047: return Ending::Why::full;
    default: return Ending::Why::lost;
  }
}

Ending::Why why_of_closed_provider(std::uint32_t reason) {
  switch (reason) {
    case 4:   // the log-in failed
    case 5:   // user deleted
    case 7:   // certificate used by another
    case 8:   // nothing known of the certificate
    case 9:   // certificate compromised
    case 11:  // user not allowed on TLS
    case 12:  // user not allowed CTI any more
    case 13:
      return Ending::Why::credentials;  // kind of authentication not offered on this port
    // 0 none, 1 our heartbeat missed, 2 shut down, 3 asked for by us, 6 the right to control any device was
    // taken: the listed ones are left, 10 other. What is not known may pass too.
    default: return Ending::Why::lost;
  }
}

bool not_offered(std::uint32_t code) {
  switch (code) {
    case 0x8CCC0050:               // not in this version
    case 0x8CCC0051:               // message not known
    case 0x8CCC0052:               // message format
    case 0x8CCC0053:               // version
    case 0x8CCC0054:               // message length
    case 0x8CCC0055:               // header
    case 0x8CCC0099:               // not implemented
    case 0x8CCC009D: return true;  // not allowed
    default: return false;
  }
}

bool passing(std::uint32_t code) {
  switch (code) {
    case 0x8CCC0000:               // failure, of no known kind
    case 0x8CCC0001:               // timeout
    case 0x8CCC0015:               // database
    case 0x8CCC0017:               // no CallManager
    case 0x8CCC004F:               // temporary
    case 0x8CCC005E:               // directory
    case 0x8CCC0064:               // link in the cluster
    case 0x8CCC0075:               // directory
    case 0x8CCC0090:               // internal
    case 0x8CCC00BB:               // system
    case 0x8CCC0109:               // the same request is pending
    case 0x8CCC0125: return true;  // database
    default: return false;
  }
}

}  // namespace linebridge::cti::qbe
