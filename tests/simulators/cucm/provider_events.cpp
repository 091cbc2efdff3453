#include <utility>

#include "tests/simulators/cucm/call_fields.hpp"
#include "tests/simulators/cucm/message_ids.hpp"
#include "tests/simulators/cucm/provider.hpp"

namespace linebridge::sim::cucm {
namespace {

struct StepWords {
  std::int32_t message;
  Name flag;
};

StepWords words_of(FeatureStep::Step step) {
  switch (step) {
    case FeatureStep::Step::transfer_started: return {id::transfer_started, "bTransferStarted"};
    case FeatureStep::Step::transfer_ended: return {id::transfer_ended, "bTransferEnded"};
    case FeatureStep::Step::conference_started: return {id::conference_started, "bConferenceStarted"};
    case FeatureStep::Step::conference_ended: return {id::conference_ended, "bConferenceEnded"};
  }
  return {id::failure, ""};
}

/// One element even when forwarding is off: this is how an application learns that it went off.
std::vector<Fields> forwarding_now(const Appearance& line) {
  return {{{"CfwdType", line.forward_all.empty() ? 0 : 1}, {"CallFwdDestination", line.forward_all}}};
}

}  // namespace

/// The handle of an open line; 0: it is not open.
Provider::Watch Provider::watch(AppearanceId line) const {
  const auto handle = handle_of_line_.find(line);
  return handle == handle_of_line_.end() ? Watch{} : Watch{handle->second, &lines_.at(handle->second)};
}

/// Likewise, if its filter has the flag set.
Provider::Watch Provider::watch(AppearanceId line, Name flag) const {
  const Watch open = watch(line);
  return open.line && open.line->filter.flag(flag) ? open : Watch{};
}

Provider::Watch Provider::watch(const Leg& leg, Name flag) const {
  if (!closed_calls_.empty() && closed_calls_.count(leg.id) != 0) return {};
  return watch(leg.line, flag);
}

void Provider::tell(const Happening& happening, TimePoint now) {
  now_ = now;
  if (ended_ || phase_ != Phase::open) return;
  const Exchange& exchange = shared_.exchange;
  std::visit(Overloaded{
                 [&](const LegAppeared& e) {
                   const auto at = watch(e.leg, "bNewCallEvent");
                   if (at.line) send(id::new_call, new_call(exchange, e.leg, at.handle));
                 },
                 [&](const LegChanged& e) { tell_state(e); },
                 [&](const PartiesChanged& e) {
                   const auto at = watch(e.leg, "partyInfoChanged");
                   if (at.line) send(id::call_party_info_changed, party_info(exchange, e, at.handle));
                 },
                 [&](const CallReplaced& e) {
                   const auto at = watch(e.leg, "globalCallHandleChanged");
                   if (at.line) send(id::global_call_changed, call_replaced(e, at.handle));
                 },
                 [&](const FeatureStep& e) {
                   const auto at = watch(e.line, words_of(e.step).flag);
                   if (at.line) send(words_of(e.step).message, feature_step(e, at.handle));
                 },
                 [&](const ConferenceChanged& e) {
                   const auto at = watch(e.leg, "bConferenceStarted");
                   if (at.line) send(id::conference_state_changed, conference_changed(exchange, e, at.handle));
                 },
                 [&](const ForwardChanged& e) {
                   const auto at = watch(e.line, "bLineCfwdAllStatus");
                   if (!at.line) return;
                   send(id::line_forward,
                        on_line(at.handle).set("forwardArray", forwarding_now(exchange.lines()[e.line])));
                 },
                 [&](const DndChanged& e) { tell_dnd(e.phone); },
                 [&](const DndOptionChanged& e) { tell_dnd_option(e.phone); },
                 [&](const RegistrationChanged& e) { tell_registration(e); },
                 [&](const PhoneChanged& e) { tell_phone(e); },
                 [&](const LineChanged& e) { tell_line(e); },
                 [&](const LoginChanged& e) { tell_login(e); },
                 [&](const UserChanged& e) { tell_user(e); },
                 [&](const AutoAcceptChanged& e) { tell_auto_accept(e); },
                 [&](const MediaChanged& e) { tell_media(e); },
                 [&](const DigitHeard& e) {
                   const auto at = watch(e.line, "dtmf");
                   if (at.line) send(id::dtmf, on_leg(at.handle, e.leg).set("digit", e.digit));
                 },
                 [&](const ToneChanged& e) {
                   const auto at = watch(e.line);
                   constexpr std::int32_t all_tones = -1;
                   if (!at.line || at.line->filter.number("toneChanged") != all_tones) return;
                   send(id::tone_changed,
                        on_leg(at.handle, e.leg).set("tone", e.tone).set("toneDirection", e.direction));
                 },
             },
             happening);
  if (const auto* appeared = std::get_if<LegAppeared>(&happening)) tell_device_state_of(appeared->leg);
  if (const auto* changed = std::get_if<LegChanged>(&happening)) tell_device_state_of(changed->leg);
}

void Provider::tell_state(const LegChanged& change) {
  const auto at = watch(change.leg, "callStateChanged");
  if (change.leg.state == LegState::idle) closed_calls_.erase(change.leg.id);
  if (!at.line) return;
  send(id::call_state_changed, on_leg(at.handle, change.leg.id)
                                   .set("state", number_of(change.leg.state))
                                   .set("cause", number_of(change.cause))
                                   .set("reason", number_of(change.leg.reason))
                                   .set("bRemoteInUse", change.leg.remote_in_use));
}

void Provider::tell_media(const MediaChanged& change) {
  const auto open = handle_of_device_.find(shared_.exchange.lines()[change.line].phone);
  if (open == handle_of_device_.end() || closed_calls_.count(change.leg) != 0) return;
  const Fields& filter = devices_.at(open->second).filter;
  const auto tell_one = [&](std::int32_t message, Name flag, std::int32_t port) {
    if (!filter.flag(flag)) return;
    constexpr std::int32_t loopback = 0x0100007F, packet_ms = 20, g711_ulaw = 4;
    send(message, {{"deviceCallManagerID", cluster_node},
                   {"deviceID", open->second},
                   {"callCallManagerID", cluster_node},
                   {"callLegID", change.leg},
                   {"ipAddr", loopback},
                   {"rtpPortNumber", port},
                   {"milliSecondPacketSize", packet_ms},
                   {"compressionType", g711_ulaw}});
  };
  constexpr std::int32_t own_port = 24576, far_port = 24578;
  if (change.flows) {
    tell_one(id::start_reception, "startReception", own_port);
    tell_one(id::start_transmission, "startTransmission", far_port);
  } else {
    tell_one(id::stop_reception, "stopReception", own_port);
    tell_one(id::stop_transmission, "stopTransmission", far_port);
  }
}

void Provider::tell_dnd(PhoneId phone) {
  const auto open = handle_of_device_.find(phone);
  if (open == handle_of_device_.end() || !devices_.at(open->second).filter.flag("bDNDChanged")) return;
  send(id::device_dnd_changed, {{"deviceCallManagerID", cluster_node},
                                {"deviceID", open->second},
                                {"dndStatus", shared_.exchange.phones()[phone].dnd}});
}

}  // namespace linebridge::sim::cucm
