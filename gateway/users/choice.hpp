#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "numbers/line_uri.hpp"
#include "users/directory.hpp"

/// Which line appearance a user controls: design's rules in their order. (The stored choice, rule 1, comes with
/// the store of users.)
namespace linebridge::users {

/// What deciding needs of a line appearance.
struct Candidate {
  std::string device;
  std::string partition;
  bool registered = false;
  bool ip_communicator = false;  ///< Cisco IP Communicator, a phone on the user's computer.
};

enum class ServerType { ocs, lcs };

struct ChoiceSettings {
  ServerType server = ServerType::ocs;
  bool refuse_ambiguous = true;  ///< Else the first candidate by name is taken.
};

struct Chosen {
  std::size_t index;      ///< Into the candidates given.
  std::string_view rule;  ///< For the log and `linebridge explain`.
};
/// No appearance can be controlled.
struct NotChosen {
  enum class Why { not_owned, not_listed, device_not_listed, ambiguous };
  Why why;
  std::string reason;  ///< In words, with names; shown to the user's administrator.
};

/// `asked` is the line URI of the sign-in, `candidates` all appearances of its directory number on the
/// session's link.
std::variant<Chosen, NotChosen> choose(const User& user, const numbers::LineUri& asked,
                                       const std::vector<Candidate>& candidates,
                                       const ChoiceSettings& settings);

}  // namespace linebridge::users
