#include "csta/words.hpp"

#include <array>

namespace linebridge::csta {
namespace {

/// As many words as `last` says, in the order of the enumeration.
template <auto last, class... Words>
constexpr auto list(Words... words) {
  static_assert(sizeof...(Words) == static_cast<std::size_t>(last) + 1);
  return std::array<std::string_view, sizeof...(Words)>{words...};
}

constexpr auto statuses = list<model::SystemStatus::overload_relieved>(
    "initializing", "enabled", "normal", "messagesLost", "disabled", "partiallyDisabled", "overloadImminent",
    "overloadReached", "overloadRelieved");

constexpr auto connection_states = list<model::LocalConnectionState::fail>(
    "null", "initiated", "alerting", "connected", "hold", "queued", "fail");

constexpr auto call_states = list<model::SimpleCallState::blocked>(
    "callNull", "callPending", "callOriginated", "callDelivered", "callDeliveredHeld", "callReceived",
    "callEstablished", "callEstablishedHeld", "callReceivedOnHold", "callEstablishedOnHold", "callQueued",
    "callQueuedHeld", "callFailed", "callFailedHeld", "callBlocked");

constexpr auto causes = list<model::EventCause::switching_function_terminated>(
    "newCall", "normal", "normalClearing", "makeCall", "busy", "doNotDisturb", "destNotObtainable",
    "destOutOfOrder", "invalidNumberFormat", "numberUnallocated", "networkNotObtainable", "networkCongestion",
    "networkOutOfOrder", "trunksBusy", "resourcesNotAvailable", "callCancelled", "callNotAnswered",
    "reorderTone", "blocked", "callForward", "callForwardImmediate", "callForwardBusy", "callForwardNoAnswer",
    "redirected", "callPickup", "park", "recall", "transfer", "singleStepTransfer", "conference",
    "singleStepConference", "consultation", "alternate", "keyOperation", "activeParticipation",
    "silentParticipation", "switchingFunctionTerminated");

constexpr auto forwarding_types = list<model::ForwardingType::do_not_disturb_external>(
    "forwardImmediate", "forwardBusy", "forwardNoAns", "forwardDND", "forwardBusyInt", "forwardBusyExt",
    "forwardNoAnsInt", "forwardNoAnsExt", "forwardImmInt", "forwardImmExt", "forwardDNDInt", "forwardDNDExt");

constexpr auto forward_defaults =
    list<model::ForwardDefault::destination>("forwardingTypeAndForwardDN", "forwardingType", "forwardDN");

constexpr auto monitor_types = list<model::MonitorType::device>("call", "device");
constexpr auto consult_options = list<model::ConsultOptions::conference_only>("unrestricted", "consultOnly",
                                                                              "transferOnly", "conferenceOnly");
constexpr auto digit_modes = list<model::DigitMode::dtmf>("rotaryPulse", "dTMF");

constexpr auto categories = list<model::ErrorCategory::unspecified>(
    "operation", "security", "stateIncompatibility",
    "systemResourceAvailibility",  // so spelt in ECMA-323
    "subscribedResourceAvailability", "performanceManagement", "privateData", "unspecified");

}  // namespace

template <>
std::span<const std::string_view> words_of<model::SystemStatus>() {
  return statuses;
}
template <>
std::span<const std::string_view> words_of<model::LocalConnectionState>() {
  return connection_states;
}
template <>
std::span<const std::string_view> words_of<model::SimpleCallState>() {
  return call_states;
}
template <>
std::span<const std::string_view> words_of<model::EventCause>() {
  return causes;
}
template <>
std::span<const std::string_view> words_of<model::ForwardingType>() {
  return forwarding_types;
}
template <>
std::span<const std::string_view> words_of<model::ForwardDefault>() {
  return forward_defaults;
}
template <>
std::span<const std::string_view> words_of<model::MonitorType>() {
  return monitor_types;
}
template <>
std::span<const std::string_view> words_of<model::ConsultOptions>() {
  return consult_options;
}
template <>
std::span<const std::string_view> words_of<model::DigitMode>() {
  return digit_modes;
}
template <>
std::span<const std::string_view> words_of<model::ErrorCategory>() {
  return categories;
}

}  // namespace linebridge::csta
