#include "tests/simulators/cucm/console_users.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <utility>

#include "base/text.hpp"
#include "tests/simulators/cucm/cluster.hpp"
#include "tests/simulators/cucm/json.hpp"

namespace linebridge::sim::cucm {
namespace {

using Words = std::span<const std::string>;
using User = Directory::User;
using What = UserChanged::What;

constexpr std::pair<std::string_view, Account> accounts[] = {{"good", Account::good},
                                                             {"locked", Account::locked},
                                                             {"expired", Account::expired},
                                                             {"expired_for_good", Account::expired_for_good},
                                                             {"disabled", Account::disabled}};

Reply done() {
  return {true, "done"};
}

Reply add(Cluster& cluster, Words words) {
  if (words.size() < 4) return {false, "with which password?"};
  UserSpec spec;
  spec.name = words[1];
  spec.password = words[3];
  spec.devices.assign(words.begin() + 4, words.end());
  const bool added = cluster.directory().add(std::move(spec));
  return added ? done() : Reply{false, "there is a user of that name: " + words[1]};
}

Reply remove(Cluster& cluster, const std::string& name) {
  cluster.directory().remove(name);
  cluster.exchange().announce({name, What::deleted});
  return done();
}

Reply change_devices(Cluster& cluster, User& user, const std::string& device, bool give) {
  if (!cluster.exchange().phone(device)) return {false, "no such phone: " + device};
  give ? Directory::give(user, device) : Directory::take(user, device);
  cluster.exchange().announce({user.spec.name, What::devices});
  return done();
}

Reply set_account(User& user, const std::string& word) {
  const auto found = std::find_if(std::begin(accounts), std::end(accounts),
                                  [&](const auto& one) { return one.first == word; });
  if (found == std::end(accounts)) {
    return {false, "say good, locked, expired, expired_for_good or disabled"};
  }
  user.spec.account = found->second;
  return done();
}

Reply set_expiry(User& user, const std::string& word) {
  const auto days = to_number<std::int32_t>(word);
  if (!days && word != "never") return {false, "in how many days, or never?"};
  user.spec.password_days = days.value_or(-1);
  return done();
}

std::optional<bool> on_or_off(const std::string& word) {
  if (word == "on") return true;
  return word == "off" ? std::optional(false) : std::nullopt;
}

/// cti on|off, all on|off
Reply set_right(Cluster& cluster, User& user, const std::string& right, const std::string& word) {
  const auto on = on_or_off(word);
  if (!on) return {false, "say on or off"};
  const bool is_cti = right == "cti";
  bool& kept = is_cti ? user.spec.cti_enabled : user.spec.all_devices;
  if (std::exchange(kept, *on) == *on || (is_cti && *on)) return done();
  cluster.exchange().announce({user.spec.name, is_cti ? What::cti_removed : What::super_provider});
  return done();
}

}  // namespace

Reply user_command(Cluster& cluster, Words words) {
  const std::string& what = words[2];
  if (what == "add") return add(cluster, words);
  User* user = cluster.directory().user(words[1]);
  if (!user) return {false, "no such user: " + words[1]};
  if (what == "delete" && words.size() == 3) return remove(cluster, words[1]);
  if (words.size() == 4) {
    const std::string& value = words[3];
    if (what == "give" || what == "take") return change_devices(cluster, *user, value, what == "give");
    if (what == "account") return set_account(*user, value);
    if (what == "expires") return set_expiry(*user, value);
    if (what == "cti" || what == "all") return set_right(cluster, *user, what, value);
    if (what == "password") {
      user->spec.password = value;
      return done();
    }
  }
  return {false, "say add, delete, give, take, account, password, expires, cti or all, as the help has it"};
}

Reply directory_command(Cluster& cluster, Words words) {
  using Mode = Directory::Mode;
  static const std::map<std::string, Mode, std::less<>> modes = {
      {"up", Mode::up}, {"down", Mode::down}, {"slow", Mode::slow}};
  const auto found = modes.find(words[1]);
  if (found == modes.end()) return {false, "say up, down or slow"};
  cluster.directory().mode = found->second;
  return done();
}

std::string show_users(const Cluster& cluster) {
  Json json;
  json.begin_array();
  for (const auto& [name, user] : cluster.directory().users()) {
    json.begin_object().key("user").text(name);
    const auto account = std::find_if(std::begin(accounts), std::end(accounts),
                                      [&](const auto& one) { return one.second == user.spec.account; });
    json.key("account").text(account->first);
    json.key("cti").flag(user.spec.cti_enabled);
    json.key("all").flag(user.spec.all_devices);
    json.key("expires").number(user.spec.password_days);
    json.key("devices").begin_array();
    for (const std::string& device : user.spec.devices)
      json.text(device);
    json.end_array().key("taken").begin_array();
    for (const std::string& device : user.taken)
      json.text(device);
    json.end_array();
    const auto& connections = cluster.connections();
    json.key("connections").number(std::count_if(connections.begin(), connections.end(), [&](const auto& one) {
      return one.second.provider->user() == name;
    }));
    json.end_object();
  }
  json.end_array();
  return json.line();
}

}  // namespace linebridge::sim::cucm
