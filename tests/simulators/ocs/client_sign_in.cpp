#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "client.hpp"

/// How a client comes, stays and goes.
namespace linebridge::sim::ocs {
namespace {

using std::chrono::seconds;

std::optional<seconds> seconds_in(std::string_view value) {
  const auto number = to_number<std::uint32_t>(trim(value.substr(0, value.find_first_of(";( "))));
  if (!number) return std::nullopt;
  return seconds(*number);
}

std::string status_line(const Message& answer) {
  std::string text = answer.start.substr(std::min<std::size_t>(answer.start.size(), 8));
  const std::string_view diagnostics = answer.get("ms-diagnostics");
  return diagnostics.empty() ? text : text + " (" + printable(diagnostics) + ")";
}

}  // namespace

Status Client::sign_in(TimePoint now) {
  if (state_ != State::signed_out && state_ != State::refused)
    return Error{Errc::refused, "is " + std::string(name_of(state_)) + " already"};
  state_ = State::signing_in;
  failures_ = 0;
  interval_ = settings_.session;
  invite(now);
  return Done{};
}

Status Client::sign_out(TimePoint now) {
  if (state_ == State::signed_out || state_ == State::signing_out)
    return Error{Errc::refused, "is " + std::string(name_of(state_)) + " already"};
  if (state_ == State::refused || again_at_) {
    left();
    return Done{};
  }
  if (!dialog_.up) {
    leaves_ = true;  // a sign-in is under way
    return Done{};
  }
  state_ = State::signing_out;
  if (book_.monitor().empty())
    send_bye(now);
  else
    send_csta(Service::monitor_stop, {}, {}, now);
  return Done{};
}

Status Client::refresh(TimePoint now) {
  if (state_ != State::signed_in) return Error{Errc::refused, "is " + std::string(name_of(state_))};
  refresh_at_.reset();
  if (facts(settings_.flavour).refresh == "UPDATE") {
    send(request("UPDATE", {}), Service::none, {}, now);
  } else {
    const Subject about{settings_.user.line, {}, {}, {}};
    send(request("INVITE", write_request(Service::request_system_status, about)),
         Service::request_system_status, {}, now);
  }
  return Done{};
}

/// A new dialog.
void Client::invite(TimePoint now) {
  again_at_.reset();
  refresh_at_.reset();
  leaves_ = false;
  waiting_.clear();
  echoes_.clear();
  book_.forget();
  step_ = 0;
  dialog_ = {};
  dialog_.call_id = random_.hex(128);
  dialog_.local = "<" + settings_.user.address + ">;tag=" + random_.hex(40) + ";epid=" + epid_;
  dialog_.remote = "<" + settings_.line_server + ">";
  dialog_.target = settings_.line_server;
  const Subject about{settings_.user.line, {}, {}, {}};
  send(request("INVITE", write_request(Service::request_system_status, about)), Service::request_system_status,
       {}, now);
}

/// The final answer to the INVITE that makes the dialog.
void Client::invited(const Message& answer, TimePoint now) {
  if (answer.status() < 300) return establish(answer, now);
  if (leaves_) return left();
  refuse_or_return(answer, now);
}

void Client::establish(const Message& answer, TimePoint now) {
  dialog_.up = true;
  dialog_.remote = answer.get("To");
  if (const auto contact = uri_in(answer.get("Contact")); !contact.empty()) dialog_.target = contact;
  for (const auto& header : answer.headers)
    if (same_name(header.name, "Record-Route")) dialog_.route.insert(dialog_.route.begin(), header.value);
  acknowledge(answer);
  if (node_tag().empty()) wrong("answer without a tag", "200 to INVITE, Call-ID " + dialog_.call_id);
  schedule_refresh(answer, now);
  if (leaves_) {
    state_ = State::signing_out;
    return send_bye(now);
  }
  system_status_ = lower(text_in(answer.body, "systemStatus"));
  if (!settings_.echo && system_status_ != "normal") {
    wrong("system status not normal", "'" + printable(system_status_) + "' in the 200 to INVITE");
    return broken("system status " + system_status_, now);
  }
  next_step(now);
}

void Client::refuse_or_return(const Message& answer, TimePoint now) {
  const int status = answer.status();
  last_refusal_ = status_line(answer);
  const auto wanted = seconds_in(answer.get("Min-SE"));
  if (status == 422 && wanted && *wanted > interval_) {
    interval_ = *wanted;
    return invite(now);
  }
  if (status == 403 || status == 404) {
    state_ = State::refused;
    happenings_.push_back({Happening::What::refused, {}, last_refusal_, status, std::nullopt});
    return;
  }
  if (status != 503) wrong("sign-in failed", last_refusal_);
  happenings_.push_back({Happening::What::broken, {}, last_refusal_, status, std::nullopt});
  const auto pause = seconds_in(answer.get("Retry-After"));
  if (!pause) return come_again(settings_.first_pause, now);
  // Not before the time that was asked for; all who were told the same do not return at once.
  again_at_ = now + *pause + random_.up_to(Duration(*pause) / 4 + settings_.first_pause);
}

/// Sends what the sign-in still lacks; signed in when all of it is answered.
void Client::next_step(TimePoint now) {
  const auto steps = settings_.echo ? std::span<const Service>() : facts(settings_.flavour).sign_in;
  if (step_ < steps.size()) {
    send_csta(steps[step_++], {}, {}, now);
    const bool pipelined = facts(settings_.flavour).pipelines && step_ == 1;
    if (pipelined) send_csta(steps[step_++], {}, {}, now);
    return;
  }
  if (state_ != State::signing_in) return;
  state_ = State::signed_in;
  failures_ = 0;
  ++signed_in_;
  happenings_.push_back({Happening::What::signed_in, {}, node_tag(), 0, std::nullopt});
}

void Client::broken(std::string why, TimePoint now) {
  happenings_.push_back({Happening::What::broken, {}, why, 0, std::nullopt});
  dialog_.up = false;
  waiting_.clear();
  echoes_.clear();
  book_.forget();
  refresh_at_.reset();
  if (state_ == State::signing_out || leaves_) return left();
  state_ = State::signing_in;
  come_again(settings_.first_pause, now);
}

/// Signs in again after a pause, longer from time to time: a site full of clients must not return in one go.
void Client::come_again(Duration pause, TimePoint now) {
  for (unsigned i = 0; i < failures_ && pause < settings_.longest_pause; ++i)
    pause *= 2;
  ++failures_;
  pause = std::min(pause, settings_.longest_pause);
  again_at_ = now + pause / 4 + random_.up_to(pause - pause / 4);
}

/// At half of the interval that the node granted, if it granted one.
void Client::schedule_refresh(const Message& answer, TimePoint now) {
  const auto interval = seconds_in(answer.get("Session-Expires"));
  refresh_at_.reset();
  if (interval && interval->count() > 0) refresh_at_ = now + Duration(*interval) / 2;
}

void Client::send_bye(TimePoint now) {
  refresh_at_.reset();
  book_.forget();
  send(request("BYE", {}), Service::none, {}, now);
}

void Client::left() {
  state_ = State::signed_out;
  dialog_.up = false;
  leaves_ = false;
  again_at_.reset();
  refresh_at_.reset();
  waiting_.clear();
  echoes_.clear();
  book_.forget();
  happenings_.push_back({Happening::What::signed_out, {}, {}, 0, std::nullopt});
}

}  // namespace linebridge::sim::ocs
