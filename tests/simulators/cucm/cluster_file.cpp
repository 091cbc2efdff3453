#include "tests/simulators/cucm/cluster_file.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <limits>
#include <map>
#include <set>
#include <sstream>
#include <utility>

#include <toml++/toml.h>

#include "base/text.hpp"
#include "tests/simulators/cucm/models.hpp"

namespace linebridge::sim::cucm {
namespace {

/// Reads one table: every key asked for is a known one; finish() reports the others.
class Table {
public:
  Table(const toml::table& table, std::string where, Problems& problems)
      : table_(table), where_(std::move(where)), problems_(problems) {}

  void problem(const toml::node* node, std::string_view key, std::string_view what) {
    const auto line = node ? node->source().begin.line : table_.source().begin.line;
    problems_.push_back("line " + std::to_string(line) + ": " + where_ + std::string(key) + ": " +
                        std::string(what));
  }

  const toml::node* take(std::string_view key) {
    known_.emplace(key);
    return table_.get(key);
  }

  void text(std::string_view key, std::string& to, bool required = false) {
    const toml::node* node = take(key);
    if (!node) {
      if (required) problem(nullptr, key, "is missing");
    } else if (const auto value = node->value_exact<std::string>()) {
      to = *value;
      if (required && to.empty()) problem(node, key, "must not be empty");
    } else {
      problem(node, key, "must be a text");
    }
  }

  void flag(std::string_view key, bool& to) {
    const toml::node* node = take(key);
    if (!node) return;
    const auto value = node->value_exact<bool>();
    value ? void(to = *value) : problem(node, key, "must be true or false");
  }

  template <class Number>
  bool number(std::string_view key, Number& to, std::int64_t least, std::int64_t most) {
    const toml::node* node = take(key);
    if (!node) return false;
    const auto value = node->value_exact<std::int64_t>();
    if (!value || *value < least || *value > most) {
      problem(node, key, "must be a number from " + std::to_string(least) + " to " + std::to_string(most));
      return false;
    }
    to = static_cast<Number>(*value);
    return true;
  }

  void texts(std::string_view key, std::vector<std::string>& to) {
    const toml::node* node = take(key);
    if (!node) return;
    const toml::array* list = node->as_array();
    if (!list) return problem(node, key, "must be a list of texts");
    for (const toml::node& one : *list) {
      const auto value = one.value_exact<std::string>();
      value ? to.push_back(*value) : problem(&one, key, "must be a list of texts");
    }
  }

  /// Calls `read` with each table of an array of tables.
  template <class Read>
  void tables(std::string_view key, Read read) {
    const toml::node* node = take(key);
    if (!node) return;
    const toml::array* list = node->as_array();
    if (!list) return problem(node, key, "must be written as [[" + std::string(key) + "]]");
    for (const toml::node& one : *list) {
      const toml::table* table = one.as_table();
      if (!table) return problem(&one, key, "must be written as [[" + std::string(key) + "]]");
      Table inner(*table, where_ + std::string(key) + ".", problems_);
      read(inner);
      inner.finish();
    }
  }

  void finish() {
    for (const auto& [key, node] : table_) {
      if (known_.count(key.str()) == 0) problem(&node, key.str(), "is not a known key");
    }
  }

private:
  const toml::table& table_;
  std::string where_;
  Problems& problems_;
  std::set<std::string, std::less<>> known_;
};

constexpr std::int64_t hour = 3600, day_ms = 86'400'000, most_phones = 100'000;

void read_call_keys(Table& table, ClusterSpec& spec) {
  table.texts("park_numbers", spec.park_numbers);
  std::int64_t reversion = spec.park_reversion.count(), ring = spec.ring_limit.count();
  table.number("park_reversion", reversion, 1, hour);
  table.number("ring_limit", ring, 0, hour);
  spec.park_reversion = std::chrono::seconds(reversion);
  spec.ring_limit = std::chrono::seconds(ring);
  table.number("conference_limit", spec.conference_limit, 3, 100);
  table.flag("advanced_conference", spec.advanced_conference);
}

void read_cluster(Table& root, ClusterSpec& spec, Problems& problems) {
  const toml::node* node = root.take("cluster");
  if (!node) return;
  if (!node->is_table()) return root.problem(node, "cluster", "must be a table");
  Table table(*node->as_table(), "cluster.", problems);
  table.text("name", spec.name);
  table.text("release", spec.release);
  table.text("control", spec.control);
  std::int64_t server = 0, client = spec.client_heartbeat.count();
  table.number("server_heartbeat", server, 0, hour);
  table.number("client_heartbeat", client, 1, hour);
  table.number("max_cti_connections", spec.max_cti_connections, 0, most_phones);
  table.number("max_devices_per_provider", spec.max_devices_per_provider, 1, most_phones);
  spec.server_heartbeat = std::chrono::seconds(server);
  spec.client_heartbeat = std::chrono::seconds(client);
  read_call_keys(table, spec);
  if (const toml::node* versions = table.take("protocol_versions")) {
    spec.protocol_versions.clear();
    const toml::array* list = versions->as_array();
    for (std::size_t i = 0; list && i < list->size(); ++i) {
      const auto value = list->get(i)->value_exact<std::int64_t>();
      if (value && *value > 0 && *value <= 0xFFFFFFFF)
        spec.protocol_versions.push_back(static_cast<std::uint32_t>(*value));
    }
    if (spec.protocol_versions.empty())
      table.problem(versions, "protocol_versions", "must be a list of numbers");
  }
  table.finish();
}

void read_manager(Table& table, ClusterSpec& spec) {
  ManagerSpec manager;
  std::string listen;
  table.text("name", manager.name, true);
  table.text("listen", listen, true);
  // Port 0 (any free one) is not a port that an address has, so it is read apart.
  const bool any_port = listen.ends_with(":0");
  const auto address = parse_address(any_port ? listen.substr(0, listen.size() - 2) : listen, any_port ? 1 : 0);
  if (address) {
    manager.listen = address.value();
    if (any_port) manager.listen.port = 0;
  } else if (!listen.empty()) {
    table.problem(table.take("listen"), "listen", address.error().detail);
  }
  spec.managers.push_back(std::move(manager));
}

void read_account(Table& table, UserSpec& user) {
  static const std::map<std::string, Account, std::less<>> words = {
      {"good", Account::good},
      {"locked", Account::locked},
      {"expired", Account::expired},
      {"expired_for_good", Account::expired_for_good},
      {"disabled", Account::disabled}};
  std::string word = "good";
  table.text("account", word);
  const auto found = words.find(word);
  if (found != words.end()) {
    user.account = found->second;
  } else {
    table.problem(table.take("account"), "account",
                  "must be good, locked, expired, expired_for_good or disabled");
  }
}

void read_user(Table& table, ClusterSpec& spec, const std::string& folder) {
  UserSpec user;
  std::string file;
  table.text("name", user.name, true);
  table.text("password", user.password);
  table.text("password_file", file);
  table.texts("devices", user.devices);
  table.flag("cti_enabled", user.cti_enabled);
  table.flag("all_devices", user.all_devices);
  read_account(table, user);
  table.number("password_days", user.password_days, -1, 10'000);
  table.texts("profiles", user.profiles);
  if (!file.empty()) {
    std::ifstream in(std::filesystem::path(folder) / file);
    if (!std::getline(in, user.password))
      table.problem(table.take("password_file"), "password_file", "cannot be read");
  }
  spec.users.push_back(std::move(user));
}

void read_line(Table& table, std::vector<LineSpec>& lines) {
  LineSpec line;
  table.text("number", line.number, true);
  table.text("partition", line.partition);
  table.text("display", line.display);
  table.number("max_calls", line.max_calls, 1, 200);
  table.number("busy_trigger", line.busy_trigger, 1, 200);
  table.flag("restricted", line.restricted);
  table.text("forward_all", line.forward_all);
  table.text("forward_busy", line.forward_busy);
  table.text("forward_no_answer", line.forward_no_answer);
  std::int64_t no_answer = line.no_answer_after.count();
  table.number("no_answer_ms", no_answer, 1, day_ms);
  line.no_answer_after = std::chrono::milliseconds(no_answer);
  lines.push_back(std::move(line));
}

void read_profile(Table& table, ClusterSpec& spec) {
  ProfileSpec profile;
  table.text("name", profile.name, true);
  table.text("user", profile.user, true);
  table.tables("line", [&](Table& line) { read_line(line, profile.lines); });
  if (profile.lines.empty()) table.problem(nullptr, "line", "a profile has at least one [[profile.line]]");
  spec.profiles.push_back(std::move(profile));
}

/// The model says the number of the device's type, unless that is given: any model will do then.
void read_model(Table& table, PhoneSpec& phone) {
  table.text("model", phone.model);
  const PhoneModel* model = find_model(phone.model);
  if (model) {
    phone.model = model->name;
    phone.type = model->type;
    phone.protocol = model->protocol;
    phone.registered = !is_application_device(model->type);
  }
  const bool is_typed = table.number("type", phone.type, 1, std::numeric_limits<std::int32_t>::max());
  if (!model && !is_typed) {
    table.problem(table.take("model"), "model", "is not known; give its type too, or one of " + known_models());
  }
}

void read_dnd_option(Table& table, PhoneSpec& phone) {
  static const std::map<std::string, DndOption, std::less<>> words = {{"none", DndOption::none},
                                                                      {"ringer_off", DndOption::ringer_off},
                                                                      {"call_reject", DndOption::call_reject}};
  std::string option = "ringer_off";
  table.text("dnd_option", option);
  const auto found = words.find(option);
  if (found == words.end()) {
    table.problem(table.take("dnd_option"), "dnd_option", "must be none, ringer_off or call_reject");
  } else {
    phone.dnd_option = found->second;
  }
}

void read_phone_keys(Table& table, PhoneSpec& phone) {
  read_model(table, phone);
  std::string protocol;
  table.text("protocol", protocol);
  if (!protocol.empty() && protocol != "sccp" && protocol != "sip")
    table.problem(table.take("protocol"), "protocol", "must be sccp or sip");
  if (!protocol.empty()) phone.protocol = protocol == "sip" ? 2 : 1;
  table.flag("extension_mobility", phone.extension_mobility);
  table.flag("registered", phone.registered);
  table.flag("restricted", phone.restricted);
  read_dnd_option(table, phone);
  table.flag("privacy", phone.privacy);
  table.texts("search", phone.search);
  std::int64_t after = 0;
  if (table.number("answer_after_ms", after, 0, day_ms)) phone.answer_after = std::chrono::milliseconds(after);
}

void read_phone(Table& table, ClusterSpec& spec) {
  PhoneSpec phone;
  table.text("name", phone.name, true);
  read_phone_keys(table, phone);
  table.tables("line", [&](Table& line) { read_line(line, phone.lines); });
  if (phone.lines.empty()) table.problem(nullptr, "line", "a phone has at least one [[phone.line]]");
  spec.phones.push_back(std::move(phone));
}

/// "1009" to "1010", "SEP000000001009" to "SEP000000001010": the decimal digits at the end count up.
std::string count_up(std::string text) {
  for (std::size_t at = text.size(); at-- > 0 && text[at] >= '0' && text[at] <= '9';) {
    if (text[at] != '9') {
      ++text[at];
      return text;
    }
    text[at] = '0';
  }
  return text;
}

/// Many phones of one line each, for load.
void read_range(Table& table, ClusterSpec& spec) {
  PhoneSpec phone;
  LineSpec line;
  std::int64_t count = 0;
  table.text("first_phone", phone.name, true);
  table.text("first_number", line.number, true);
  table.number("count", count, 1, most_phones);
  table.text("partition", line.partition);
  table.number("max_calls", line.max_calls, 1, 200);
  table.number("busy_trigger", line.busy_trigger, 1, 200);
  read_phone_keys(table, phone);
  phone.lines.push_back(std::move(line));
  for (; count > 0; --count) {
    spec.phones.push_back(phone);
    phone.name = count_up(phone.name);
    phone.lines.front().number = count_up(phone.lines.front().number);
  }
}

void read_outside(Table& table, ClusterSpec& spec) {
  OutsideSpec outside;
  std::string behaviour = "ring";
  std::int64_t after = 0;
  table.text("pattern", outside.pattern, true);
  table.text("display", outside.display);
  table.text("behaviour", behaviour);
  table.number("answer_after_ms", after, 0, day_ms);
  outside.answer_after = std::chrono::milliseconds(after);
  using Behaviour = OutsideSpec::Behaviour;
  static const std::map<std::string, Behaviour, std::less<>> words = {{"ring", Behaviour::ring},
                                                                      {"answer", Behaviour::answer},
                                                                      {"busy", Behaviour::busy},
                                                                      {"unreachable", Behaviour::unreachable}};
  const auto found = words.find(behaviour);
  if (found == words.end()) {
    table.problem(table.take("behaviour"), "behaviour", "must be ring, answer, busy or unreachable");
  } else {
    outside.behaviour = found->second;
  }
  spec.outside.push_back(std::move(outside));
}

template <class List, class Name>
void refuse_twins(const List& list, Name name, std::string_view what, Problems& problems) {
  std::set<std::string> seen;
  for (const auto& one : list) {
    if (!seen.insert(name(one)).second)
      problems.push_back(std::string(what) + " " + name(one) + " is there twice");
  }
}

void check(const ClusterSpec& spec, Problems& problems) {
  const auto name = [](const auto& one) { return one.name; };
  refuse_twins(spec.managers, name, "cti_manager", problems);
  refuse_twins(spec.users, name, "user", problems);
  refuse_twins(spec.phones, name, "phone", problems);
  refuse_twins(spec.park_numbers, [](const std::string& number) { return number; }, "park number", problems);
  refuse_twins(spec.profiles, name, "profile", problems);
  if (spec.managers.empty()) problems.push_back("there is no [[cti_manager]]");
}

}  // namespace

std::variant<ClusterSpec, Problems> parse_cluster(std::string_view text, const std::string& folder) {
  Problems problems;
  ClusterSpec spec;
  toml::table parsed;
  try {
    parsed = toml::parse(text);
  } catch (const toml::parse_error& error) {
    return Problems{"line " + std::to_string(error.source().begin.line) + ": " +
                    std::string(error.description())};
  }
  Table root(parsed, "", problems);
  read_cluster(root, spec, problems);
  root.tables("cti_manager", [&](Table& table) { read_manager(table, spec); });
  root.tables("user", [&](Table& table) { read_user(table, spec, folder); });
  root.tables("profile", [&](Table& table) { read_profile(table, spec); });
  root.tables("phone", [&](Table& table) { read_phone(table, spec); });
  root.tables("phone_range", [&](Table& table) { read_range(table, spec); });
  root.tables("outside", [&](Table& table) { read_outside(table, spec); });
  root.finish();
  if (problems.empty()) check(spec, problems);
  if (!problems.empty()) return problems;
  return spec;
}

std::variant<ClusterSpec, Problems> load_cluster(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return Problems{path + ": cannot be read"};
  std::ostringstream text;
  text << in.rdbuf();
  return parse_cluster(text.str(), std::filesystem::path(path).parent_path().string());
}

}  // namespace linebridge::sim::cucm
