#include <utility>

#include "tests/simulators/cucm/call_fields.hpp"
#include "tests/simulators/cucm/message_ids.hpp"
#include "tests/simulators/cucm/provider.hpp"

namespace linebridge::sim::cucm {
namespace {

struct StepWords {
  std::int32_t message;
  std::string_view flag;
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
std::vector<Fields> forward_list(const Appearance& line) {
  return {{{"CfwdType", line.forward_all.empty() ? 0 : 1}, {"CallFwdDestination", line.forward_all}}};
}

}  // namespace

/// The handle of an open line whose filter has the flag set; 0: none.
Provider::Watch Provider::watch(AppearanceId line, std::string_view flag) const {
  const auto handle = handle_of_line_.find(line);
  if (handle == handle_of_line_.end()) return {};
  const OpenLine& opened = lines_.at(handle->second);
  return opened.filter.flag(flag) ? Watch{handle->second, &opened} : Watch{};
}

void Provider::tell(const Happening& happening, TimePoint now) {
  now_ = now;
  if (ended_ || phase_ != Phase::open) return;
  const Exchange& exchange = shared_.exchange;
  std::visit(Overloaded{
                 [&](const LegAppeared& e) {
                   const auto at = watch(e.leg.line, "bNewCallEvent");
                   if (at.line) send(id::new_call, new_call(exchange, e.leg, at.handle));
                 },
                 [&](const LegChanged& e) {
                   const auto at = watch(e.leg.line, "callStateChanged");
                   if (!at.line) return;
                   send(id::call_state_changed, on_leg(at.handle, e.leg.id)
                                                    .set("state", number_of(e.leg.state))
                                                    .set("cause", number_of(e.cause))
                                                    .set("reason", number_of(e.leg.reason))
                                                    .set("bRemoteInUse", e.leg.remote_in_use));
                 },
                 [&](const PartiesChanged& e) {
                   const auto at = watch(e.leg.line, "partyInfoChanged");
                   if (at.line) send(id::call_party_info_changed, party_info(exchange, e, at.handle));
                 },
                 [&](const CallReplaced& e) {
                   const auto at = watch(e.leg.line, "globalCallHandleChanged");
                   if (at.line) send(id::global_call_changed, call_replaced(e, at.handle));
                 },
                 [&](const FeatureStep& e) {
                   const auto at = watch(e.line, words_of(e.step).flag);
                   if (at.line) send(words_of(e.step).message, feature_step(e, at.handle));
                 },
                 [&](const ConferenceChanged& e) {
                   const auto at = watch(e.leg.line, "bConferenceStarted");
                   if (at.line) send(id::conference_state_changed, conference_changed(exchange, e, at.handle));
                 },
                 [&](const ForwardChanged& e) {
                   const auto at = watch(e.line, "bLineCfwdAllStatus");
                   if (!at.line) return;
                   send(id::line_forward,
                        on_line(at.handle).set("forwardArray", forward_list(exchange.lines()[e.line])));
                 },
                 [&](const DndChanged& e) {
                   for (const auto& [handle, device] : devices_) {
                     if (device.phone != e.phone || !device.filter.flag("bDNDChanged")) continue;
                     send(id::device_dnd_changed, {{"deviceCallManagerID", cluster_node},
                                                   {"deviceID", handle},
                                                   {"dndStatus", exchange.phones()[e.phone].dnd}});
                   }
                 },
                 [&](const RegistrationChanged& e) { tell_registration(e.phone); },
             },
             happening);
}

void Provider::tell_registration(PhoneId phone) {
  if (!may_control(phone)) return;
  const bool registered = shared_.exchange.phones()[phone].registered;
  constexpr std::int32_t unregistered_reason = 5, controlled = 1;
  const Fields info = {{"deviceInfo", device_info(shared_.exchange, phone)},
                       {"controllable", true},
                       {"deviceControlFlagBitMask", controlled}};
  if (registered && provider_filter_.flag("deviceRegistered")) send(id::device_registered, info);
  for (const auto& [handle, device] : devices_) {
    if (device.phone != phone) continue;
    if (registered) device_in_service(handle, device);
    for (const auto& [line_handle, line] : lines_) {
      if (line.device != handle) continue;
      if (registered) {
        line_in_service(line_handle);
      } else {
        send(id::line_out_of_service, on_line(line_handle).set("reason", unregistered_reason));
      }
    }
    if (registered) continue;
    send(id::device_out_of_service,
         {{"deviceCallManagerID", cluster_node}, {"deviceID", handle}, {"reason", unregistered_reason}});
  }
  if (!registered && provider_filter_.flag("deviceUnregistered")) send(id::device_unregistered, info);
}

}  // namespace linebridge::sim::cucm
