#include "base/result.hpp"
#include "control/call_services.hpp"
#include "control/control.hpp"
#include "control/errors.hpp"
#include "control/own_line.hpp"
#include "control/snapshot.hpp"
#include "numbers/dialled.hpp"

/// What clients ask for: CSTA requests to CTI operations, and their outcomes to CSTA responses.
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

}  // namespace

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

}  // namespace linebridge::control
