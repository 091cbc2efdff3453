#include "cli/follower.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "cli/report.hpp"

namespace linebridge::cli {
namespace {

constexpr std::size_t most_known = 50'000;
constexpr std::string_view sign_in = "INVITE RequestSystemStatus";

/// What a link does concerns everybody.
bool is_of_link(const view::TraceLine& line) {
  return line.text == "in service" || line.text == "link lost";
}

view::Passed passed_of(const view::TraceLine& line) {
  view::Passed passed;
  passed.at_us = line.at_us;
  passed.session = line.session;
  passed.from = line.from;
  passed.to = line.to;
  passed.text = line.text;
  passed.detail = line.detail;
  return passed;
}

/// "sip:alice@example.test CALL-ID"
std::pair<std::string, std::string> user_and_call(std::string_view detail) {
  const std::string_view user = take_until(detail, ' ');
  return {plain_address(user), std::string(detail)};
}

}  // namespace

std::string plain_address(std::string_view address) {
  if (istarts_with(address, "sip:")) address.remove_prefix(4);
  return lower(address);
}

Follower::Follower(Settings settings) : settings_(std::move(settings)) {
  for (auto& user : settings_.users)
    user = plain_address(user);
  for (auto& [line, user] : settings_.of_lines)
    user = plain_address(user);
  joiner_.expect_clients_within(settings_.late_us);
}

std::size_t Follower::add_source(std::string name, Kind kind) {
  Source source;
  source.name = std::move(name);
  source.kind = kind;
  source.status = kind == Kind::node;
  sources_.push_back(std::move(source));
  return sources_.size() - 1;
}

std::string Follower::target(std::size_t source) const {
  const Source& asked = sources_[source];
  return "/v1/trace?after=" + std::to_string(asked.lapsed ? 0 : asked.number) + "&most=100000";
}

bool Follower::wants_status(std::size_t source) const {
  return sources_[source].status && !sources_[source].silent;
}

bool Follower::wanted(std::string_view user) const {
  return std::any_of(settings_.users.begin(), settings_.users.end(), [&](const std::string& one) {
    const bool whole = one.find('@') != std::string::npos && user.find('@') != std::string_view::npos;
    return !user.empty() &&
           (whole ? one == user : one.substr(0, one.find('@')) == user.substr(0, user.find('@')));
  });
}

void Follower::remark(std::int64_t at_us, std::string text) {
  view::Passed passed;
  passed.at_us = at_us;
  passed.text = std::move(text);
  joiner_.add(std::move(passed), Witness::other);
}

/// Numbers begin at 1 with each life of a process.
bool Follower::began_anew(const Source& source, const view::Trace& trace) const {
  if (source.number == 0 || trace.lines.empty() || trace.lines.front().number > source.number) return false;
  return std::none_of(trace.lines.begin(), trace.lines.end(), [&](const view::TraceLine& line) {
    return line.number == source.number && line.at_us == source.at_us;
  });
}

void Follower::traced(std::size_t place, const Result<view::Trace>& answer, std::int64_t now_us) {
  Source& source = sources_[place];
  const bool was_silent = source.silent;
  const bool first = !std::exchange(source.asked, true);
  source.silent = !answer;
  if (source.kind == Kind::front) joiner_.expect_front(bool(answer));
  if (!answer) {
    source.lapsed = true;
    if (!was_silent)
      remark(now_us, source.name + " does not answer: " + answer.error().detail +
                         (settings_.waits ? "; it is asked again and again" : ""));
    return;
  }
  const view::Trace& trace = answer.value();
  const bool anew = began_anew(source, trace);
  if (anew) forget(place);
  if (was_silent && !first) remark(now_us, source.name + " answers again" + (anew ? ", started anew" : ""));
  if (anew && !was_silent) remark(now_us, source.name + " was started anew");
  source.lapsed = false;
  for (const view::TraceLine& line : trace.lines) {
    if (line.number <= source.number) continue;
    if (source.number > 0 && line.number > source.number + 1)
      remark(line.at_us, source.name + ": " + std::to_string(line.number - source.number - 1) +
                             " lines were overwritten before they could be read");
    source.number = line.number;
    source.at_us = line.at_us;
    source.kind == Kind::node ? node_line(place, line) : front_line(line);
  }
}

void Follower::forget(std::size_t place) {
  Source& source = sources_[place];
  source.number = 0;
  source.refused.reset();
  source.status = source.kind == Kind::node;
  std::erase_if(calls_of_sessions_, [&](const auto& entry) { return entry.first.first == place; });
}

void Follower::learn(std::size_t place, const std::string& session, const std::string& user,
                     const std::string& call_id) {
  if (calls_of_sessions_.size() > most_known) calls_of_sessions_.clear();
  if (dialogs_.size() > most_known)
    std::erase_if(dialogs_, [&](const auto& entry) { return !wanted(entry.second.user); });
  if (!session.empty()) calls_of_sessions_[{place, session}] = call_id;
  Dialog& dialog = dialogs_[call_id];
  dialog.user = user;
  if (!session.empty()) dialog.session = session;
}

void Follower::node_line(std::size_t place, const view::TraceLine& line) {
  Source& source = sources_[place];
  if (line.session.empty()) return without_session(source, line);
  if (line.text == sign_in) {
    const auto [user, call_id] = user_and_call(line.detail);
    learn(place, line.session, user, call_id);
  }
  view::Passed passed = passed_of(line);
  const auto known = calls_of_sessions_.find({place, line.session});
  if (known == calls_of_sessions_.end()) {
    source.status = true;
    source.later.push_back(std::move(passed));
    return;
  }
  passed.call_id = known->second;
  join(std::move(passed), Witness::node);
}

/// What was refused stands there twice: the request with its user and dialog, then the answer with its reason.
void Follower::without_session(Source& source, const view::TraceLine& line) {
  view::Passed passed = passed_of(line);
  if (is_of_link(line)) {
    passed.session = source.name;
    return joiner_.add(std::move(passed), Witness::other);
  }
  const auto request = std::exchange(source.refused, std::nullopt);
  if (line.from == "client" && line.detail.starts_with("sip:")) {
    source.refused = line;
    const auto [user, call_id] = user_and_call(line.detail);
    if (!dialogs_.contains(call_id)) learn(0, "", user, call_id);
    passed.call_id = call_id;
  } else if (request && line.to == "client" && line.at_us == request->at_us) {
    passed.call_id = user_and_call(request->detail).second;
  } else {
    return;
  }
  join(std::move(passed), Witness::node);
}

void Follower::front_line(const view::TraceLine& line) {
  view::Passed passed = passed_of(line);
  passed.call_id = std::exchange(passed.detail, {});
  join(std::move(passed), Witness::front);
}

void Follower::also(view::Passed passed) {
  passed.user = plain_address(passed.user);
  if (passed.user.empty()) {
    const auto owner = settings_.of_lines.find(passed.line);
    if (owner != settings_.of_lines.end()) passed.user = owner->second;
  }
  const bool client = passed.from == "client" || passed.to == "client";
  join(std::move(passed), client ? Witness::client : Witness::other);
}

/// What is known to be somebody else's need not wait to be left out.
void Follower::join(view::Passed passed, Witness by) {
  const auto dialog = dialogs_.find(passed.call_id);
  if (dialog != dialogs_.end() && !wanted(dialog->second.user)) return;
  if (passed.at_us < settings_.since_us) return;
  joiner_.add(std::move(passed), by);
}

void Follower::status(std::size_t place, const Result<view::Status>& answer) {
  Source& source = sources_[place];
  source.status = false;
  if (!answer) return;
  auto& present = present_[place];
  present.clear();
  for (const view::Session& session : answer.value().sessions) {
    const std::string user = plain_address(session.user);
    if (!calls_of_sessions_.contains({place, session.id})) learn(place, session.id, user, session.call_id);
    if (!wanted(user)) continue;
    present.push_back({user, user + ": " + session.id + " on the " + source.name + ", link " +
                                 std::to_string(session.link) + ", " + session.line + ", signed in for " +
                                 duration_text(session.age_seconds)});
  }
}

std::vector<view::Passed> Follower::introduction(std::int64_t at_us) const {
  std::vector<view::Passed> out;
  const auto say = [&](std::string text) {
    view::Passed passed;
    passed.at_us = at_us;
    passed.text = std::move(text);
    out.push_back(std::move(passed));
  };
  for (const auto& [place, present] : present_)
    for (const Present& one : present)
      say(one.text);
  for (const std::string& user : settings_.users) {
    const auto is_it = [&](const Present& one) {
      return user == one.user || user == one.user.substr(0, one.user.find('@'));
    };
    const bool there = std::any_of(present_.begin(), present_.end(), [&](const auto& node) {
      return std::any_of(node.second.begin(), node.second.end(), is_it);
    });
    if (!there) say(user + " is not signed in" + (settings_.waits ? "; waiting" : ""));
  }
  return out;
}

void Follower::settle() {
  for (std::size_t place = 0; place < sources_.size(); ++place) {
    for (view::Passed& passed : std::exchange(sources_[place].later, {})) {
      const auto known = calls_of_sessions_.find({place, passed.session});
      if (known == calls_of_sessions_.end()) continue;
      passed.call_id = known->second;
      join(std::move(passed), Witness::node);
    }
  }
}

std::vector<view::Passed> Follower::shown(std::vector<view::Passed> steps) {
  std::vector<view::Passed> out;
  for (view::Passed& step : steps) {
    const auto dialog = dialogs_.find(step.call_id);
    if (!step.call_id.empty() && dialog != dialogs_.end()) {
      step.user = dialog->second.user;
      if (step.session.empty()) step.session = dialog->second.session;
    }
    const bool concerns_all = step.call_id.empty() && step.user.empty() && step.line.empty();
    if (step.at_us >= settings_.since_us && (concerns_all || wanted(step.user))) out.push_back(std::move(step));
  }
  return out;
}

std::vector<view::Passed> Follower::ready(std::int64_t until_us, std::int64_t now_us) {
  settle();
  return shown(joiner_.take(until_us, now_us));
}

std::vector<view::Passed> Follower::rest() {
  settle();
  return shown(joiner_.take_all());
}

}  // namespace linebridge::cli
