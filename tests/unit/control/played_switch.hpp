#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/result.hpp"
#include "control/control.hpp"

namespace linebridge::control {

namespace driver = cti::driver;
using driver::CallState;

/// One node's call control with a switch played by the test.
class ControlOfALine : public testing::Test {
protected:
  static constexpr driver::LinkId link{0, 1};
  static constexpr driver::LineHandle handle{1, 145};
  static constexpr driver::LegHandle leg{1, 33};
  static constexpr driver::GlobalCall global{1, 2001};
  static constexpr const char* own = "tel:1001;phone-context=dialstring";

  void SetUp() override {
    control_.attach({1}, link, {"SEPA", "1001", ""}, {own}, actions_);
    answer("OpenLine", driver::LineOpened{handle});
    event(driver::LineInService{handle});
    ask(driver_free_request_++, model::MonitorStart{{own}});
    monitor_ = std::get<model::MonitorStarted>(last_response()).monitor;
    told();
  }

  void event(const driver::Event& event) {
    control_.event(link, event, actions_);
    issue();
  }
  void ask(std::uint64_t id, const model::Request& request) {
    control_.request({1}, {id}, request, actions_);
    issue();
  }
  void make_call() { ask(50, model::MakeCall{{own}, {"tel:1002;phone-context=dialstring"}, false}); }
  void new_call(CallState state, driver::Direction direction, driver::Parties parties) {
    event(driver::NewCall{handle, leg, global, state, direction, 1, std::move(parties)});
  }
  void state(CallState state, std::uint32_t cause = 0) {
    event(driver::CallStateChanged{handle, leg, state, cause});
  }
  void answer(std::string_view what, driver::Outcome outcome) {
    issue();
    for (auto& [id, name] : issued_) {
      if (name != what) continue;
      name = "answered";
      return event(driver::Answered{id, std::move(outcome)});
    }
    FAIL() << "no order " << what;
  }
  /// Gives every new order an operation id, as core does.
  void issue() {
    for (; seen_ < actions_.size(); ++seen_) {
      const auto* order = std::get_if<Order>(&actions_[seen_]);
      if (order == nullptr) continue;
      static constexpr std::array names = {"OpenLine",   "CloseLine", "MakeCall",    "AnswerCall",
                                           "Disconnect", "HoldCall",  "RetrieveCall"};
      const driver::OperationId id{100 + issued_.size()};
      control_.issued(order->ticket, id);
      issued_.emplace_back(id, names.at(order->operation.index()));
    }
  }
  model::Response last_response() const {
    for (auto it = actions_.rbegin(); it != actions_.rend(); ++it)
      if (const auto* respond = std::get_if<Respond>(&*it)) return respond->response;
    return model::Refused{{model::ErrorCategory::unspecified, "none"}};
  }
  model::DeviceSnapshot device_snapshot() {
    ask(90, model::SnapshotDevice{{own}});
    return std::get<model::DeviceSnapshot>(last_response());
  }
  model::MonitorStarted monitor_started(std::uint64_t id) {
    ask(id, model::MonitorStart{{own}});
    return std::get<model::MonitorStarted>(last_response());
  }
  std::string_view last_error() const {
    const auto response = last_response();
    const auto* refused = std::get_if<model::Refused>(&response);
    return refused == nullptr ? "accepted" : refused->error.value;
  }
  /// What was said to the client, in order.
  std::string told() {
    std::string out;
    for (const auto& action : std::exchange(actions_, {})) {
      if (std::holds_alternative<Respond>(action)) out += "response ";
      if (const auto* notify = std::get_if<Notify>(&action)) {
        EXPECT_EQ(notify->monitor, monitor_);
        out += std::visit(Overloaded{[](const model::Originated&) { return "originated "; },
                                     [](const model::Delivered&) { return "delivered "; },
                                     [](const model::Failed&) { return "failed "; },
                                     [](const model::Established&) { return "established "; },
                                     [](const model::Held&) { return "held "; },
                                     [](const model::Retrieved&) { return "retrieved "; },
                                     [](const model::ConnectionCleared&) { return "cleared "; },
                                     [](const auto&) { return "other "; }},
                          notify->event);
      }
      if (std::holds_alternative<LineGone>(action)) out += "gone ";
    }
    seen_ = 0;
    return out;
  }

  Random random_{repeatable(1)};
  Control control_{{}, random_};
  Actions actions_;
  std::size_t seen_ = 0;
  std::vector<std::pair<driver::OperationId, std::string>> issued_;
  std::uint64_t driver_free_request_ = 1;
  model::MonitorId monitor_;
};

inline const driver::Parties outgoing{"1001", "1002", "1002", "", false};
inline const driver::Parties incoming{"1002", "1001", "1001", "", false};

}  // namespace linebridge::control
