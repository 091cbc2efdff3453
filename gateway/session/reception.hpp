#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/network.hpp"
#include "cti/driver/driver.hpp"
#include "session/refusal.hpp"
#include "users/choice.hpp"

namespace linebridge::session {

/// What an INVITE says, as far as signing in is concerned.
struct SignIn {
  std::string_view sender;        ///< IP address of the OCS host.
  std::string_view request_host;  ///< Host of the Request-URI.
  std::string_view from_user, from_host;
  std::string_view to_user;
  std::string_view line;  ///< lcs:line of the body; empty: none.
};

struct ReceptionSettings {
  bool enabled = true;
  std::vector<std::string> names;  ///< Our hosts, without regard to case.
  std::vector<Network> incoming;   ///< Where OCS hosts may be.
  users::ChoiceSettings choice;
  std::string default_context = "dialstring";  ///< For a line made of the To user part.
};

/// Who the client is and which line it means, before any link is asked.
struct Known {
  const users::User* user;  ///< Of the directory given.
  numbers::LineUri line;
};
/// The line appearance that the session gets.
struct Placed {
  cti::driver::Appearance appearance;
  std::string_view rule;
};

/// Decides sign-ins. Pure rules over values, in the order in which an administrator would check them.
class Reception {
public:
  explicit Reception(ReceptionSettings settings) : settings_(std::move(settings)) {}

  /// Sender, own name, user, line URI. Refuses with 403, 404 or 503.
  std::variant<Known, Refusal> identify(const SignIn& asked, const users::Directory& directory) const;
  /// The appearance among those the chosen link lists for the line's number. Refuses with 404.
  std::variant<Placed, Refusal> place(const Known& known,
                                      const std::vector<cti::driver::Appearance>& listed) const;

  static Refusal no_link();   ///< 503: no CTI link is in service.
  static Refusal no_room();   ///< 503: the node is full.
  static Refusal stopping();  ///< 503: the node ends.
  static Refusal draining();  ///< 503: an administrator keeps new sessions away from this node.
  /// 403: the user has the `most` sessions one user may have.
  static Refusal too_many_of_user(std::string_view user, std::size_t most);
  bool is_own_name(std::string_view host) const;
  bool is_listed(std::string_view address) const;  ///< In the incoming list.

private:
  ReceptionSettings settings_;
};

}  // namespace linebridge::session
