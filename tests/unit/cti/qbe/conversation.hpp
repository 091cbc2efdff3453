#pragma once

#include <memory>

#include <gtest/gtest.h>

#include "cti/qbe/link_session.hpp"
#include "cti_manager.hpp"

namespace linebridge::cti::qbe {

using namespace std::chrono_literals;

/// A session and the test at its other end, with a clock moved by hand.
class Conversation {
public:
  explicit Conversation(LinkSession::Settings settings = usual()) : session(settings, random, counters, log) {}

  static LinkSession::Settings usual() {
    LinkSession::Settings settings;
    settings.login.user = "linebridge";
    settings.login.password = "secret12";
    settings.login.application = "Linebridge-pub";
    settings.login.client = "Linebridge 0.1.0";
    settings.login.provider = "10.0.0.1";
    settings.name = "10.0.0.1";
    return settings;
  }

  Turn turn() { return {now, bytes, events}; }
  void start() { session.start(turn()); }
  void receive(std::string_view data) { session.received(data, turn()); }
  /// Moves the clock and serves every deadline on the way, as a shell would.
  void pass(Duration time) {
    const TimePoint until = now + time;
    while (session.next_deadline() && *session.next_deadline() <= until) {
      now = std::max(now, *session.next_deadline());
      session.tick(turn());
    }
    now = until;
  }
  std::vector<Sent> requests() { return take_requests(bytes); }
  /// The one request sent since last asked.
  Sent only_request() {
    auto all = requests();
    EXPECT_EQ(all.size(), 1u);
    return all.empty() ? Sent{} : all.front();
  }
  std::vector<driver::Event> take_events() { return std::exchange(events, {}); }

  void log_in(const std::vector<manager::Listed>& devices = {}) {
    start();
    receive(manager::init_response(only_request().seq));
    const auto open = only_request();
    receive(manager::open_response(open.seq));
    receive(manager::open_completed(open.seq));
    receive(manager::capabilities_response(only_request().seq));
    const auto list = only_request();
    receive(manager::list_response(list.seq));
    for (const auto& device : devices)
      receive(manager::listed(list.seq, device));
    receive(manager::list_completed(list.seq));
    EXPECT_TRUE(session.in_service());
    take_events();
  }

  driver::OperationId ask(const driver::Operation& operation) {
    const driver::OperationId id{++asked};
    session.request(id, operation, turn());
    return id;
  }
  /// What `id` was answered, if it was; forgets all events until then.
  std::optional<driver::Outcome> outcome(driver::OperationId id) {
    for (const auto& event : events)
      if (const auto* answered = std::get_if<driver::Answered>(&event))
        if (answered->operation == id) return answered->outcome;
    return std::nullopt;
  }

  /// Opens a line with all answers at once.
  driver::LineHandle open_line(const std::string& device = "SEP1", const std::string& number = "1001",
                               driver::LineHandle handle = {1, 145}) {
    ask(driver::OpenLine{device, number, ""});
    for (int steps = 0; steps < 6; ++steps)
      for (const auto& request : requests())
        receive(answer(request, handle));
    receive(message(m::line_in_service_event,
                    {{"line_call_manager_id", handle.manager}, {"line_id", handle.line}}));
    take_events();
    return handle;
  }
  static std::string answer(const Sent& request, driver::LineHandle line) {
    switch (request.id) {
      case m::device_open_request.id:
        return manager::done(request, {{"call_manager_id", 1u}, {"device_id", 38u}});
      case m::line_open_request.id:
        return manager::done(request, {{"line_call_manager_id", line.manager}, {"line_id", line.line}});
      default: return manager::done(request);
    }
  }

  Random random{repeatable(7)};
  Counters counters;
  NoLog log;
  TimePoint now{};
  std::string bytes;
  std::vector<driver::Event> events;
  std::uint64_t asked = 0;
  LinkSession session;
};

inline const driver::Failure* failure_of(const std::optional<driver::Outcome>& outcome) {
  return outcome ? std::get_if<driver::Failure>(&*outcome) : nullptr;
}

}  // namespace linebridge::cti::qbe
