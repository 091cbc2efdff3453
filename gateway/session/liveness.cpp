#include "session/liveness.hpp"

#include <algorithm>

namespace linebridge::session {

void Liveness::agreed(Way way, std::chrono::seconds interval, TimePoint now) {
  way_ = way;
  interval_ = interval;
  expires_ = now + interval;
  unanswered_ = 0;
  switch (way) {
    case Way::client_refreshes: deadline_ = expires_; break;
    case Way::we_refresh: deadline_ = now + interval / 2; break;  // RFC 4028 section 10.
    case Way::we_ask: deadline_ = now + ask_every; break;
  }
}

Liveness::Due Liveness::due(TimePoint now) {
  if (!deadline_ || *deadline_ > now) return Due::nothing;
  if (way_ == Way::we_ask) {
    deadline_ = now + ask_every;
    return Due::ask;
  }
  if (way_ == Way::client_refreshes || now >= expires_) {
    deadline_.reset();
    return Due::expired;
  }
  deadline_ = std::min(expires_, now + interval_ / 4);  // Once more, should this one fail.
  return Due::refresh;
}

}  // namespace linebridge::session
