#include "client.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"

namespace linebridge::sim::ocs {
namespace {

constexpr std::size_t most_wrong = 20;

bool ends_dialog(int status) {
  return status == 481 || status == 404 || status == 410 || status == 408 || status == 604;
}

std::uint32_t sequence_of(const Message& message) {
  const std::string_view value = message.get("CSeq");
  return to_number<std::uint32_t>(value.substr(0, value.find(' '))).value_or(0);
}

/// What a request of ours is counted as.
std::string_view kind_of(std::string_view method, bool in_dialog) {
  if (method == "INVITE") return in_dialog ? "re-INVITE" : "INVITE";
  for (const std::string_view each : {"INFO", "BYE", "UPDATE"})
    if (each == method) return each;
  return "other";
}

/// Which state a call must have so that the service makes sense.
bool fits(Service service, Call::State state) {
  using State = Call::State;
  switch (service) {
    case Service::answer_call: return state == State::alerting;
    case Service::hold_call: return state == State::connected;
    case Service::retrieve_call: return state == State::held;
    case Service::clear_connection: return state != State::none && state != State::held;
    default: return false;
  }
}

}  // namespace

std::string_view name_of(Client::State state) {
  constexpr std::array<std::string_view, 5> names = {"signed out", "signing in", "signed in", "signing out",
                                                     "refused"};
  return names[static_cast<std::size_t>(state)];
}

Client::Client(ClientSettings settings, Random& random)
    : settings_(std::move(settings)),
      random_(random),
      epid_(random.hex(40)),
      book_(settings_.user.line, settings_.event_within),
      interval_(settings_.session) {}

std::string Client::node_tag() const {
  if (!dialog_.up) return {};
  return std::string(parameter(dialog_.remote, "tag").value_or(""));
}

Status Client::make_call(const std::string& number, TimePoint now) {
  if (state_ != State::signed_in) return Error{Errc::refused, "is " + std::string(name_of(state_))};
  send_csta(Service::make_call, {}, number, now);
  return Done{};
}

Status Client::act(Service service, const std::string& call, TimePoint now) {
  if (state_ != State::signed_in) return Error{Errc::refused, "is " + std::string(name_of(state_))};
  if (!call.empty()) {
    send_csta(service, call, {}, now);
    return Done{};
  }
  const auto& calls = book_.calls();
  auto found =
      std::find_if(calls.rbegin(), calls.rend(), [&](const Call& each) { return fits(service, each.state); });
  const bool any = service == Service::clear_connection && !calls.empty();
  if (found == calls.rend() && any) found = calls.rbegin();
  if (found == calls.rend()) return Error{Errc::refused, "has no call for " + std::string(name_of(service))};
  send_csta(service, std::string(found->id), {}, now);
  return Done{};
}

Status Client::ask(Service service, TimePoint now) {
  if (state_ != State::signed_in) return Error{Errc::refused, "is " + std::string(name_of(state_))};
  send_csta(service, {}, {}, now);
  return Done{};
}

Status Client::send_echo(std::string text, TimePoint now) {
  if (state_ != State::signed_in) return Error{Errc::refused, "is " + std::string(name_of(state_))};
  echoes_.push_back({text, false, false, now, now + settings_.event_within});
  Message info = request("INFO", text);
  send(std::move(info), Service::echo, std::move(text), now);
  return Done{};
}

void Client::take(const Message& message, TimePoint now) {
  if (message.is_response())
    take_answer(message, now);
  else
    take_request(message, now);
}

void Client::take_answer(const Message& answer, TimePoint now) {
  if (answer.status() < 200) return;
  const std::uint32_t sequence = sequence_of(answer);
  const auto at = std::find_if(waiting_.begin(), waiting_.end(), [&](const Waiting& each) {
    return each.sequence == sequence && each.method == answer.method();
  });
  if (at == waiting_.end() || answer.get("Call-ID") != dialog_.call_id) {
    const std::string start = printable(answer.start) + ", CSeq " + printable(answer.get("CSeq"));
    if (answer.get("Call-ID") == dialog_.call_id) wrong("answer to nothing", start);
    return;
  }
  const Waiting waiting = std::move(*at);
  waiting_.erase(at);
  happenings_.push_back({Happening::What::answered, kind_of(answer.method(), dialog_.up),
                         std::string(parameter(answer.get("To"), "tag").value_or("")), answer.status(),
                         now - waiting.sent});
  if (!dialog_.up) return invited(answer, now);
  in_dialog_answer(waiting, answer, now);
}

void Client::in_dialog_answer(const Waiting& waiting, const Message& answer, TimePoint now) {
  if (waiting.method == "INVITE" && answer.status() < 300) acknowledge(answer);
  if (waiting.method == "BYE") return left();
  if (ends_dialog(answer.status())) {
    if (answer.status() == 408)
      wrong("no answer", waiting.method + " " + std::string(name_of(waiting.service)));
    return broken(printable(answer.start) + " to " + waiting.method, now);
  }
  if (waiting.service == Service::monitor_stop) {
    book_.forget();
    return send_bye(now);
  }
  if (waiting.method == "INFO") {
    if (waiting.service == Service::echo) return echo_answer(waiting, answer, now);
    return csta_answer(waiting, answer, now);
  }
  refreshed(waiting, answer, now);
}

void Client::refreshed(const Waiting& waiting, const Message& answer, TimePoint now) {
  if (answer.status() < 300) {
    ++refreshed_;
    schedule_refresh(answer, now);
    if (waiting.service == Service::request_system_status && !settings_.echo)
      system_status_ = lower(text_in(answer.body, "systemStatus"));
    return;
  }
  wrong("refresh failed", printable(answer.start) + " to " + waiting.method);
  refresh_at_ = now + settings_.first_pause + random_.up_to(settings_.first_pause);
}

void Client::csta_answer(const Waiting& waiting, const Message& answer, TimePoint now) {
  const std::string_view root = root_of(answer.body);
  const std::string asked(name_of(waiting.service));
  const bool fine = answer.status() < 300 && root == asked + "Response";
  if (fine) {
    granted(waiting, answer, now);
  } else {
    book_.refused(waiting.service, waiting.call);
    if (answer.status() >= 300)
      wrong("request failed", printable(answer.start) + " to " + asked);
    else if (root != "CSTAErrorCode")
      wrong("answer to another request", std::string(root) + " to " + asked);
    else
      ++csta_refused_;
    last_refusal_ =
        answer.status() >= 300 ? answer.start.substr(8) : printable(inside(answer.body, "CSTAErrorCode"));
  }
  const bool stays_out = waiting.service == Service::monitor_start && !fine && state_ == State::signing_in;
  if (stays_out) {
    wrong("no monitor", last_refusal_);
    return broken("MonitorStart refused: " + last_refusal_, now);
  }
  if (state_ != State::signing_in) return;
  const bool more =
      std::any_of(waiting_.begin(), waiting_.end(), [](const Waiting& each) { return each.method == "INFO"; });
  if (!more) next_step(now);
}

void Client::granted(const Waiting& waiting, const Message& answer, TimePoint now) {
  if (waiting.service == Service::monitor_start) {
    book_.monitor(text_in(answer.body, "monitorCrossRefID"),
                  text_in(answer.body, "monitorExistingCalls") == "true");
    if (book_.monitor().empty()) wrong("no monitorCrossRefID", printable(answer.body));
  }
  if (waiting.service == Service::snapshot_device) book_.snapshot(answer.body);
  if (waiting.service != Service::make_call) return add(book_.granted(waiting.service, waiting.call, now));
  const std::string_view connection = inside(answer.body, "callingDevice");
  if (const std::string device = text_in(connection, "deviceID"); device != settings_.user.line)
    wrong("own device spelt otherwise", "MakeCallResponse says " + printable(device));
  add(book_.granted(waiting.service, text_in(connection, "callID"), now));
}

void Client::echo_answer(const Waiting& waiting, const Message& answer, TimePoint now) {
  const auto at = std::find_if(echoes_.begin(), echoes_.end(),
                               [&](const Echo& each) { return !each.answered && each.text == waiting.call; });
  if (answer.status() >= 300)
    wrong("request failed", printable(answer.start) + " to INFO");
  else if (answer.body != waiting.call)
    wrong("body changed", "answer to INFO, " + std::to_string(answer.body.size()) + " bytes for " +
                              std::to_string(waiting.call.size()));
  if (at != echoes_.end()) at->answered = true;
  finish_echoes(now);
}

void Client::take_request(const Message& asked, TimePoint now) {
  const auto ours = parameter(asked.get("To"), "tag");
  const bool same_call = asked.get("Call-ID") == dialog_.call_id;
  const bool same = dialog_.up && same_call && ours == parameter(dialog_.local, "tag") &&
                    parameter(asked.get("From"), "tag") == parameter(dialog_.remote, "tag");
  if (asked.method() == "ACK") return;
  if (!same) {
    if (dialog_.up && same_call)
      wrong("request of another node", printable(asked.start) + ", From " + printable(asked.get("From")));
    return reply(asked, 481, "Call Leg Does Not Exist");
  }
  const std::uint32_t sequence = sequence_of(asked);
  if (sequence <= dialog_.remote_sequence)
    wrong("CSeq does not grow", std::to_string(sequence) + " after " + std::to_string(dialog_.remote_sequence));
  dialog_.remote_sequence = sequence;
  if (asked.method() == "INFO") return settings_.echo ? take_echo(asked, now) : take_event(asked, now);
  if (asked.method() == "BYE") {
    reply(asked, 200, "OK");
    return broken("BYE of the node", now);
  }
  const bool known = asked.method() == "OPTIONS" || asked.method() == "UPDATE";
  reply(asked, known ? 200 : 501, known ? "OK" : "Not Implemented");
}

void Client::take_event(const Message& asked, TimePoint now) {
  if (!settings_.silent) reply(asked, 200, "OK");
  if (state_ == State::signing_out) return;             // on its way while the monitor was being stopped
  if (!root_of(asked.body).ends_with("Event")) return;  // a request of CSTA, such as SystemStatus
  auto seen = book_.event(asked.body, now);
  happenings_.push_back({Happening::What::event, {}, std::string(seen.name), 0, seen.took});
  add(std::move(seen.faults));
}

void Client::take_echo(const Message& asked, TimePoint now) {
  if (!settings_.silent) reply(asked, 200, "OK", asked.body);
  const auto at = std::find_if(echoes_.begin(), echoes_.end(),
                               [&](const Echo& each) { return !each.returned && each.text == asked.body; });
  if (at == echoes_.end())
    return wrong("body never sent", "INFO of the node with " + std::to_string(asked.body.size()) + " bytes");
  at->returned = true;
  happenings_.push_back({Happening::What::event, {}, "echo", 0, now - at->sent});
  finish_echoes(now);
}

void Client::finish_echoes(TimePoint now) {
  std::erase_if(echoes_, [&](const Echo& each) {
    const bool whole = each.answered && each.returned;
    if (whole) happenings_.push_back({Happening::What::echoed, {}, {}, 0, now - each.sent});
    return whole;
  });
}

void Client::wrong(std::string_view kind, std::string text) {
  ++wrongs_;
  wrong_.push_back(std::string(kind) + ": " + text);
  if (wrong_.size() > most_wrong) wrong_.pop_front();
  happenings_.push_back(
      {Happening::What::wrong, kind, settings_.user.address + ": " + std::move(text), 0, std::nullopt});
}

void Client::add(std::vector<Fault> faults) {
  for (auto& fault : faults)
    wrong(fault.kind, std::move(fault.text));
}

void Client::tick(TimePoint now) {
  add(book_.expire(now));
  const auto late =
      std::find_if(waiting_.begin(), waiting_.end(), [&](const Waiting& each) { return each.until <= now; });
  if (late != waiting_.end()) {
    const std::string what = late->method + " " + std::string(name_of(late->service));
    wrong("no answer", what);
    if (late->method == "BYE") return left();
    return broken(what + " was not answered", now);
  }
  std::erase_if(echoes_, [&](const Echo& each) {
    if (each.until > now) return false;
    wrong("event missing", "the node did not send a text back in a request of its own");
    return true;
  });
  if (again_at_ && *again_at_ <= now) invite(now);
  if (refresh_at_ && *refresh_at_ <= now) {
    refresh_at_.reset();
    if (!refresh(now) && dialog_.up) refresh_at_ = now + settings_.first_pause;
  }
}

std::optional<TimePoint> Client::next_deadline() const {
  std::optional<TimePoint> next = book_.next_deadline();
  const auto earlier = [&next](const std::optional<TimePoint>& other) {
    if (other && (!next || *other < *next)) next = other;
  };
  for (const auto& each : waiting_)
    earlier(each.until);
  for (const auto& each : echoes_)
    earlier(each.until);
  earlier(again_at_);
  earlier(refresh_at_);
  return next;
}

}  // namespace linebridge::sim::ocs
