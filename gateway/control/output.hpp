#pragma once

#include <string>
#include <variant>
#include <vector>

#include "cti/driver/driver.hpp"
#include "model/events.hpp"
#include "model/services.hpp"

namespace linebridge::control {

/// Names an operation between Order and Control::issued().
struct Ticket {
  std::uint64_t value = 0;
  friend auto operator<=>(const Ticket&, const Ticket&) = default;
};

/// Ask the switch. The caller hands it to the link and tells Control::issued() under which id.
struct Order {
  cti::driver::LinkId link;
  model::SessionId session;  ///< For whom; none if for nobody any more.
  Ticket ticket;
  cti::driver::Operation operation;
};
/// Answer a CSTA request.
struct Respond {
  model::SessionId session;
  model::RequestId request;
  model::Response response;
  std::string why;  ///< For the log and ms-diagnostics, if it is a refusal.
};
/// Tell a monitor.
struct Notify {
  model::SessionId session;
  model::MonitorId monitor;
  model::Event event;
};
/// The session's line is gone (removed, closed, restricted): the client must sign in again.
struct LineGone {
  model::SessionId session;
  std::string why;
};
/// What is to be done, in this order. The order matters: a response stands before the events it caused.
using Action = std::variant<Order, Respond, Notify, LineGone>;
using Actions = std::vector<Action>;

}  // namespace linebridge::control
