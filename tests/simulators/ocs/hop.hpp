#pragma once

#include <optional>
#include <string>

#include "base/door.hpp"
#include "message.hpp"

/// What a record-routing SIP proxy does to a message that passes: RFC 3261 section 16, with OCS's decorations.
namespace linebridge::sim::ocs {

/// Who we are on the way of a message.
struct Self {
  HostPort at;            ///< Where we listen.
  std::string signature;  ///< Signs our Record-Route, as OCS does: it must come back byte for byte.
  bool tls = false;       ///< Towards the gateway, and where we listen for it.
};

/// Puts our Record-Route above the others.
void record_route(Message& request, const Self& self);

enum class Route {
  absent,  ///< The request carries none.
  taken,   ///< The top one was ours, byte for byte; it is removed.
  forged,  ///< The top one leads to us, but is not what we signed.
  other,   ///< The top one leads elsewhere.
};
Route take_route(Message& request, const Self& self);

/// Notes in the sender's Via where the request came from (received, ms-received-port, ms-received-cid) and puts
/// ours on top.
void push_via(Message& request, const Self& self, const std::string& branch, PeerId from,
              const Address& sender);

/// Puts our Via on top of a request that is our own.
void put_via(Message& request, const Self& self, const std::string& branch);

/// Takes our Via off a response and gives its branch; nothing if the top Via is not ours.
std::optional<std::string> pop_via(Message& response, const Self& self);

/// The connection that the top Via of a response names; no peer if the note was damaged on its way.
PeerId noted_sender(const Message& response);

/// Counts Max-Forwards down; false once it is used up.
bool may_go_on(Message& request);

}  // namespace linebridge::sim::ocs
