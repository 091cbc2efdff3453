#include "users/directory.hpp"

#include <algorithm>

namespace linebridge::users {

bool User::owns_device(std::string_view name) const {
  return std::any_of(devices.begin(), devices.end(),
                     [name](const std::string& own) { return iequals(own, name); });
}

Directory::Directory(std::vector<User> users) {
  for (auto& user : users) {
    std::sort(user.devices.begin(), user.devices.end());
    std::string key = user.address;
    users_.emplace(std::move(key), std::move(user));
  }
}

const User* Directory::find(std::string_view address) const {
  const auto found = users_.find(address);
  return found == users_.end() ? nullptr : &found->second;
}

std::size_t Directory::assigned() const {
  return static_cast<std::size_t>(
      std::count_if(users_.begin(), users_.end(), [](const auto& entry) { return entry.second.assigned; }));
}

}  // namespace linebridge::users
