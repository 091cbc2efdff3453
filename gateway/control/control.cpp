#include "control/control.hpp"

#include <algorithm>
#include <utility>

#include "control/errors.hpp"
#include "control/own_line.hpp"
#include "control/snapshot.hpp"
#include "numbers/dialled.hpp"

namespace linebridge::control {
namespace {

namespace driver = cti::driver;
namespace errors = model::errors;

void refuse(model::SessionId session, model::RequestId id, model::ErrorCode error, std::string why,
            Actions& out) {
  out.push_back(Respond{session, id, model::Refused{error}, std::move(why)});
}

/// Whether clients may know of a call of the line.
bool any_call(const Line& line) {
  bool any = false;
  line.for_each_call([&](const Call&) { any = true; });
  return any;
}

/// The line an event is about.
std::optional<driver::LineHandle> line_of(const driver::Event& event) {
  return std::visit(
      [](const auto& e) -> std::optional<driver::LineHandle> {
        if constexpr (requires { e.line; }) return e.line;
        return std::nullopt;
      },
      event);
}

}  // namespace

Control::Entry* Control::find(const Key& key) const {
  const auto found = lines_.find(key);
  return found == lines_.end() ? nullptr : found->second.get();
}

Control::Entry* Control::find(driver::LinkId link, driver::LineHandle handle) const {
  const auto found = by_handle_.find({link, handle});
  return found == by_handle_.end() ? nullptr : found->second;
}

Watcher* Control::watcher(Entry& entry, model::SessionId session) {
  auto& all = entry.line.watchers;
  const auto found =
      std::find_if(all.begin(), all.end(), [session](const Watcher& w) { return w.session == session; });
  return found == all.end() ? nullptr : &*found;
}

void Control::order(driver::LinkId link, model::SessionId session, driver::Operation operation, Purpose purpose,
                    Actions& out) {
  const Ticket ticket{++last_ticket_};
  tickets_.emplace(ticket, std::move(purpose));
  out.push_back(Order{link, session, ticket, std::move(operation)});
}

void Control::issued(Ticket ticket, driver::OperationId id) {
  auto node = tickets_.extract(ticket);
  if (!node.empty() && !std::holds_alternative<Unwatched>(node.mapped()))
    operations_.emplace(id, std::move(node.mapped()));
}

void Control::attach(model::SessionId session, driver::LinkId link, const driver::Appearance& where,
                     model::DeviceId own, Actions& out) {
  const Key key{link, where.device, where.number, where.partition};
  auto& place = lines_[key];
  const bool fresh = !place;
  if (fresh) place = std::make_unique<Entry>(Entry{key, {}, {}});
  if (fresh || place->line.state == Line::State::failed) {
    place->line.state = Line::State::opening;
    order(link, session, driver::OpenLine{where.device, where.number, where.partition}, Opening{key}, out);
  }
  place->line.watchers.push_back({session, std::move(own), {}});
  lines_of_[session.value] = place.get();
}

void Control::detach(model::SessionId session, Actions& out) {
  const auto found = lines_of_.find(session.value);
  if (found == lines_of_.end()) return;
  Entry& entry = *found->second;
  lines_of_.erase(found);
  std::erase_if(entry.line.watchers, [session](const Watcher& w) { return w.session == session; });
  std::erase_if(entry.waiting, [session](const Waiting& w) { return w.session == session; });
  if (!entry.line.watchers.empty()) return;
  if (entry.line.handle)
    order(std::get<driver::LinkId>(entry.key), session, driver::CloseLine{*entry.line.handle}, Unwatched{},
          out);
  // While the line is still opening its entry stays: line_opened() closes a line that nobody wants any more.
  if (entry.line.state != Line::State::opening) forget(Key(entry.key));
}

void Control::forget(const Key& key) {
  Entry* entry = find(key);
  if (entry == nullptr) return;
  if (entry->line.handle) by_handle_.erase({std::get<driver::LinkId>(key), *entry->line.handle});
  lines_.erase(key);
}

void Control::request(model::SessionId session, model::RequestId id, const model::Request& request,
                      Actions& out) {
  const auto found = lines_of_.find(session.value);
  if (found == lines_of_.end())
    return refuse(session, id, errors::network_out_of_service, "the session has no CTI link", out);
  Entry& entry = *found->second;
  if (entry.line.state == Line::State::opening) {
    entry.waiting.push_back({session, id, request});
    return;
  }
  perform(entry, session, id, request, out);
}

void Control::perform(Entry& entry, model::SessionId session, model::RequestId id,
                      const model::Request& request, Actions& out) {
  std::visit(
      Overloaded{
          [&](const model::MonitorStart& asked) { monitor_start(entry, session, id, asked, out); },
          [&](const model::MonitorStop& asked) { monitor_stop(entry, session, id, asked, out); },
          [&](const model::SnapshotDevice& asked) { snapshot_device(entry, session, id, asked, out); },
          [&](const model::SnapshotCall& asked) { snapshot_call(entry, session, id, asked, out); },
          [&](const model::MakeCall& asked) { make_call(entry, session, id, asked, out); },
          [&](const model::AnswerCall& asked) { serve(entry, session, id, answer_call, asked.call, out); },
          [&](const model::ClearConnection& asked) {
            serve(entry, session, id, clear_connection, asked.connection, out);
          },
          [&](const model::HoldCall& asked) { serve(entry, session, id, hold_call, asked.call, out); },
          [&](const model::RetrieveCall& asked) { serve(entry, session, id, retrieve_call, asked.call, out); },
          [&](const auto&) { refuse(session, id, errors::service_not_supported, "no call service", out); }},
      request);
}

void Control::monitor_start(Entry& entry, model::SessionId session, model::RequestId id,
                            const model::MonitorStart& asked, Actions& out) {
  Watcher& who = *watcher(entry, session);
  if (asked.call != model::ConnectionId{})
    return refuse(session, id, errors::invalid_monitor_object_type, "calls are not monitored, devices are",
                  out);
  if (asked.type.unreadable || asked.type.value == model::MonitorType::call)
    return refuse(session, id, errors::invalid_monitor_type, "monitors are of type device", out);
  if (const auto error = refusal_of(asked.device, who.device, errors::invalid_device_id))
    return refuse(session, id, *error, "MonitorStart for a device that is not the session's", out);
  if (entry.line.state == Line::State::failed)
    return refuse(session, id, error_of(*entry.line.failure), words_of(*entry.line.failure), out);
  if (who.monitors.size() >= settings_.monitors_per_session)
    return refuse(session, id, errors::object_monitor_limit, "too many monitors in one session", out);
  const auto& monitor = who.monitors.emplace_back(model::MonitorId{random_.hex(64)});
  out.push_back(Respond{session, id, model::MonitorStarted{monitor, any_call(entry.line)}, {}});
}

void Control::monitor_stop(Entry& entry, model::SessionId session, model::RequestId id,
                           const model::MonitorStop& asked, Actions& out) {
  auto& monitors = watcher(entry, session)->monitors;
  if (std::erase(monitors, asked.monitor) == 0)
    return refuse(session, id, errors::invalid_monitor, "no such monitor in this session", out);
  out.push_back(Respond{session, id, model::MonitorStopped{}, {}});
}

void Control::snapshot_device(Entry& entry, model::SessionId session, model::RequestId id,
                              const model::SnapshotDevice& asked, Actions& out) {
  const auto& own = watcher(entry, session)->device;
  if (const auto error = refusal_of(asked.device, own, errors::invalid_device_id))
    return refuse(session, id, *error, "SnapshotDevice of a device that is not the session's", out);
  if (entry.line.state == Line::State::failed)
    return refuse(session, id, error_of(*entry.line.failure), words_of(*entry.line.failure), out);
  out.push_back(Respond{session, id, snapshot_of(entry.line, own), {}});
}

void Control::snapshot_call(Entry& entry, model::SessionId session, model::RequestId id,
                            const model::SnapshotCall& asked, Actions& out) {
  const auto& own = watcher(entry, session)->device;
  const Call* found = nullptr;
  entry.line.for_each_call([&](const Call& call) {
    if (call.id == asked.call.call) found = &call;
  });
  if (found == nullptr) return refuse(session, id, errors::invalid_call_id, "no such call on the line", out);
  const auto& device = asked.call.device;
  if (!device.value.empty() && device != far_device(*found).id && !is_own(device, own))
    return refuse(session, id, errors::invalid_connection_id, "the device is not in the call", out);
  out.push_back(Respond{session, id, snapshot_of(*found, own), {}});
}

void Control::make_call(Entry& entry, model::SessionId session, model::RequestId id,
                        const model::MakeCall& asked, Actions& out) {
  if (const auto error =
          refusal_of(asked.calling, watcher(entry, session)->device, errors::invalid_calling_device))
    return refuse(session, id, *error, "MakeCall from a device that is not the session's", out);
  auto dialled = numbers::to_dial(asked.called.value);
  if (!dialled) return refuse(session, id, errors::invalid_called_device, dialled.error().detail, out);
  if (entry.line.state == Line::State::failed)
    return refuse(session, id, error_of(*entry.line.failure), words_of(*entry.line.failure), out);
  if (entry.line.state != Line::State::in_service)
    return refuse(session, id, errors::calling_out_of_service, "the phone is not registered", out);
  entry.line.call_expected();
  order(std::get<driver::LinkId>(entry.key), session, driver::MakeCall{*entry.line.handle, dialled.value()},
        Making{entry.key, session, id, dialled.value()}, out);
}

void Control::serve(Entry& entry, model::SessionId session, model::RequestId id, const CallService& service,
                    const model::ConnectionId& asked, Actions& out) {
  const auto named = named_call(entry.line, asked, watcher(entry, session)->device, service.gone);
  if (const auto* not_named = std::get_if<NotNamed>(&named))
    return refuse(session, id, not_named->error, std::string(service.name) + ": " + not_named->why, out);
  const Awaited awaited{std::get<const Call*>(named)->leg, service.holds_others};
  entry.line.awaits(awaited);
  order(std::get<driver::LinkId>(entry.key), session, service.operation(*entry.line.handle, awaited.leg),
        Serving{entry.key, session, id, &service, awaited}, out);
}

void Control::event(driver::LinkId link, const driver::Event& event, Actions& out) {
  if (const auto* answered = std::get_if<driver::Answered>(&event)) return outcome(*answered, out);
  line_event(link, event, out);
}

void Control::outcome(const driver::Answered& answered, Actions& out) {
  auto node = operations_.extract(answered.operation);
  if (node.empty()) return;
  std::visit(Overloaded{[](const Unwatched&) {},
                        [&](const Opening& opening) { line_opened(opening.key, answered.outcome, out); },
                        [&](const Making& making) { call_made(making, answered.outcome, out); },
                        [&](const Serving& serving) { served(serving, answered.outcome, out); }},
             node.mapped());
}

void Control::line_opened(const Key& key, const driver::Outcome& outcome, Actions& out) {
  Entry* entry = find(key);
  if (entry == nullptr) return;
  if (const auto* opened = std::get_if<driver::LineOpened>(&outcome)) {
    if (entry->line.watchers.empty()) {
      order(std::get<driver::LinkId>(key), {}, driver::CloseLine{opened->line}, Unwatched{}, out);
      return forget(key);
    }
    entry->line.handle = opened->line;
    if (entry->line.state == Line::State::opening) entry->line.state = Line::State::open;
    by_handle_[{std::get<driver::LinkId>(key), opened->line}] = entry;
  } else {
    if (entry->line.watchers.empty()) return forget(key);
    entry->line.state = Line::State::failed;
    if (const auto* failure = std::get_if<driver::Failure>(&outcome)) entry->line.failure = *failure;
    if (!entry->line.failure) entry->line.failure = driver::Failure{};
  }
  for (const auto& waiting : std::exchange(entry->waiting, {}))
    perform(*entry, waiting.session, waiting.id, waiting.request, out);
}

void Control::call_made(const Making& making, const driver::Outcome& outcome, Actions& out) {
  Entry* entry = find(making.key);
  Watcher* who = entry == nullptr ? nullptr : watcher(*entry, making.session);
  if (const auto* started = std::get_if<driver::CallStarted>(&outcome)) {
    if (entry == nullptr)
      return refuse(making.session, making.id, errors::network_out_of_service, "the line was closed", out);
    const auto respond = [&](const Call& call, Actions& to) {
      if (who == nullptr) return;
      to.push_back(Respond{making.session, making.id, model::CallMade{{call.id, who->device}}, {}});
    };
    return entry->line.call_started(*started, making.dialled, respond, out);
  }
  const auto* failure = std::get_if<driver::Failure>(&outcome);
  const driver::Failure why = failure == nullptr ? driver::Failure{} : *failure;
  refuse(making.session, making.id, error_of(why), words_of(why), out);
  if (entry != nullptr) entry->line.call_failed(out);
}

void Control::served(const Serving& serving, const driver::Outcome& outcome, Actions& out) {
  if (const auto* failure = std::get_if<driver::Failure>(&outcome)) {
    refuse(serving.session, serving.id, error_of(*serving.service, *failure), words_of(*failure), out);
  } else {
    out.push_back(Respond{serving.session, serving.id, serving.service->done(), {}});
  }
  if (Entry* entry = find(serving.key)) entry->line.answered(serving.awaited, out);
}

void Control::line_event(driver::LinkId link, const driver::Event& event, Actions& out) {
  const auto handle = line_of(event);
  if (!handle) return;
  Entry* entry = find(link, *handle);
  if (entry == nullptr) return;
  Line& line = entry->line;
  std::visit(
      Overloaded{[&](const driver::LineInService&) { line.state = Line::State::in_service; },
                 [&](const driver::LineOutOfService&) {
                   line.state = Line::State::out_of_service;
                   line.clear_all(model::EventCause::network_out_of_order, out);
                 },
                 [&](const driver::LineClosed& e) { line_closed(*entry, e.reason, out); },
                 [&](const driver::NewCall& e) { line.new_call(e, out); },
                 [&](const driver::CallStateChanged& e) { line.state_changed(e, out); },
                 [&](const driver::PartiesChanged& e) { line.parties_changed(e); },
                 [&](const driver::GlobalCallChanged& e) { line.global_changed(e); },
                 [](const driver::ExistingCallsTold&) {},
                 // No service that could have caused them, or tells them, is offered yet. What a transfer or a
                 // conference does to the calls of the line comes in the events above as well.
                 [](const driver::ForwardingChanged&) {}, [](const driver::DoNotDisturbChanged&) {},
                 [](const driver::TransferStarted&) {}, [](const driver::TransferEnded&) {},
                 [](const driver::ConferenceStarted&) {}, [](const driver::ConferenceEnded&) {},
                 [](const driver::ConferenceChanged&) {},
                 // Of no line: handled before, or told per line as well (DeviceLost by LineClosed).
                 [](const driver::Answered&) {}, [](const driver::LinkInService&) {},
                 [](const driver::LinkLost&) {}, [](const driver::DeviceLost&) {}},
      event);
}

void Control::line_closed(Entry& entry, std::uint32_t reason, Actions& out) {
  entry.line.clear_all(model::EventCause::network_out_of_order, out);
  const std::string why = "the CTI Manager closed the line, reason " + std::to_string(reason);
  for (const auto& who : entry.line.watchers) {
    out.push_back(LineGone{who.session, why});
    lines_of_.erase(who.session.value);
  }
  forget(Key(entry.key));
}

void Control::link_lost(driver::LinkId link) {
  std::vector<Key> gone;
  for (const auto& [key, entry] : lines_)
    if (std::get<driver::LinkId>(key) == link) gone.push_back(key);
  for (const auto& key : gone) {
    for (const auto& who : find(key)->line.watchers)
      lines_of_.erase(who.session.value);
    forget(key);
  }
}

model::SessionId Control::concerns(driver::LinkId link, const driver::Event& event) const {
  const auto first = [](const Entry* entry) {
    return entry == nullptr || entry->line.watchers.empty() ? model::SessionId{}
                                                            : entry->line.watchers.front().session;
  };
  if (const auto handle = line_of(event)) return first(find(link, *handle));
  const auto* answered = std::get_if<driver::Answered>(&event);
  const auto found = answered == nullptr ? operations_.end() : operations_.find(answered->operation);
  if (found == operations_.end()) return {};
  return std::visit(Overloaded{[](const Unwatched&) { return model::SessionId{}; },
                               [&](const Opening& opening) { return first(find(opening.key)); },
                               [](const Making& making) { return making.session; },
                               [](const Serving& serving) { return serving.session; }},
                    found->second);
}

std::size_t Control::calls() const {
  std::size_t count = 0;
  for (const auto& [key, entry] : lines_)
    count += entry->line.calls();
  return count;
}

std::string Control::monitors(model::SessionId session) const {
  const auto found = lines_of_.find(session.value);
  if (found == lines_of_.end()) return {};
  std::string out;
  const Watcher* who = watcher(*found->second, session);
  if (who == nullptr) return out;
  for (const auto& monitor : who->monitors)
    out += (out.empty() ? "" : " ") + monitor.value;
  return out;
}

}  // namespace linebridge::control
