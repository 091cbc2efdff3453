#include "tests/simulators/cucm/provider.hpp"

#include <algorithm>
#include <utility>

#include "base/catalogue.hpp"
#include "tests/simulators/cucm/call_fields.hpp"
#include "tests/simulators/cucm/known_requests.hpp"
#include "tests/simulators/cucm/message_ids.hpp"

namespace linebridge::sim::cucm {
namespace {

constexpr std::chrono::seconds log_in_within{60};
constexpr int silent_periods = 2;

}  // namespace

Provider::Provider(Shared& shared, std::string manager, std::int32_t number, TimePoint now)
    : shared_(shared), manager_(std::move(manager)), number_(number), now_(now), last_in_(now), last_out_(now) {
  dialect_.version = shared.spec.protocol_versions.front();
}

const std::map<std::int32_t, Provider::Handler>& Provider::handlers() {
  static const std::map<std::int32_t, Handler> table = [] {
    auto all = handlers_of_lines();
    all.merge(handlers_of_calls());
    return all;
  }();
  return table;
}

std::map<std::int32_t, Provider::Handler> Provider::handlers_of_lines() {
  return {
      {id::provider_init, &Provider::on_init},
      {id::provider_open, &Provider::on_open},
      {id::provider_close, &Provider::on_close},
      {id::heartbeat, &Provider::on_heartbeat},
      {id::provider_change_filter, &Provider::on_change_provider_filter},
      {id::provider_get_capabilities, &Provider::on_capabilities},
      {id::provider_get_all_devices, &Provider::on_list_all},
      {id::provider_get_single_device, &Provider::on_list_one},
      {id::get_single_device_info, &Provider::on_device_info},
      {id::device_acquire, &Provider::on_acquire},
      {id::device_release, &Provider::on_release},
      {id::provider_get_devices, &Provider::on_get_devices},
      {id::fetch_devices, &Provider::on_fetch_devices},
      {id::close_devices, &Provider::on_close_devices},
      {id::device_get_lines, &Provider::on_get_lines},
      {id::fetch_lines, &Provider::on_fetch_lines},
      {id::close_lines, &Provider::on_close_lines},
      {id::device_open, &Provider::on_open_device},
      {id::device_register, &Provider::on_register_device},
      {id::device_change_filter, &Provider::on_change_device_filter},
      {id::device_close, &Provider::on_close_device},
      {id::device_get_state, &Provider::on_device_state},
      {id::device_set_dnd, &Provider::on_set_dnd},
      {id::device_get_dnd_option, &Provider::on_dnd_option},
      {id::line_open, &Provider::on_open_line},
      {id::line_change_filter, &Provider::on_change_line_filter},
      {id::line_close, &Provider::on_close_line},
      {id::line_get_info, &Provider::on_line_info},
      {id::line_set_forward, &Provider::on_set_forward},
      {id::line_get_forward, &Provider::on_get_forward},
      {id::line_set_message_waiting, &Provider::on_message_waiting},
      {id::line_set_ringer, &Provider::on_set_ringer},
      {id::line_set_auto_accept, &Provider::on_set_auto_accept},
  };
}

std::map<std::int32_t, Provider::Handler> Provider::handlers_of_calls() {
  return {
      {id::allocate_global_call, &Provider::on_allocate_call},
      {id::line_call_initiate, &Provider::on_initiate},
      {id::call_accept, &Provider::on_accept},
      {id::call_answer, &Provider::on_answer},
      {id::call_disconnect, &Provider::on_disconnect},
      {id::call_hold, &Provider::on_hold},
      {id::call_retrieve, &Provider::on_retrieve},
      {id::call_dial, &Provider::on_dial},
      {id::call_redirect, &Provider::on_redirect},
      {id::call_setup_transfer, &Provider::on_setup_transfer},
      {id::call_setup_conference, &Provider::on_setup_conference},
      {id::call_complete_transfer, &Provider::on_complete_transfer},
      {id::call_complete_conference, &Provider::on_complete_conference},
      {id::call_direct_transfer, &Provider::on_direct_transfer},
      {id::call_join, &Provider::on_join},
      {id::call_drop_party, &Provider::on_drop_party},
      {id::call_play_dtmf, &Provider::on_dtmf},
      {id::call_get_info, &Provider::on_call_info},
      {id::call_blind_transfer, &Provider::on_blind_transfer},
      {id::call_blind_conference, &Provider::on_blind_conference},
      {id::call_close, &Provider::on_call_close},
      {id::call_play_tone, &Provider::on_play_tone},
      {id::call_park, &Provider::on_park},
      {id::line_call_unpark, &Provider::on_unpark},
  };
}

std::optional<Frame> Provider::next(TimePoint now) {
  now_ = now;
  if (ended_) return std::nullopt;
  const FrameReader::Item item = reader_.next();
  if (const auto* frame = std::get_if<Frame>(&item)) return *frame;
  if (const auto* error = std::get_if<Error>(&item)) end(error->detail);
  return std::nullopt;
}

void Provider::heard(const Frame& frame, TimePoint now) {
  now_ = last_in_ = now;
  ++messages_in_;
  request_ = frame.id;
  seq_ = frame.fixed_size >= 4 ? static_cast<std::int32_t>(read_u32(frame.bytes, frame.header_size)) : 0;
}

void Provider::refuse(const Frame& frame, Code code, TimePoint now) {
  heard(frame, now);
  refuse(code);
}

void Provider::take(const Frame& frame, TimePoint now) {
  heard(frame, now);
  const auto& versions = shared_.spec.protocol_versions;
  if (std::find(versions.begin(), versions.end(), frame.version) == versions.end()) {
    return refuse(code::incompatible_version);
  }
  dialect_.version = frame.version;
  const Incoming kind = classify(frame.id);
  if (kind == Incoming::senseless) return refuse(code::unrecognizable_pdu);
  if (kind == Incoming::unserved) {
    return refuse(phase_ == Phase::open ? code::not_implemented : code::provider_not_open);
  }
  const Result<Message> message = decode(frame);
  if (!message) {
    shared_.log.write(catalogue::sim_cti_message_refused,
                      {{"link", manager_}, {"reason", message.error().detail}});
    return refuse(code::illegal_format);
  }
  shared_.traffic.add(now_, manager_, number_, Direction::in, frame.bytes);
  dispatch(message.value());
}

void Provider::dispatch(const Message& request) {
  const bool before_log_in =
      request.id == id::provider_init || request.id == id::provider_open || request.id == id::heartbeat;
  if (phase_ != Phase::open && !before_log_in && request.id != id::provider_close) {
    return refuse(code::provider_not_open);
  }
  const auto found = handlers().find(request.id);
  if (found == handlers().end()) return refuse(code::not_implemented);
  (this->*found->second)(request.fields);
}

void Provider::end(std::string_view why) {
  if (std::exchange(ended_, true)) return;
  leave();
  shared_.log.write(catalogue::sim_cti_connection_ended,
                    {{"link", manager_}, {"connection", std::to_string(number_)}, {"reason", why}});
}

void Provider::send(std::int32_t id, Fields fields) {
  const std::size_t before = output_.bytes.size();
  encode({id, std::move(fields)}, dialect_, output_.bytes);
  output_.parts.push_back({id, output_.bytes.size() - before});
  shared_.traffic.add(now_, manager_, number_, Direction::out, std::string_view(output_.bytes).substr(before));
  last_out_ = now_;
}

void Provider::respond(Fields fields) {
  send(request_ + 1, std::move(fields.set("seq", seq_).set("result", 0)));
}

void Provider::refuse(Code code) {
  send(id::failure, {{"seq", seq_}, {"result", signed_code(code)}, {"description", "request refused"}});
}

void Provider::respond_or_refuse(Code code) {
  code == code::ok ? respond() : refuse(code);
}

void Provider::tick(TimePoint now) {
  now_ = now;
  if (ended_) return;
  if (directory_times_out_ && now >= *directory_times_out_) return complete_open(code::directory_timeout);
  if (phase_ == Phase::fresh) {
    if (now >= last_in_ + log_in_within) end("no log-in");
    return;
  }
  if (now >= last_in_ + silent_periods * shared_.spec.client_heartbeat) {
    constexpr std::int32_t heartbeat_missed = 1;
    return end_provider(heartbeat_missed, "no heartbeat of the client");
  }
  if (now >= last_out_ + server_heartbeat_) send(id::heartbeat);
}

void Provider::shut_down(TimePoint now) {
  now_ = now;
  constexpr std::int32_t unexpected_shutdown = 2;
  if (!ended_ && phase_ == Phase::open) send(id::provider_closed, {{"reason", unexpected_shutdown}});
  end("shutting down");
}

std::optional<TimePoint> Provider::next_deadline() const {
  if (ended_) return std::nullopt;
  if (phase_ == Phase::fresh) return last_in_ + log_in_within;
  const auto heartbeat = std::min<TimePoint>(last_in_ + silent_periods * shared_.spec.client_heartbeat,
                                             last_out_ + server_heartbeat_);
  return directory_times_out_ ? std::min(heartbeat, *directory_times_out_) : heartbeat;
}

Outgoing Provider::take_output() {
  return std::exchange(output_, {});
}

}  // namespace linebridge::sim::cucm
