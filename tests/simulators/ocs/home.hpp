#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "flavour.hpp"
#include "message.hpp"

namespace linebridge::sim::ocs {

/// What the directory holds of one user.
struct User {
  std::string address;  ///< "sip:alice@example.test", lower case.
  std::string line;     ///< Line URI: "tel:1001;phone-context=dialstring".
  friend bool operator==(const User&, const User&) = default;
};

struct Site {
  Flavour flavour = Flavour::ocs2007r2;
  std::string line_server;  ///< "sip:ctigw@gw.example.test": Request-URI of every sign-in to the gateway.
  std::vector<User> users;

  const User* find(std::string_view address) const;
};

/// Reads "alice@example.test=tel:1001;phone-context=dialstring". Errors: malformed.
Result<User> parse_user(std::string_view text);
/// Reads every `[[user]]` with a line_uri of a site's TOML file. Errors: not_found, malformed.
Result<std::vector<User>> load_users(const std::string& path);

/// Registers whoever is a user, without any challenge: clients sign nothing until they are challenged.
Message answer_register(const Site& site, const Message& request, std::string_view tag);
/// Answers a subscription to oneself with the line in the body (piggy-backed first notification), any other one
/// empty.
Message answer_subscribe(const Site& site, const Message& request, std::string_view tag);
/// The URI that the server gives this endpoint: globally routable, so it holds no address of the client.
std::string gruu_of(const Message& request);

}  // namespace linebridge::sim::ocs
