#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/simulators/ocs/client.hpp"

/// One simulated client on paper: what it sends lies before the test, which answers as a node would and moves
/// the clock.
namespace linebridge::sim::ocs {

struct Desk {
  static constexpr std::string_view line = "tel:1001;phone-context=dialstring";

  explicit Desk(Flavour flavour = Flavour::ocs2007r2, bool echo = false)
      : client(settings(flavour, echo), random) {}

  static ClientSettings settings(Flavour flavour, bool echo) {
    ClientSettings settings;
    settings.user = {"sip:alice@example.test", std::string(line)};
    settings.flavour = flavour;
    settings.line_server = "sip:ctigw@gw.example.test";
    settings.echo = echo;
    return settings;
  }

  /// What it sent since the last look.
  std::vector<Message> sent() { return client.take_output(); }
  /// The only message that it sent since; an empty one if there is not just one.
  Message one() {
    auto messages = sent();
    EXPECT_EQ(messages.size(), 1u);
    return messages.size() == 1 ? std::move(messages[0]) : Message{};
  }
  void answer(const Message& request, int status, std::string body = {}, std::vector<Header> more = {}) {
    Message answer = answer_to(request, status, "Because", "pub-01");
    for (auto& header : more)
      answer.headers.push_back(std::move(header));
    answer.body = std::move(body);
    client.take(answer, now);
  }
  /// 200 to an INVITE, as a node behind our proxy gives it.
  void welcome(const Message& invite, std::string_view status = "normal", std::string interval = "1800") {
    answer(invite, 200,
           "<RequestSystemStatusResponse><systemStatus>" + std::string(status) +
               "</systemStatus></RequestSystemStatusResponse>",
           {{"Contact", "<sip:192.0.2.20:5060;transport=tcp>"},
            {"Record-Route", "<sip:192.0.2.10:5060;lr;ms-route-sig=s>"},
            {"Session-Expires", std::move(interval) + ";refresher=uac"}});
  }
  /// The response to a CSTA request, with this inside.
  void grant(const Message& info, std::string content = {}) {
    const std::string root = std::string(root_of(info.body)) + "Response";
    answer(info, 200, "<" + root + ">" + content + "</" + root + ">");
  }
  /// Answers all requests until none comes.
  void grant_all() {
    for (auto messages = sent(); !messages.empty(); messages = sent())
      for (const auto& message : messages)
        if (message.method() == "INVITE")
          welcome(message);
        else if (message.method() == "INFO")
          grant(message,
                root_of(message.body) == "MonitorStart" ? "<monitorCrossRefID>41</monitorCrossRefID>" : "");
        else if (message.method() != "ACK")
          answer(message, 200);
  }
  void sign_in() {
    EXPECT_TRUE(client.sign_in(now));
    grant_all();
    EXPECT_EQ(client.state(), Client::State::signed_in);
    client.take_happenings();
  }
  /// A request of the node in the dialog.
  Message from_node(std::string_view method, std::string body = {}, std::string_view tag = "pub-01") {
    Message request;
    request.start = std::string(method) + " " + client.contact_uri() + " SIP/2.0";
    request.add("Via", "SIP/2.0/TCP 192.0.2.20:5060;branch=z9hG4bKn" + std::to_string(++node_sequence));
    request.add("From", "<sip:ctigw@gw.example.test>;tag=" + std::string(tag));
    request.add("To", own_from);
    request.add("Call-ID", client.call_id());
    request.add("CSeq", std::to_string(node_sequence) + " " + std::string(method));
    request.body = std::move(body);
    return request;
  }
  void note_from(const Message& invite) { own_from = invite.get("From"); }
  void sign_in_noted() {
    EXPECT_TRUE(client.sign_in(now));
    const Message invite = one();
    note_from(invite);
    welcome(invite);
    grant_all();
    client.take_happenings();
  }
  void event(std::string body) { client.take(from_node("INFO", std::move(body)), now); }
  void pass(Duration time) {
    now += time;
    client.tick(now);
  }
  /// What was wrong since the last look, by kind.
  std::vector<std::string> wrong() {
    std::vector<std::string> kinds;
    for (const auto& each : client.take_happenings())
      if (each.what == Happening::What::wrong) kinds.emplace_back(each.name);
    return kinds;
  }

  Random random{repeatable(7)};
  Client client;
  TimePoint now{};
  std::string own_from;
  unsigned node_sequence = 0;
};

/// An event of the paper monitor 41. `actor` is the element that names who did it.
inline std::string event_body(std::string_view name, std::string_view connection, std::string_view call,
                              std::string_view device, std::string_view local, std::string_view more = {}) {
  const auto element = [](std::string_view tag, std::string_view content) {
    return "<" + std::string(tag) + ">" + std::string(content) + "</" + std::string(tag) + ">";
  };
  return element(name, element("monitorCrossRefID", "41") +
                           element(connection, element("callID", call) + element("deviceID", device)) +
                           std::string(more) + element("localConnectionInfo", local));
}
inline std::string actor(std::string_view element, std::string_view device) {
  return "<" + std::string(element) + "><deviceIdentifier>" + std::string(device) + "</deviceIdentifier></" +
         std::string(element) + ">";
}

}  // namespace linebridge::sim::ocs
