#include "lb/haproxy/runtime.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace linebridge::lb::haproxy {
namespace {

std::string server_state(config::Role role, std::string_view state) {
  return "set server nodes/" + std::string(server_name(role)) + " state " + std::string(state) + "\n";
}

// One value of a CSV line; a quoted one may hold commas and doubled quotes (RFC 4180).
std::string take_cell(std::string_view& rest) {
  if (!rest.starts_with('"')) return std::string(take_until(rest, ','));
  std::string out;
  std::size_t at = 1;
  for (; at < rest.size(); ++at) {
    if (rest[at] == '"' && (at + 1 == rest.size() || rest[at + 1] != '"')) break;
    if (rest[at] == '"') ++at;
    out += rest[at];
  }
  rest.remove_prefix(std::min(at + 1, rest.size()));
  if (rest.starts_with(',')) rest.remove_prefix(1);
  return out;
}

std::vector<std::string> cells(std::string_view line) {
  std::vector<std::string> out;
  while (!line.empty())
    out.push_back(take_cell(line));
  return out;
}

enum Column {
  proxy,
  name,
  status,
  weight,
  dialogs,
  placed,
  failed,
  check,
  agent,
  changed,
  cut_connections,
  cut_sessions,
  cut_streams,
  columns
};
constexpr std::array<std::string_view, columns> titles = {
    "pxname",       "svname",       "status",  "weight", "scur", "stot", "econ",
    "check_status", "agent_status", "lastchg", "dcon",   "dses", "dreq"};

using Places = std::array<std::size_t, columns>;

Result<Places> read_titles(std::string_view line) {
  if (!line.starts_with("# ")) return Error{Errc::malformed, "show stat does not begin with its titles"};
  const auto have = cells(line.substr(2));
  Places places{};
  for (std::size_t i = 0; i < columns; ++i) {
    const auto found = std::find(have.begin(), have.end(), titles[i]);
    if (found == have.end()) return Error{Errc::malformed, "show stat has no column " + std::string(titles[i])};
    places[i] = static_cast<std::size_t>(found - have.begin());
  }
  return places;
}

using Row = std::vector<std::string>;

template <class Take>
Status each_row(std::string_view csv, Take take) {
  const auto at = read_titles(trim(take_until(csv, '\n')));
  if (!at) return at.error();
  const std::size_t least = *std::max_element(at.value().begin(), at.value().end()) + 1;
  while (!csv.empty()) {
    const std::string_view line = trim(take_until(csv, '\n'));
    if (line.empty()) continue;
    const Row row = cells(line);
    if (row.size() < least) return Error{Errc::malformed, "short line in show stat: " + printable(line)};
    take(row, at.value());
  }
  return Done{};
}

Server read_server(const Row& row, const Places& at) {
  const auto number = [&](Column column) { return to_number<std::uint64_t>(row[at[column]]).value_or(0); };
  return {row[at[name]],  row[at[status]], number(weight), number(dialogs), number(placed),
          number(failed), row[at[check]],  row[at[agent]], number(changed)};
}

}  // namespace

std::string_view server_name(config::Role role) {
  return role == config::Role::publisher ? "pub" : "sub";
}

std::string drain(config::Role role) {
  return server_state(role, "drain");
}
std::string ready(config::Role role) {
  return server_state(role, "ready");
}
std::string end_dialogs(config::Role role) {
  return "shutdown sessions server nodes/" + std::string(server_name(role)) + "\n";
}
std::string show_servers() {
  return "show stat nodes 4 -1\n";
}
std::string show_front() {
  return "show stat -1 5 -1\n";
}
std::string show_process() {
  return "show info\n";
}

Result<std::vector<Server>> parse_servers(std::string_view csv) {
  std::vector<Server> servers;
  const auto read = each_row(csv, [&](const Row& row, const Places& at) {
    if (row[at[proxy]] == "nodes" && row[at[name]] != "BACKEND") servers.push_back(read_server(row, at));
  });
  return read ? Result<std::vector<Server>>(std::move(servers)) : read.error();
}

Result<std::vector<Door>> parse_doors(std::string_view csv) {
  std::vector<Door> doors;
  const auto read = each_row(csv, [&](const Row& row, const Places& at) {
    const std::string& door = row[at[proxy]];
    if (row[at[name]] != "FRONTEND" || (door != "front" && door != "front-tls" && door != "egress")) return;
    const auto number = [&](Column column) { return to_number<std::uint64_t>(row[at[column]]).value_or(0); };
    doors.push_back({door, number(dialogs), number(placed),
                     number(cut_connections) + number(cut_sessions) + number(cut_streams)});
  });
  return read ? Result<std::vector<Door>>(std::move(doors)) : read.error();
}

Result<std::uint64_t> parse_process_id(std::string_view info) {
  while (!info.empty()) {
    std::string_view line = take_until(info, '\n');
    if (take_until(line, ':') != "Pid") continue;
    if (const auto id = to_number<std::uint64_t>(trim(line))) return *id;
  }
  return Error{Errc::malformed, "show info names no Pid"};
}

Status parse_done(std::string_view answer) {
  if (trim(answer).empty()) return Done{};
  return Error{Errc::refused, "HAProxy: " + printable(trim(answer))};
}

}  // namespace linebridge::lb::haproxy
