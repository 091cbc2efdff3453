#include "tests/flow/talker.hpp"

#include "sip/framing/head_view.hpp"

namespace linebridge::test {
namespace {

using namespace std::chrono_literals;

constexpr int most_dialogs = 12;
constexpr int most_tries = 4;

bool out_of_service(const Told& answer) {
  return answer.status == 503 || answer.error == "networkOutOfService";
}

}  // namespace

Talker::Talker(Stage& stage, Person who) : person(std::move(who)), stage_(stage) {}

Answer Talker::sign_in() {
  for (int tries = 0; tries < most_tries && !stage_.over; ++tries) {
    hear();
    if (client_) former_.push_back(client_->peer);
    const std::string call_id = person.name + "-" + std::to_string(++dialogs_) + "-";
    client_ = std::make_unique<Client>(stage_, person.user, person.line, call_id, person.epid);
    monitors_ = false;
    const Answer answer = say([&] { return std::vector{client_->invite()}; }, Again::no);
    if (!answer) continue;
    if (out_of_service(*answer) && !stage_.straight()) {
      stage_.recover();
      continue;
    }
    if (answer->status == 200) {
      client_->to_tag = answer->to_tag;
      stage_.send(peer(), client_->ack());
    }
    return answer;
  }
  return std::nullopt;
}

void Talker::sign_in_anew() {
  const bool again = monitors_;
  if (dialogs_ >= most_dialogs) {
    faults_ += "it cannot stay signed in\n";
    stage_.over = true;
  }
  if (sign_in() && again) monitor();
}

void Talker::sign_in_at_a_stroke() {
  if (!sign_in()) return;
  const auto all = [&] {
    return std::vector{client_->ack(), client_->compose("INFO", csta("<GetCSTAFeatures/>")),
                       client_->compose("INFO", monitor_start())};
  };
  const Answer answer = say(all, Again::yes);
  if (answer && answer->status == 481) return sign_in_anew(), static_cast<void>(monitor());
  if (answer && out_of_service(*answer)) return stage_.recover(), static_cast<void>(monitor());
  monitors_ = answer && !answer->monitor.empty();
  if (monitors_) monitor_ = answer->monitor;
}

std::string Talker::monitor_start() const {
  return csta("<MonitorStart><monitorObject><deviceObject>" + person.line +
              "</deviceObject></monitorObject></MonitorStart>");
}

Answer Talker::monitor() {
  const Answer answer = ask({"INFO", monitor_start(), {}});
  monitors_ = answer && !answer->monitor.empty();
  if (monitors_) monitor_ = answer->monitor;
  return answer;
}

Answer Talker::stop_monitor() {
  monitors_ = false;
  return ask(
      {"INFO", csta("<MonitorStop><monitorCrossRefID>" + monitor_ + "</monitorCrossRefID></MonitorStop>"), {}});
}

Answer Talker::call(std::string_view number) {
  return ask({"INFO",
              csta("<MakeCall><callingDevice>" + person.line + "</callingDevice><calledDirectoryNumber>" +
                   std::string(number) +
                   "</calledDirectoryNumber><autoOriginate>doNotPrompt</autoOriginate></MakeCall>"),
              {}},
             Again::no);
}

Answer Talker::handle(std::string_view service, Which which) {
  // What it has not heard yet may be about the call.
  if (!lost_.empty() || !peer() || stage_.closed(peer())) settle();
  const auto calls = record.calls();
  if (calls.empty()) return std::nullopt;
  const std::string name(service);
  const std::string part = name == "AnswerCall"        ? "callToBeAnswered"
                           : name == "ClearConnection" ? "connectionToBeCleared"
                           : name == "HoldCall"        ? "callToBeHeld"
                                                       : "callToBeRetrieved";
  const std::string& call = which == Which::newest ? calls.back() : calls.front();
  return ask({"INFO",
              csta("<" + name + "><" + part + "><callID>" + call + "</callID><deviceID>" + person.line +
                   "</deviceID></" + part + "></" + name + ">"),
              {}},
             Again::no);
}

Answer Talker::features() {
  return ask({"INFO", csta("<GetCSTAFeatures/>"), {}});
}

Answer Talker::snapshot() {
  return ask({"INFO",
              csta("<SnapshotDevice><snapshotObject>" + person.line + "</snapshotObject></SnapshotDevice>"),
              {}});
}

Answer Talker::refresh(std::string_view method, bool with_status) {
  return ask({std::string(method), with_status ? csta("<RequestSystemStatus/>") : std::string(),
              "Contact: <sip:alice@example.test:34004;maddr=198.51.100.7;transport=tcp>;proxy=replace\r\n"
              "Supported: timer\r\n"});
}

Answer Talker::bye() {
  return ask({"BYE", {}, {}});
}

Answer Talker::ask(const Request& request, Again again) {
  for (int tries = 0; tries < most_tries && !stage_.over; ++tries) {
    const Answer answer =
        say([&] { return std::vector{client_->compose(request.method, request.body, request.extra)}; }, again);
    if (!answer) return std::nullopt;
    if (answer->status == 481 && request.method != "BYE") {
      sign_in_anew();
    } else if (out_of_service(*answer) && !stage_.straight()) {
      stage_.recover();
    } else {
      if (request.method == "INVITE") client_->rewind();
      return answer;
    }
  }
  return std::nullopt;
}

Answer Talker::say(const Compose& compose, Again again) {
  for (int tries = 0; tries < most_tries && !stage_.over; ++tries) {
    come_back();
    std::string segment;
    for (const auto& message : compose()) {
      note(message);
      segment += message;
    }
    const Asked last = record.asked.back();
    if (stage_.strikes(Moment::half)) {
      stage_.send(peer(), segment.substr(0, segment.size() / 2));
      stage_.strike(Moment::half);
      continue;
    }
    stage_.let([&] { stage_.put(peer(), segment); });
    if (const Answer answer = record.answer_to(last.branch)) return answer;
    if (again == Again::no || peer() == last.peer) break;
  }
  return std::nullopt;
}

void Talker::note(const std::string& message) {
  const std::size_t body = message.find("\r\n\r\n") + 4;
  sip::HeadView view;
  if (!view.read(std::string_view(message).substr(0, body)) || view.method() == "ACK") return;
  const std::string service = root_of(std::string_view(message).substr(body));
  record.asked.push_back(
      {std::string(view.top_via_branch()), service.empty() ? std::string(view.method()) : service, peer()});
}

void Talker::come_back() {
  for (const auto& [to, answer] : std::exchange(answers_, {}))
    if (std::find(lost_.begin(), lost_.end(), to) == lost_.end()) stage_.send(to, answer);
  if (!client_ || (client_->peer && !stage_.closed(client_->peer))) return;
  if (stage_.loss == Loss::direct || stage_.loss == Loss::called) {
    client_->peer = stage_.connect();
  } else {
    client_->connect();
  }
  hear();
}

void Talker::lose_connection() {
  if (!client_ || !client_->peer) return;
  const PeerId gone = std::exchange(client_->peer, {});
  listen(gone, false);
  for (auto& each : record.asked)
    if (each.peer == gone) each.lost = true;
  lost_.push_back(gone);
  stage_.disconnect(gone);
}

void Talker::hear() {
  if (!client_ || stage_.blocked()) return;
  for (const auto gone : lost_)
    listen(gone, false);
  for (const auto old : former_)
    listen(old, true);
  for (std::size_t i = 0; i < stage_.taken.size(); ++i)
    listen_to_node(stage_.taken[i].peer);
  if (client_->peer) listen(client_->peer, true);
}

void Talker::listen(PeerId peer, bool arrived) {
  const bool gone = std::find(lost_.begin(), lost_.end(), peer) != lost_.end();
  const PeerId usual = std::exchange(client_->peer, peer);
  for (auto all = client_->take(); !all.empty(); all = client_->take())
    for (const auto& seen : all) {
      if (gone && seen.status() == 0) faults_ += seen.start + " was written to a connection that is gone\n";
      take_in(peer, seen, arrived);
    }
  client_->peer = usual;
}

void Talker::listen_to_node(PeerId peer) {
  const PeerId usual = std::exchange(client_->peer, peer);
  for (auto all = client_->take(); !all.empty(); all = client_->take())
    for (const auto& seen : all)
      if (Talker* const whose = stage_.whose(seen)) whose->take_in(peer, seen, true);
  client_->peer = usual;
}

void Talker::take_in(PeerId peer, const Seen& seen, bool arrived) {
  record.add(seen, arrived);
  if (seen.status() == 0 && arrived) answer(peer, seen);
}

void Talker::answer(PeerId peer, const Seen& seen) {
  const bool event = seen.start.starts_with("INFO ");
  if (event && person.answers == Person::Answers::never) return;
  if (event && person.answers == Person::Answers::late) {
    answers_.emplace_back(peer, answer_200(seen));
  } else {
    stage_.send(peer, answer_200(seen));
  }
}

std::vector<std::string> Talker::news() {
  std::vector<std::string> names;
  for (; read_ < record.told.size(); ++read_) {
    const Told& each = record.told[read_];
    if (each.kind == Told::Kind::event && each.arrived) names.push_back(each.name);
  }
  return names;
}

void Talker::settle() {
  if (stage_.over) return;
  come_back();
  // Without a front end the node learns of a new connection only by a request on it.
  if (stage_.loss == Loss::direct) refresh("UPDATE", false);
  stage_.pass(3s);
}

}  // namespace linebridge::test
