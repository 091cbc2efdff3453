#include "call_book.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"

namespace linebridge::sim::ocs {
namespace {

constexpr std::size_t most_over = 256;  // ended calls remembered
constexpr std::size_t most_calls = 64;

/// Where an event names its connection and who caused it.
struct Shape {
  std::string_view event, connection, actor;
};
constexpr std::array<Shape, 12> shapes = {{
    {"ServiceInitiatedEvent", "initiatedConnection", "initiatingDevice"},
    {"OriginatedEvent", "originatedConnection", "callingDevice"},
    {"NetworkReachedEvent", "outboundConnection", "networkInterfaceUsed"},
    {"DeliveredEvent", "connection", "alertingDevice"},
    {"EstablishedEvent", "establishedConnection", "answeringDevice"},
    {"FailedEvent", "failedConnection", "failingDevice"},
    {"ConnectionClearedEvent", "droppedConnection", "releasingDevice"},
    {"HeldEvent", "heldConnection", "holdingDevice"},
    {"RetrievedEvent", "retrievedConnection", "retrievingDevice"},
    {"DivertedEvent", "connection", "divertingDevice"},
    {"TransferedEvent", "primaryOldCall", "transferringDevice"},
    {"ConferencedEvent", "primaryOldCall", "conferencingDevice"},
}};

const Shape* shape_of(std::string_view event) {
  const auto* const at =
      std::find_if(shapes.begin(), shapes.end(), [&](const Shape& each) { return each.event == event; });
  return at == shapes.end() ? nullptr : at;
}

using State = Call::State;

bool is_talking(State state) {
  return state == State::connected || state == State::held;
}

}  // namespace

std::string_view name_of(Call::State state) {
  constexpr std::array<std::string_view, 8> names = {"none",     "initiated", "originated", "delivered",
                                                     "alerting", "connected", "held",       "failed"};
  return names[static_cast<std::size_t>(state)];
}

void CallBook::monitor(std::string cross_reference, bool existing) {
  forget();
  monitor_ = std::move(cross_reference);
  adopts_ = existing;
}

void CallBook::forget() {
  monitor_.clear();
  calls_.clear();
  expected_.clear();
  adopts_ = false;
}

void CallBook::snapshot(std::string_view response) {
  adopts_ = false;
  for (const auto info : each_inside(response, "snapshotDeviceResponseInfo")) {
    const std::string id = text_in(inside(info, "connectionIdentifier"), "callID");
    const std::string state = text_in(info, "localConnectionState");
    if (id.empty() || look_up(id) != nullptr || calls_.size() >= most_calls) continue;
    calls_.push_back({id,
                      state == "alerting" ? State::alerting
                      : state == "hold"   ? State::held
                                          : State::connected,
                      false,
                      {},
                      {}});
  }
}

const Call* CallBook::find(std::string_view id) const {
  const auto at = std::find_if(calls_.begin(), calls_.end(), [&](const Call& each) { return each.id == id; });
  return at == calls_.end() ? nullptr : &*at;
}
Call* CallBook::look_up(std::string_view id) {
  return const_cast<Call*>(std::as_const(*this).find(id));
}

void CallBook::asked(Service service, const std::string& call, TimePoint now) {
  if (!event_of(service).empty()) expected_.push_back({service, call, now, std::nullopt});
}

std::vector<Fault> CallBook::granted(Service service, const std::string& call, TimePoint now) {
  std::vector<Fault> faults;
  const bool makes = service == Service::make_call;
  const auto at = std::find_if(expected_.begin(), expected_.end(), [&](const Expected& each) {
    return each.service == service && !each.until && (makes || each.call == call);
  });
  if (at == expected_.end()) return faults;
  at->until = now + event_within_;
  at->call = call;
  if (!makes && is_over(call)) expected_.erase(at);  // the far end was quicker
  if (!makes) return faults;
  if (const Call* const early = find(call); early != nullptr || is_over(call)) {
    faults.push_back({"event before the response that caused it",
                      "call " + call + " had events before MakeCall's response named it"});
    expected_.erase(at);
    return faults;
  }
  if (calls_.size() < most_calls) calls_.push_back({call, State::none, true, {}, {}});
  return faults;
}

void CallBook::refused(Service service, const std::string& call) {
  const auto at = std::find_if(expected_.begin(), expected_.end(), [&](const Expected& each) {
    return each.service == service && !each.until && (service == Service::make_call || each.call == call);
  });
  if (at != expected_.end()) expected_.erase(at);
}

CallBook::Seen CallBook::event(std::string_view body, TimePoint now) {
  Seen seen;
  seen.name = root_of(body);
  if (const auto count = counts_.find(seen.name); count != counts_.end())
    ++count->second;
  else if (counts_.size() < most_calls)
    counts_.emplace(seen.name, 1);
  Event event{seen.name, body, trim(inside(body, "localConnectionInfo")), {}, {}, {}};
  const std::string reference = text_in(body, "monitorCrossRefID");
  if (monitor_.empty() || reference != monitor_) {
    const std::string ours = monitor_.empty() ? "none" : monitor_;
    seen.faults.push_back({"event of another monitor", std::string(seen.name) + " of monitor " +
                                                           printable(reference) + ", ours is " + ours});
    return seen;
  }
  const Shape* const shape = shape_of(seen.name);
  if (shape == nullptr) return seen;
  const std::string_view connection = inside(body, shape->connection);
  event.call = text_in(connection, "callID");
  event.device = text_in(connection, "deviceID");
  event.actor = text_in(inside(body, shape->actor), "deviceIdentifier");
  seen.faults = judge(event);
  seen.took = met(event, now, seen.faults);
  return seen;
}

Fault CallBook::fault(std::string_view kind, const Event& event) const {
  return {kind, std::string(event.name) + " of call " + printable(event.call) + ", device " +
                    printable(event.device)};
}

bool CallBook::is_over(const std::string& id) const {
  return std::find(over_.begin(), over_.end(), id) != over_.end();
}

std::vector<Fault> CallBook::judge(const Event& event) {
  if (is_over(event.call)) return {fault("event after the last of its call", event)};
  Call* call = look_up(event.call);
  if (call == nullptr) call = begin(event);
  if (call == nullptr) return {fault("event of an unknown call", event)};
  auto faults = judge_known(*call, event);
  advance(*call, event);
  return faults;
}

/// A call that we did not make begins with Delivered at the line, or with what the phone did itself.
Call* CallBook::begin(const Event& event) {
  const bool rings = event.name == "DeliveredEvent" && event.local == "alerting";
  const bool dials = event.name == "ServiceInitiatedEvent" || event.name == "OriginatedEvent";
  if ((!rings && !dials && !adopts_) || event.call.empty() || calls_.size() >= most_calls) return nullptr;
  calls_.push_back({event.call, adopts_ && !rings && !dials ? State::connected : State::none, false, {}, {}});
  return &calls_.back();
}

std::vector<Fault> CallBook::judge_known(Call& call, const Event& event) {
  const bool own = event.device == line_;
  const std::string_view name = event.name;
  if (name == "HeldEvent" || name == "RetrievedEvent") {
    const State before = name == "HeldEvent" ? State::connected : State::held;
    if (own && call.state != before && !adopts_)
      return {fault(is_talking(call.state) ? "event twice" : "event out of order", event)};
    return {};
  }
  if (!call.seen.insert(std::hash<std::string_view>{}(event.body)).second) return {fault("event twice", event)};
  const bool early = call.state == State::none || call.state == State::initiated;
  const bool needs_origin = name == "NetworkReachedEvent" || name == "EstablishedEvent" ||
                            name == "FailedEvent" || (name == "DeliveredEvent" && event.local != "alerting");
  if (early && needs_origin && name != "FailedEvent") return {fault("event out of order", event)};
  if (name == "OriginatedEvent" && !early) return {fault("event out of order", event)};
  if (name == "DeliveredEvent" && call.ours && event.local == "alerting")
    return {fault("event out of order", event)};
  return {};
}

void CallBook::advance(Call& call, const Event& event) {
  const bool own = event.device == line_;
  const std::string_view name = event.name;
  const std::string_view party =
      event.local == "alerting" || call.state == State::alerting ? "callingDevice" : "calledDevice";
  if (const auto other = text_in(inside(event.body, party), "deviceIdentifier");
      !other.empty() && other != line_)
    call.other = other;
  if (name == "ServiceInitiatedEvent") call.state = State::initiated;
  if (name == "OriginatedEvent" || name == "NetworkReachedEvent") call.state = State::originated;
  if (name == "DeliveredEvent" && !is_talking(call.state))
    call.state = event.local == "alerting" ? State::alerting : State::delivered;
  if (name == "EstablishedEvent" || (name == "RetrievedEvent" && own)) call.state = State::connected;
  if (name == "HeldEvent" && own) call.state = State::held;
  if (name == "FailedEvent") call.state = State::failed;
  const bool leaves = name == "TransferedEvent" || name == "ConnectionClearedEvent" || name == "DivertedEvent";
  const std::string second = text_in(inside(event.body, "secondaryOldCall"), "callID");
  if (!second.empty()) end(second);
  if (leaves && (event.local == "null" || (own && event.local.empty()))) end(event.call);
}

void CallBook::end(const std::string& id) {
  std::erase_if(calls_, [&](const Call& each) { return each.id == id; });
  over_.push_back(id);
  if (over_.size() > most_over) over_.pop_front();
  // What can no longer come is not waited for; the end itself still is taken off by met().
  std::erase_if(expected_, [&](const Expected& each) {
    return each.call == id && each.service != Service::clear_connection;
  });
}

/// Takes off the request that this event fulfils; before its response, a thing that our own line did is wrong.
std::optional<Duration> CallBook::met(const Event& event, TimePoint now, std::vector<Fault>& faults) {
  if (event.device != line_ && event.actor != line_) return std::nullopt;
  const auto at = std::find_if(expected_.begin(), expected_.end(), [&](const Expected& each) {
    return each.call == event.call && event_of(each.service) == event.name && !each.call.empty();
  });
  if (at == expected_.end()) return std::nullopt;
  const bool early = !at->until && event.actor == line_;
  // A call that the far end ends has its farewell while our own request is under way.
  const bool whole = at->service != Service::clear_connection || event.device == line_;
  if (early && whole) faults.push_back(fault("event before the response that caused it", event));
  if (!whole || (!at->until && !early)) return std::nullopt;
  const Duration took = now - at->asked;
  expected_.erase(at);
  return took;
}

std::vector<Fault> CallBook::expire(TimePoint now) {
  std::vector<Fault> faults;
  std::erase_if(expected_, [&](const Expected& each) {
    const bool late = each.until && *each.until <= now;
    if (late)
      faults.push_back({"event missing", std::string(event_of(each.service)) + " of call " +
                                             printable(each.call) + " did not come after " +
                                             std::string(name_of(each.service))});
    return late;
  });
  return faults;
}

std::optional<TimePoint> CallBook::next_deadline() const {
  std::optional<TimePoint> next;
  for (const auto& each : expected_)
    if (each.until && (!next || *each.until < *next)) next = each.until;
  return next;
}

}  // namespace linebridge::sim::ocs
