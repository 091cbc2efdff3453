#include "control/control.hpp"

#include <algorithm>
#include <utility>

#include "base/result.hpp"

namespace linebridge::control {
namespace {

namespace driver = cti::driver;

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
