#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.hpp"
#include "numbers/line_uri.hpp"

namespace linebridge::users {

/// A person who may control phones.
struct User {
  std::string address;    ///< "sip:alice@example.test"
  bool assigned = false;  ///< Remote call control is granted; without it every sign-in is refused.
  std::optional<numbers::LineUri> line;  ///< The stored line URI.
  std::vector<std::string> devices;      ///< Own devices, sorted; empty: not known.

  bool owns_device(std::string_view name) const;
};

/// Who may use remote call control. Immutable once handed over; a change is a new directory.
class Directory {
public:
  Directory() = default;
  explicit Directory(std::vector<User> users);

  /// By SIP address, without regard to case. Nothing if there is no such user.
  const User* find(std::string_view address) const;
  std::size_t size() const { return users_.size(); }
  std::size_t assigned() const;

private:
  std::map<std::string, User, ILess> users_;
};

}  // namespace linebridge::users
