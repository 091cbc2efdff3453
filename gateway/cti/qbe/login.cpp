#include "cti/qbe/login.hpp"

#include "cti/qbe/password.hpp"

namespace linebridge::cti::qbe {
namespace {

namespace m = messages;
using Phase = Login::Phase;

/// The plug-in that a CTI Manager looks up for clients of our kind.
constexpr std::string_view plugin_name = "CiscoJTAPI";

/// What leads on. The completion may overtake the response to the open that it completes.
struct Transition {
  Phase from;
  std::uint32_t message;
  Phase to;
};
constexpr Transition transitions[] = {
    {Phase::init, m::provider_init_response.id, Phase::opening},
    {Phase::opening, m::provider_open_response.id, Phase::completing},
    {Phase::opening, m::provider_open_completed_event.id, Phase::capabilities},
    {Phase::completing, m::provider_open_completed_event.id, Phase::capabilities},
    {Phase::capabilities, m::provider_get_capabilities_response.id, Phase::listing},
    {Phase::listing, m::provider_get_all_devices_and_lines_completed_event.id, Phase::done},
};

std::optional<Phase> next(Phase from, std::uint32_t message) {
  for (const auto& step : transitions)
    if (step.from == from && step.message == message) return step.to;
  return std::nullopt;
}

std::string_view words(Phase phase) {
  switch (phase) {
    case Phase::idle: return "nothing";
    case Phase::init: return "ProviderInit";
    case Phase::opening: return "ProviderOpen";
    case Phase::completing: return "the log-in";
    case Phase::capabilities: return "ProviderGetCapabilities";
    case Phase::listing:
    case Phase::listing_in_steps: return "the list of devices";
    case Phase::done: return "nothing";
  }
  return "nothing";
}

struct Verdict {
  std::uint32_t code = 0;
  std::string_view text;
};

/// The result a message brings, wherever its kind has it.
Verdict verdict(std::uint32_t id, const View& view) {
  switch (id) {
    case m::failure_response.id: {
      const std::uint32_t code = view.number(m::failure_response["result"]);
      return {code != 0 ? code : error::failure, view.text(m::failure_response["description"])};
    }
    case m::provider_open_completed_event.id:
      return {view.number(m::provider_open_completed_event["reason"]),
              view.text(m::provider_open_completed_event["failure_description"])};
    case m::provider_get_all_devices_and_lines_completed_event.id:
      return {view.number(m::provider_get_all_devices_and_lines_completed_event["result"]), {}};
    default:
      return {view.number(m::line_close_response["result"]), {}};  // Every response has it in the same place.
  }
}

}  // namespace

void Login::start(Sender& sender) {
  (void)enter(Phase::init, sender);
}

void Login::listed(TimePoint now) {
  if (phase_ == Phase::listing || phase_ == Phase::listing_in_steps)
    deadline_ = now + settings_.complete_within;
}

std::optional<Ending> Login::expired(TimePoint now) const {
  if (!deadline_ || now < *deadline_) return std::nullopt;
  return Ending{Ending::Why::lost, 0, std::string(words(phase_)) + " was not answered in time"};
}

bool Login::ours(std::uint32_t id, const View& view) const {
  switch (id) {
    case m::provider_open_completed_event.id:
      return view.number(m::provider_open_completed_event["seq"]) == seq_;
    case m::provider_get_all_devices_and_lines_completed_event.id:
      return view.number(m::provider_get_all_devices_and_lines_completed_event["request_id"]) == seq_;
    default: return view.number(m::line_close_response["seq"]) == seq_;
  }
}

std::optional<Ending> Login::received(std::uint32_t id, const View& view, Sender& sender) {
  if (id == m::provider_open_response.id && phase_ > Phase::opening) learn(id, view, sender);  // Overtaken.
  const auto to = next(phase_, id);
  const bool refuses = id == m::failure_response.id || id == m::provider_get_all_devices_and_lines_response.id;
  if (phase_ == Phase::idle || phase_ == Phase::done || (!to && !refuses) || !ours(id, view))
    return std::nullopt;
  if (const Verdict no = verdict(id, view); no.code != 0) {
    if (phase_ == Phase::listing && not_offered(no.code)) return enter(Phase::listing_in_steps, sender);
    std::string reason = std::string(words(phase_)) + " was refused: " + code_text(no.code);
    if (!no.text.empty()) reason += " " + std::string(no.text);
    return Ending{why_of_error(no.code), no.code, std::move(reason)};
  }
  if (!to) return std::nullopt;
  learn(id, view, sender);
  return enter(*to, sender);
}

void Login::learn(std::uint32_t id, const View& view, Sender& sender) {
  if (id == m::provider_init_response.id) {
    nonce_ = view.text(m::provider_init_response["nonce"]);
    certificate_ = view.bytes(m::provider_init_response["certificate"]);
  } else if (id == m::provider_open_response.id) {
    constexpr const Layout& r = m::provider_open_response;
    sender.heartbeat().set(view.number(r["client_heartbeat"]), view.number(r["server_heartbeat"]),
                           sender.time());
  } else if (id == m::provider_open_completed_event.id) {
    constexpr const Layout& e = m::provider_open_completed_event;
    sender.heartbeat().set(view.number(e["client_heartbeat"]), view.number(e["server_heartbeat"]),
                           sender.time());
    const auto days = static_cast<std::int32_t>(view.number(e["days_until_password_expiry"]));
    if (days >= 0 && view.has(e["days_until_password_expiry"]))
      learnt_.days_until_password_expires = static_cast<std::uint32_t>(days);
    learnt_.devices_listed_for_user = view.number(e["total_controllable_devices"]);
  } else if (id == m::provider_get_capabilities_response.id) {
    capabilities_are(view.element(m::provider_get_capabilities_response["provider_capabilities_info"]));
  }
}

void Login::capabilities_are(const View& info) {
  constexpr const Layout& c = elements::provider_capabilities_info;
  learnt_.controls_any_device = info.flag(c["control_any_device"]);
  learnt_.most_devices_open = info.number(c["max_number_of_devices_open"]);
}

std::optional<Ending> Login::enter(Phase phase, Sender& sender) {
  phase_ = phase;
  deadline_ = sender.time() + settings_.answer_within;
  const auto only_seq = [](Writer&) {};
  switch (phase) {
    case Phase::idle: break;
    case Phase::init: send_init(sender); break;
    case Phase::opening: return send_open(sender);
    case Phase::completing: deadline_ = sender.time() + settings_.complete_within; break;
    case Phase::capabilities: seq_ = sender.request(m::provider_get_capabilities_request, only_seq); break;
    case Phase::listing:
      deadline_ = sender.time() + settings_.complete_within;
      seq_ = sender.request(m::provider_get_all_devices_and_lines_request, only_seq);
      break;
    case Phase::listing_in_steps: deadline_ = sender.time() + settings_.complete_within; break;
    case Phase::done: deadline_.reset(); break;
  }
  return std::nullopt;
}

void Login::send_init(Sender& sender) {
  constexpr const Layout& r = m::provider_init_request;
  seq_ = sender.request(r, [&](Writer& w) {
    w.put(r["provider"], settings_.provider);
    w.put(r["qbe_client_version"], settings_.client);
    w.put(r["application_id"], settings_.application);
    w.put(r["plugin_name"], plugin_name);
  });
}

std::optional<Ending> Login::send_open(Sender& sender) {
  const auto sealed = seal(settings_.password, nonce_, certificate_, random_);
  if (!sealed) return Ending{Ending::Why::refused, 0, sealed.error().detail};
  constexpr const Layout& r = m::provider_open_request;
  seq_ = sender.request(r, [&](Writer& w) {
    w.put(r["provider"], settings_.provider);
    w.put(r["qbe_client_version"], settings_.client);
    w.put(r["login"], settings_.user);
    w.put(r["password"], sealed.value().password);
    Writer filter = w.element(r["filter"]);
    constexpr const Layout& f = elements::provider_event_filter;
    for (std::uint32_t i = 0; i < f.fields.size(); ++i)
      filter.put(f.at(i), true);
    filter.finish();
    w.put(r["application_id"], settings_.application);
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(settings_.heartbeat).count();
    w.put(r["desired_server_heartbeat_time"], static_cast<std::uint32_t>(seconds));
    w.put(r["plugin_name"], plugin_name);
    w.put(r["application_priority"], 2u);
    w.put(r["encrypted_key_data"], sealed.value().key);
  });
  return std::nullopt;
}

}  // namespace linebridge::cti::qbe
