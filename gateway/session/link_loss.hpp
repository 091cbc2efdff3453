#pragma once

#include <string_view>

#include "model/services.hpp"

namespace linebridge::session {

/// How a session stands to the link it began on. A link that was made anew is another link.
enum class LinkState {
  good,
  lost,             ///< Its link is gone, another is in service: the client must sign in again.
  none_in_service,  ///< No link is: the session is kept until one is back.
};

constexpr LinkState link_state(bool own_in_service, bool any_in_service) {
  if (own_in_service) return LinkState::good;
  return any_in_service ? LinkState::lost : LinkState::none_in_service;
}

/// A request that gets 481, so that the client sends a new INVITE and lands on a live link. Its user stays
/// signed in at OCS. A BYE is taken whatever the link does.
constexpr bool must_sign_in_again(LinkState state, std::string_view method) {
  return state == LinkState::lost && method != "BYE";
}

/// What RequestSystemStatus is answered, at every refresh anew.
constexpr model::SystemStatus system_status(LinkState state) {
  return state == LinkState::good ? model::SystemStatus::normal : model::SystemStatus::disabled;
}

}  // namespace linebridge::session
