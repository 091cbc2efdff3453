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
      calls_(jobs_, lines_, settings_.login.answer_within),
      features_(jobs_, lines_, settings_.login.answer_within),
      census_(jobs_, inventory_, lines_, counters, settings_.login.answer_within) {}

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
    switch (owner_of(job.step)) {
      case Owner::lines: lines_.expired(job, turn); break;
      case Owner::calls: calls_.expired(job, expired->sent.has_value(), turn); break;
      case Owner::features: features_.expired(job, turn); break;
      case Owner::census: census_.expired(job, turn); break;
    }
    if (expired->sent && !job.responded && wire_.heartbeat.heard_at() <= *expired->sent)
      end({Ending::Why::lost, 0, std::string(name) + " was not answered, and nothing else came since"});
  }
}

void LinkSession::pump(Turn& turn, Sender& sender) {
  // Changes told while everything is listed are looked into when it is: an answer may be older than they are.
  if (in_service() || census_.listing()) census_.pump(turn.now);
  if (login_.phase() == Login::Phase::listing_in_steps) listed(turn);
  if (ended_) return;
  while (const Job* const job = jobs_.send_next(sender.next_seq(), turn.now, calls_.in_order())) {
    send(*job, sender);
    calls_.sent(*job);
  }
}

/// Looks how far the list in single steps is.
void LinkSession::listed(Turn& turn) {
  if (census_.failed()) return end(*census_.failed());
  if (census_.listing()) return;
  login_.all_listed();
  turn.events.emplace_back(driver::LinkInService{});
  census_.pump(turn.now);
}

void LinkSession::refuse(driver::OperationId id, driver::Failure why, Turn& turn) {
  turn.events.emplace_back(Answered{id, std::move(why)});
}

void LinkSession::request(driver::OperationId id, const driver::Operation& operation, Turn turn) {
  if (!in_service()) return refuse(id, {Failure::Kind::link_lost, 0, "the link is not in service"}, turn);
  if (unanswered_.size() >= settings_.outstanding + settings_.waiting) {
    counters_.add(Counter::cti_queue_full);
    return refuse(id, {Failure::Kind::queue_full, 0, "too many operations wait"}, turn);
  }
  if (std::holds_alternative<driver::AcquireDevice>(operation) && !learnt().controls_any_device)
    return refuse(id, refused(error::no_access, "the user may control listed devices only"), turn);
  const std::size_t from = turn.events.size();
  Sender sender(wire_, turn.bytes, counters_, turn.now);
  unanswered_.insert(id);
  const auto start = [&](const auto& wanted) {
    if constexpr (requires { lines_.start(id, wanted, turn); })
      lines_.start(id, wanted, turn);
    else if constexpr (requires { calls_.start(id, wanted, turn); })
      calls_.start(id, wanted, turn);
    else if constexpr (requires { features_.start(id, wanted, turn); })
      features_.start(id, wanted, turn);
    else
      census_.start(id, wanted, turn);
  };
  std::visit(start, operation);
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
  Job* const sent = jobs_.find(seq);
  if (sent == nullptr) return counters_.add(Counter::cti_stray_answers);
  if (sent->responded || (id != messages::failure_response.id && id != request_of(sent->step).id + 1)) {
    counters_.add(Counter::cti_stray_answers);
    return log_message(catalogue::link_answer_refused, id, request_of(sent->step).name);
  }
  const Reply reply = reply_of(id, view);
  sent->responded = true;
  if (completion_of(sent->step) != nullptr && reply.ok() && !sent->completed) return;
  finish(seq, reply, turn);
}

/// The second half of an answer. It may come before the first.
void LinkSession::completion(const Layout& event, std::uint32_t seq, std::uint32_t code, const View& view,
                             Turn& turn) {
  Job* const sent = jobs_.find(seq);
  if (sent == nullptr || completion_of(sent->step) != &event || sent->completed)
    return counters_.add(Counter::cti_stray_answers);
  sent->completed = true;
  if (sent->responded || code != 0) finish(seq, Reply{code, {}, view}, turn);
}

void LinkSession::finish(std::uint32_t seq, const Reply& reply, Turn& turn) {
  auto taken = jobs_.take(seq);
  Job& job = taken->job;
  job.responded = job.completed = false;  // The job that goes on from here begins as a copy.
  if (taken->late) return finish_late(job, reply, turn);
  switch (owner_of(job.step)) {
    case Owner::lines: return lines_.replied(job, reply, turn);
    case Owner::calls: return calls_.replied(job, reply, turn);
    case Owner::features: return features_.replied(job, reply, turn);
    case Owner::census: login_.listed(turn.now); return census_.replied(job, reply, turn);
  }
}

void LinkSession::finish_late(const Job& job, const Reply& reply, Turn& turn) {
  const Layout& request = request_of(job.step);
  counters_.add(Counter::cti_late_answers);
  log_message(catalogue::link_late_answer, request.id, request.name);
  switch (owner_of(job.step)) {
    case Owner::lines: return lines_.replied_late(job, reply, turn);
    case Owner::calls: return calls_.replied_late(job, reply, turn.now);
    case Owner::features: return features_.replied_late(job, reply, turn);
    case Owner::census: return census_.replied_late(job, reply, turn.now);
  }
}

void LinkSession::log_message(const LogKind& kind, std::uint32_t id, std::string_view reason) {
  log_.write(kind, {{"link", settings_.name}, {"message", std::to_string(id)}, {"reason", reason}});
}

}  // namespace linebridge::cti::qbe
