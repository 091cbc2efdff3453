#include "lb/app/process_watch.hpp"

#include <utility>

#include "base/catalogue.hpp"
#include "lb/haproxy/runtime.hpp"

namespace linebridge::lb::app {
namespace {

constexpr Duration every = std::chrono::seconds(1);
constexpr Duration every_when_away = std::chrono::milliseconds(100);
constexpr Duration answer_within = std::chrono::seconds(2);
constexpr Duration start_within = std::chrono::seconds(10);  // HAProxy starts after us, or beside us
constexpr std::size_t longest_answer = 64 * 1024;

}  // namespace

bool ProcessWatch::on(const net::Shell::Event& event, TimePoint now, Outbox& out) {
  if (std::holds_alternative<Tick>(event)) tick(now, out);
  if (std::holds_alternative<Stop>(event)) {
    stopped_ = true;
    give_up(out);
  }
  if (const auto* up = std::get_if<Opened>(&event)) {
    if (up->from.listener == Listener::sip) first_client(now, out);
    if (!mine(up->peer)) return false;
    out.to(peer_).append(haproxy::show_process());
    return true;
  }
  if (const auto* got = std::get_if<Bytes>(&event)) {
    if (!mine(got->peer)) return false;
    bytes(got->bytes, out);
    return true;
  }
  if (const auto* end = std::get_if<Closed>(&event)) {
    if (!mine(end->peer)) return false;
    peer_ = {};
    closed(now);
    return true;
  }
  return false;
}

void ProcessWatch::closed(TimePoint now) {
  due_ = now + (answer_.empty() ? every_when_away : every);
  if (!answer_.empty()) return answered(haproxy::parse_process_id(answer_));
  if (process_ || now >= begun_.value_or(now) + start_within)
    answered(Error{Errc::closed, "nobody answers there"});
}

std::optional<TimePoint> ProcessWatch::next_deadline() const {
  if (stopped_) return std::nullopt;
  return due_;
}

bool ProcessWatch::take_reload() {
  return std::exchange(reloaded_, false);
}

// HAProxy brought it, so HAProxy can be asked: legs of the next second shall not be those of an unknown
// process.
void ProcessWatch::first_client(TimePoint now, Outbox& out) {
  if (process_ || peer_) return;
  due_ = now;
  tick(now, out);
}

void ProcessWatch::tick(TimePoint now, Outbox& out) {
  if (!begun_) begun_ = now;
  if (stopped_ || now < due_) return;
  if (peer_) {
    give_up(out);
    answered(Error{Errc::timed_out, "no answer in time"});
    due_ = now + every;
    return;
  }
  answer_.clear();
  Target target;
  target.address = admin_;
  target.limit = answer_within;
  peer_ = out.dial(target);
  due_ = now + answer_within;
}

// HAProxy closes after its answer.
void ProcessWatch::bytes(std::string_view bytes, Outbox& out) {
  answer_.append(bytes);
  if (answer_.size() <= longest_answer) return;
  give_up(out);
  answered(Error{Errc::too_long, "its answer does not end"});
}

void ProcessWatch::give_up(Outbox& out) {
  if (peer_) out.close(peer_, Flush::no);
  peer_ = {};
}

void ProcessWatch::answered(const Result<std::uint64_t>& process) {
  const bool here = static_cast<bool>(process);
  if (!here && !away_)
    log_.write(catalogue::haproxy_away, {{"socket", to_text(admin_)}, {"reason", process.error().detail}});
  if (here && away_) log_.write(catalogue::haproxy_back, {{"socket", to_text(admin_)}});
  away_ = !here;
  if (!here) return;
  const auto before = std::exchange(process_, process.value());
  if (!before || *before == process.value()) return;
  log_.write(catalogue::haproxy_reloaded,
             {{"process", std::to_string(process.value())}, {"before", std::to_string(*before)}});
  reloaded_ = true;
}

}  // namespace linebridge::lb::app
