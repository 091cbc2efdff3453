#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tests/unit/simulators/cucm/bench.hpp"

namespace linebridge::sim::cucm {

/// One client that watches some phones of a cluster, each by its first line, and knows their newest legs.
class People {
public:
  explicit People(ClusterSpec spec = small_cluster()) : bench(patient(std::move(spec))) { client.log_in(); }

  void watch(const std::string& phone, const std::string& number, const std::string& partition = "") {
    lines[number] = client.watch(phone, number, partition);
    client.received();
  }
  /// The four phones with one line each.
  void watch_all() {
    for (const std::string number : {"1001", "1002", "1003", "1004"})
      watch("SEP00000000" + number, number);
  }

  /// A request on the newest leg at `number`, or on `leg`.
  std::vector<Message> ask(std::int32_t id, const std::string& number, Fields more = {}, std::int32_t leg = 0) {
    Fields fields = client.on_leg(lines.at(number), leg != 0 ? leg : legs[number]);
    for (const Field& field : more.all())
      fields.set(field.name, field.value);
    return note(client.ask(id, std::move(fields)));
  }
  std::uint32_t refusal(std::int32_t id, const std::string& number, Fields more = {}, std::int32_t leg = 0) {
    return code_of(first(ask(id, number, std::move(more), leg), 0));
  }
  std::vector<Message> call(const std::string& from, const std::string& to) {
    return note(client.make_call(lines.at(from), from, to));
  }
  void connect(const std::string& from, const std::string& to) {
    call(from, to);
    lines.count(to) != 0 ? ask(52, to) : after("answer " + to);
  }
  /// Consults (82, 80), blind transfer (56) and blind conference (54) with a global handle of their own.
  std::vector<Message> consult(std::int32_t id, const std::string& number, const std::string& to,
                               std::int32_t leg = 0) {
    const Fields call = first(client.ask(11), 12).fields;
    const bool blind = id < 80;
    return ask(id, number,
               {{blind ? Name("newGlobalCallManagerID") : Name("newCallManagerID"), call.number("callManagerID")},
                {"newGlobalCallID", call.number("callID")},
                {"destAddress", to}},
               leg);
  }
  /// What the client was told after a command at the console.
  std::vector<Message> after(const std::string& command) {
    const Reply reply = bench.order(command);
    EXPECT_TRUE(reply.ok) << command << ": " << reply.text;
    return note(client.received());
  }
  std::vector<Message> after(Duration time) {
    bench.pass(time);
    auto told = client.received();
    std::erase_if(told, [](const Message& message) { return message.id == 120; });
    return note(std::move(told));
  }
  /// "48 offering 1002": what happened where.
  std::vector<std::string> story(const std::vector<Message>& told) const {
    std::vector<std::string> lines_told = call_story(told);
    for (std::size_t at = 0; at < told.size(); ++at) {
      for (const auto& [number, line] : lines) {
        const bool here = told[at].fields.number("lineID") == line;
        if (here) lines_told[at].append(" ").append(number);
      }
    }
    return lines_told;
  }
  /// The first message of that id for the line of `number`.
  Fields at(const std::vector<Message>& told, std::int32_t id, const std::string& number) const {
    for (const Message& message : told) {
      if (message.id == id && message.fields.number("lineID") == lines.at(number)) return message.fields;
    }
    ADD_FAILURE() << "no " << id << " at " << number << " among " << testing::PrintToString(story(told));
    return {};
  }

  Bench bench;
  Client client{bench};
  std::map<std::string, std::int32_t> lines, legs;

private:
  /// The client sends no heartbeats.
  static ClusterSpec patient(ClusterSpec spec) {
    spec.client_heartbeat = std::chrono::hours(24);
    return spec;
  }
  std::vector<Message> note(std::vector<Message> told) {
    for (const Message& message : told) {
      if (message.id != 48) continue;
      for (const auto& [number, line] : lines) {
        if (message.fields.number("lineID") == line) legs[number] = message.fields.number("callLegID");
      }
    }
    return told;
  }
};

}  // namespace linebridge::sim::cucm
