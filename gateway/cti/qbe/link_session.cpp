#include "cti/qbe/link_session.hpp"

#include <algorithm>
#include <utility>

#include "base/catalogue.hpp"
#include "base/result.hpp"
#include "cti/qbe/messages.hpp"

/// What a session does by itself; what messages do to it stands in link_events.cpp.
namespace linebridge::cti::qbe {
namespace {

using driver::Answered;
using driver::Failure;

std::optional<TimePoint> earlier(std::optional<TimePoint> a, std::optional<TimePoint> b) {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

bool of_lines(Step step) {
  return step <= Step::close_line;
}

}  // namespace

LinkSession::LinkSession(Settings settings, Random& random, Counters& counters, Log& log)
    : settings_(std::move(settings)),
      counters_(counters),
      log_(log),
      wire_{dialect(settings_.protocol_version), 0, {}},
      reader_(settings_.frame_bytes),
      login_(settings_.login, random),
      jobs_(settings_.outstanding),
      lines_(jobs_, counters, settings_.login.answer_within),
      calls_(jobs_, lines_, settings_.login.answer_within) {}

void LinkSession::start(Turn turn) {
  Sender sender(wire_, turn.bytes, counters_, turn.now);
  login_.start(sender);
}

void LinkSession::received(std::string_view data, Turn turn) {
  const std::size_t from = turn.events.size();
  Sender sender(wire_, turn.bytes, counters_, turn.now);
  while (!ended_) {
    const auto item = reader_.next(data);
    if (std::holds_alternative<FrameReader::NeedMore>(item)) break;
    if (const auto* error = std::get_if<Error>(&item)) {
      counters_.add(Counter::cti_malformed);
      end({Ending::Why::malformed, 0, error->detail});
      break;
    }
    message(std::get<Frame>(item), turn, sender);
  }
  settle(turn.events, from);
  if (!ended_) pump(turn, sender);
}

void LinkSession::tick(Turn turn) {
  if (ended_) return;
  const std::size_t from = turn.events.size();
  Sender sender(wire_, turn.bytes, counters_, turn.now);
  if (auto ending = login_.expired(turn.now)) end(std::move(*ending));
  if (wire_.heartbeat.lost(turn.now)) end({Ending::Why::lost, 0, "no heartbeat of the CTI Manager"});
  if (!ended_) expire(turn);
  settle(turn.events, from);
  if (ended_) return;
  pump(turn, sender);
  if (wire_.heartbeat.must_send(turn.now)) sender.beat();
}

void LinkSession::expire(Turn& turn) {
  while (const auto expired = jobs_.expire(turn.now)) {
    const Job& job = expired->job;
    const auto name = request_of(job.step).name;
    counters_.add(Counter::cti_timeouts);
    log_.write(catalogue::link_request_timeout,
               {{"link", settings_.name}, {"request", name}, {"sent", expired->sent ? "yes" : "no"}});
    if (of_lines(job.step))
      lines_.expired(job, turn);
    else if (job.step == Step::fetch_device)
      fetching_.erase(job.device);
    else
      calls_.expired(job, expired->sent.has_value(), turn);
    if (expired->sent && wire_.heartbeat.heard_at() <= *expired->sent)
      end({Ending::Why::lost, 0, std::string(name) + " was not answered, and nothing else came since"});
  }
}

void LinkSession::pump(Turn& turn, Sender& sender) {
  while (const Job* const job = jobs_.send_next(sender.next_seq(), turn.now))
    send(*job, sender);
}

void LinkSession::request(driver::OperationId id, const driver::Operation& operation, Turn turn) {
  if (!in_service()) {
    turn.events.emplace_back(Answered{id, Failure{Failure::Kind::link_lost, 0, "the link is not in service"}});
    return;
  }
  if (unanswered_.size() >= settings_.outstanding + settings_.waiting) {
    counters_.add(Counter::cti_queue_full);
    turn.events.emplace_back(Answered{id, Failure{Failure::Kind::queue_full, 0, "too many operations wait"}});
    return;
  }
  const std::size_t from = turn.events.size();
  Sender sender(wire_, turn.bytes, counters_, turn.now);
  unanswered_.insert(id);
  std::visit(Overloaded{
                 [&](const driver::OpenLine& wanted) { lines_.open(id, wanted, turn); },
                 [&](const driver::CloseLine& wanted) { lines_.close(id, wanted.line, turn); },
                 [&](const driver::MakeCall& wanted) { calls_.make(id, wanted, turn); },
                 [&](const driver::AnswerCall& wanted) { calls_.answer(id, wanted, turn.now); },
                 [&](const driver::Disconnect& wanted) { calls_.disconnect(id, wanted, turn.now); },
                 [&](const auto&) {
                   turn.events.emplace_back(
                       Answered{id, Failure{Failure::Kind::refused, error::failure, "not offered"}});
                 },
             },
             operation);
  settle(turn.events, from);
  pump(turn, sender);
}

void LinkSession::close(Turn turn) {
  if (ended_) return;
  Sender sender(wire_, turn.bytes, counters_, turn.now);
  if (login_.phase() > Login::Phase::init) sender.request(messages::provider_close_request, [](Writer&) {});
  end({Ending::Why::lost, 0, "closed by us"});
}

void LinkSession::abandon(std::vector<driver::Event>& events) {
  for (const auto id : std::exchange(unanswered_, {}))
    events.emplace_back(
        Answered{id, Failure{Failure::Kind::link_lost, 0, ended_ ? ended_->reason : "link lost"}});
}

/// Notes which operations the new events answer.
void LinkSession::settle(const std::vector<driver::Event>& events, std::size_t from) {
  for (std::size_t i = from; i < events.size(); ++i)
    if (const auto* answered = std::get_if<Answered>(&events[i])) unanswered_.erase(answered->operation);
}

std::optional<TimePoint> LinkSession::next_deadline() const {
  if (ended_) return std::nullopt;
  return earlier(wire_.heartbeat.next(), earlier(login_.deadline(), jobs_.next_deadline()));
}

void LinkSession::response(std::uint32_t id, const View& view, Turn& turn) {
  const std::uint32_t seq = view.number(messages::line_close_response["seq"]);
  const Job* const sent = jobs_.find(seq);
  if (sent == nullptr) {
    counters_.add(Counter::cti_stray_answers);
    return;
  }
  if (id != messages::failure_response.id && id != request_of(sent->step).id + 1) {
    counters_.add(Counter::cti_stray_answers);
    return log_message(catalogue::link_answer_refused, id, request_of(sent->step).name);
  }
  const auto taken = jobs_.take(seq);
  const Job& job = taken->job;
  const Reply reply = reply_of(id, view);
  if (taken->late) {
    counters_.add(Counter::cti_late_answers);
    log_message(catalogue::link_late_answer, id, request_of(job.step).name);
    return of_lines(job.step) ? lines_.replied_late(job, reply, turn)
                              : calls_.replied_late(job, reply, turn.now);
  }
  if (of_lines(job.step)) return lines_.replied(job, reply, turn);
  if (job.step == Step::fetch_device) return fetched(job, reply);
  calls_.replied(job, reply, turn);
}

void LinkSession::fetched(const Job& job, const Reply& reply) {
  fetching_.erase(job.device);
  if (!reply.ok()) inventory_.device_removed(job.device);
}

void LinkSession::log_message(const LogKind& kind, std::uint32_t id, std::string_view reason) {
  log_.write(kind, {{"link", settings_.name}, {"message", std::to_string(id)}, {"reason", reason}});
}

}  // namespace linebridge::cti::qbe
