#include "tests/unit/simulators/cucm/bench.hpp"

#include <utility>

#include <gtest/gtest.h>

#include "tests/unit/simulators/cucm/key_lock.hpp"

namespace linebridge::sim::cucm {
namespace {

PhoneSpec phone(const std::string& name, std::vector<std::string> numbers, const std::string& display) {
  PhoneSpec spec;
  spec.name = name;
  for (const std::string& number : numbers)
    spec.lines.push_back({number, "", display, 4, 2, false});
  return spec;
}

OutsideSpec outside(const std::string& pattern, OutsideSpec::Behaviour behaviour) {
  return {pattern, "", behaviour, std::chrono::milliseconds(500)};
}

}  // namespace

ClusterSpec small_cluster() {
  ClusterSpec spec;
  spec.managers = {{"cti1", {"127.0.0.1", 2001}}, {"cti2", {"127.0.0.1", 2002}}};
  spec.users = {{"linebridge", "secret", {"SEP00000000100*"}, true, false},
                {"nobody", "secret", {"SEP*"}, false, false},
                {"super", "secret", {}, true, true},
                {"many", "secret", {"SEP000000002000"}, true, false}};
  spec.phones = {phone("SEP000000001001", {"1001"}, "Alice"),
                 phone("SEP000000001002", {"1002"}, "Bob"),
                 phone("SEP000000001003", {"1003"}, "Carol"),
                 phone("SEP000000001004", {"1004"}, "Dan"),
                 phone("SEP000000001005", {"1001", "1005"}, "Zo\xC3\xAB"),
                 phone("SEP000000002000",
                       {"2000", "2001", "2002", "2003", "2004", "2005", "2006", "2007", "2008", "2009"}, "")};
  spec.phones[4].registered = false;
  using Behaviour = OutsideSpec::Behaviour;
  spec.outside = {outside("+1555019*", Behaviour::answer), outside("+155502*", Behaviour::busy),
                  outside("+155503*", Behaviour::unreachable), outside("+1555*", Behaviour::ring)};
  return spec;
}

const LoginKey& bench_key() {
  static const LoginKey key = LoginKey::make();
  return key;
}

Bench::Bench(ClusterSpec wanted)
    : spec(std::move(wanted)), random(repeatable(7)), cluster(spec, bench_key(), random, log, now) {}

void Bench::feed(const Cluster::Input& input) {
  cluster.on(input, now, out);
}

void Bench::pass(Duration time) {
  const TimePoint end = now + time;
  for (auto next = cluster.next_deadline(); next && *next <= end; next = cluster.next_deadline()) {
    now = std::max(now, *next);
    feed(Tick{});
  }
  now = end;
}

Reply Bench::order(std::string_view command) {
  const PeerId peer{static_cast<std::uint64_t>(next_peer())};
  Origin origin;
  origin.listener = Listener::control;
  feed(Opened{peer, origin});
  feed(Bytes{peer, std::string(command) + "\n"});
  std::string answer = std::exchange(out.sent[peer], {});
  feed(Closed{peer, Gone::by_peer});
  const bool ok = answer.starts_with("ok ");
  answer.erase(0, answer.find(' ') + 1);
  if (!answer.empty()) answer.pop_back();
  return {ok, answer};
}

Client::Client(Bench& bench, std::uint16_t port)
    : peer{static_cast<std::uint64_t>(bench.next_peer())}, bench_(bench) {
  Origin origin;
  origin.listener = Listener::cti;
  origin.local = {"127.0.0.1", port};
  bench.feed(Opened{peer, origin});
}

std::string Client::frame(std::int32_t id, Fields fields) {
  std::string bytes;
  encode({id, std::move(fields.set("seq", ++seq))}, client_dialect(version), bytes);
  return bytes;
}

void Client::send_raw(std::string_view bytes) {
  bench_.feed(Bytes{peer, bytes});
}

std::vector<Message> Client::ask(std::int32_t id, Fields fields) {
  send_raw(frame(id, std::move(fields)));
  return received();
}

std::vector<Message> Client::received() {
  std::vector<Message> messages;
  reader_.push(std::exchange(bench_.out.sent[peer], {}));
  for (auto item = reader_.next(); !std::holds_alternative<FrameReader::NeedMore>(item);
       item = reader_.next()) {
    const auto* frame = std::get_if<Frame>(&item);
    const auto message = frame ? decode(*frame) : Result<Message>(std::get<Error>(item));
    if (!message) {
      ADD_FAILURE() << message.error().detail;
      break;
    }
    EXPECT_EQ(frame->version, version);
    messages.push_back(message.value());
  }
  return messages;
}

void Client::lose() {
  bench_.feed(Closed{peer, Gone::by_peer});
}

std::vector<Message> Client::log_in(const std::string& user, const std::string& password) {
  const auto hello = ask(310, {{"provider", "127.0.0.1"}, {"pluginName", "CiscoJTAPI"}});
  return log_in_with(first(hello, 311).fields, password,
                     {{"login", user},
                      {"filter", all_flags("ProviderEventFilter")},
                      {"desiredServerHeartbeatTime", 30},
                      {"ssoticket", Null{}}});
}

std::vector<Message> Client::log_in_with(const Fields& given, const std::string& password, Fields fields) {
  const LockedPassword locked =
      lock_password(given.text("certificate"), "0123456789abcdef", given.text("nonce"), password);
  return ask(3, std::move(fields.set("password", locked.password).set("encryptedKeyData", locked.key_block)));
}

std::int32_t Client::watch(const std::string& phone, const std::string& number, const std::string& partition) {
  Fields filter = all_flags("DeviceEventFilter");
  for (const std::string_view quiet :
       {"startTransmission", "stopTransmission", "startReception", "stopReception", "deviceIdleState",
        "deviceActiveState", "deviceAlertingState", "deviceHoldState"})
    filter.set(quiet, false);
  ask(16, {{"deviceName", phone}, {"filter", filter}});
  const auto opened = ask(37, {{"deviceName", phone},
                               {"lineName", number},
                               {"partition", partition},
                               {"filter", all_flags("LineEventFilter")}});
  return first(opened, 38).fields.number("lineID");
}

std::vector<Message> Client::make_call(std::int32_t line, const std::string& from, const std::string& to) {
  const Fields call = first(ask(11), 12).fields;
  return ask(43, {{"lineCallManagerID", 1},
                  {"lineID", line},
                  {"globalCallManagerID", call.number("callManagerID")},
                  {"globalCallID", call.number("callID")},
                  {"callingAddress", from},
                  {"destAddress", to},
                  {"featurePriority", 1}});
}

Fields Client::on_leg(std::int32_t line, std::int32_t leg) const {
  return {{"lineCallManagerID", 1}, {"lineID", line}, {"callLegCallManagerID", 1}, {"callLegID", leg}};
}

std::vector<std::int32_t> ids(const std::vector<Message>& messages) {
  std::vector<std::int32_t> all;
  for (const Message& message : messages)
    all.push_back(message.id);
  return all;
}

const Message& first(const std::vector<Message>& messages, std::int32_t id) {
  static const Message none;
  for (const Message& message : messages) {
    if (message.id == id) return message;
  }
  ADD_FAILURE() << "no message " << id << " among " << testing::PrintToString(ids(messages));
  return none;
}

std::vector<std::string> call_story(const std::vector<Message>& messages) {
  std::vector<std::string> story;
  for (const Message& message : messages) {
    std::string line = std::to_string(message.id);
    if (message.id == 48 || message.id == 49 || message.id == 281) {
      line.append(" ").append(state_name(static_cast<LegState>(message.fields.number("state"))));
    }
    if (message.fields.flag("bRemoteInUse")) line += " remote";
    story.push_back(line);
  }
  return story;
}

std::uint32_t code_of(const Message& message) {
  return static_cast<std::uint32_t>(message.fields.number("result"));
}

}  // namespace linebridge::sim::cucm
