#include <fstream>
#include <sstream>

#include <toml++/toml.h>

#include "home.hpp"

namespace linebridge::sim::ocs {

Result<std::vector<User>> load_users(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) return Error{Errc::not_found, "cannot read " + path};
  std::vector<User> users;
  try {
    const toml::table site = toml::parse(text.str(), path);
    const auto* const entries = site["user"].as_array();
    if (entries == nullptr) return Error{Errc::malformed, path + ": no [[user]]"};
    for (const auto& entry : *entries) {
      const auto* const fields = entry.as_table();
      const auto address = fields == nullptr ? std::nullopt : (*fields)["address"].value<std::string>();
      const auto line = fields == nullptr ? std::nullopt : (*fields)["line_uri"].value<std::string>();
      if (!address || !line || line->empty()) continue;  // without a line in the directory there is no RCC
      auto user = parse_user(*address + "=" + *line);
      if (!user) return Error{user.error().code, path + ": " + user.error().detail};
      users.push_back(std::move(user).value());
    }
  } catch (const toml::parse_error& failed) {
    return Error{Errc::malformed, path + ": " + std::string(failed.description())};
  }
  return users;
}

}  // namespace linebridge::sim::ocs
