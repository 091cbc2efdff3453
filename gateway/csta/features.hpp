#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "model/events.hpp"
#include "model/services.hpp"

/// What this gateway can do, in one place: requests are recognised and refused, events are named, and
/// GetCSTAFeatures is answered from these tables, so nothing is advertised that is not there.
namespace linebridge::csta {

/// Names as in ECMA-323; groups and features as in the capability exchange of ECMA-285.
struct ServiceRow {
  std::string_view root;     ///< Of the request.
  std::string_view group;    ///< In GetCSTAFeaturesResponse.
  std::string_view feature;  ///< In its group.
  bool served;               ///< False: decoded, answered serviceNotSupported, not advertised.
};
struct EventRow {
  std::string_view root;
  std::string_view group;
  std::string_view feature;
  bool told;  ///< False: nothing causes it; not advertised.
};

/// In the order of model::Request, whose last two are no services.
inline constexpr std::array services{
    ServiceRow{"GetCSTAFeatures", "capExchangeServList", "getCSTAFeatures", true},
    ServiceRow{"RequestSystemStatus", "systemStatusServList", "requestSystemStatus", true},
    ServiceRow{"SystemStatus", "systemStatusServList", "systemStatus", true},
    ServiceRow{"MonitorStart", "monitoringServList", "monitorStart", true},
    ServiceRow{"MonitorStop", "monitoringServList", "monitorStop", true},
    ServiceRow{"SnapshotCall", "snapshotServList", "snapshotCall", true},
    ServiceRow{"SnapshotDevice", "snapshotServList", "snapshotDevice", true},
    ServiceRow{"AlternateCall", "callControlServList", "alternateCall", false},
    ServiceRow{"AnswerCall", "callControlServList", "answerCall", true},
    ServiceRow{"ClearCall", "callControlServList", "clearCall", false},
    ServiceRow{"ClearConnection", "callControlServList", "clearConnection", true},
    ServiceRow{"ConferenceCall", "callControlServList", "conferenceCall", false},
    ServiceRow{"ConsultationCall", "callControlServList", "consultationCall", false},
    ServiceRow{"DeflectCall", "callControlServList", "deflectCall", false},
    ServiceRow{"HoldCall", "callControlServList", "holdCall", true},
    ServiceRow{"MakeCall", "callControlServList", "makeCall", true},
    ServiceRow{"ReconnectCall", "callControlServList", "reconnectCall", false},
    ServiceRow{"RetrieveCall", "callControlServList", "retrieveCall", true},
    ServiceRow{"SingleStepTransferCall", "callControlServList", "singleStepTransfer", false},
    ServiceRow{"TransferCall", "callControlServList", "transferCall", false},
    ServiceRow{"GenerateDigits", "callAssociatedServList", "generateDigits", false},
    ServiceRow{"GetMessageWaitingIndicator", "physDevServList", "getMessageWaitingIndicator", false},
    ServiceRow{"SetMessageWaitingIndicator", "physDevServList", "setMessageWaitingIndicator", false},
    ServiceRow{"GetDoNotDisturb", "logicalServList", "getDoNotDisturb", false},
    ServiceRow{"GetForwarding", "logicalServList", "getForwarding", false},
    ServiceRow{"SetDoNotDisturb", "logicalServList", "setDoNotDisturb", false},
    ServiceRow{"SetForwarding", "logicalServList", "setForwarding", false},
};
static_assert(services.size() + 2 == std::variant_size_v<model::Request>);

/// In the order of model::Event.
inline constexpr std::array events{
    EventRow{"ConferencedEvent", "callControlEvtsList", "conferenced", false},
    EventRow{"ConnectionClearedEvent", "callControlEvtsList", "connectionCleared", true},
    EventRow{"DeliveredEvent", "callControlEvtsList", "delivered", true},
    EventRow{"DivertedEvent", "callControlEvtsList", "diverted", false},
    EventRow{"EstablishedEvent", "callControlEvtsList", "established", true},
    EventRow{"FailedEvent", "callControlEvtsList", "failed", true},
    EventRow{"HeldEvent", "callControlEvtsList", "held", true},
    EventRow{"NetworkReachedEvent", "callControlEvtsList", "netwReached", false},
    EventRow{"OriginatedEvent", "callControlEvtsList", "originated", true},
    EventRow{"RetrievedEvent", "callControlEvtsList", "retrieved", true},
    EventRow{"ServiceInitiatedEvent", "callControlEvtsList", "serviceInitiated", false},
    EventRow{"TransferedEvent", "callControlEvtsList", "transferred", false},
    EventRow{"MessageWaitingEvent", "physDevEvtsList", "messageWaiting", false},
    EventRow{"DoNotDisturbEvent", "logicalEvtsList", "doNotDisturb", false},
    EventRow{"ForwardingEvent", "logicalEvtsList", "forwarding", false},
    EventRow{"BackInServiceEvent", "deviceMaintEvtsList", "backInService", false},
    EventRow{"OutOfServiceEvent", "deviceMaintEvtsList", "outOfService", false},
};
static_assert(events.size() == std::variant_size_v<model::Event>);

/// Root elements in the order of model::Response.
inline constexpr std::array<std::string_view, 28> responses{"RequestSystemStatusResponse",
                                                            "GetCSTAFeaturesResponse",
                                                            "MonitorStartResponse",
                                                            "MakeCallResponse",
                                                            "SnapshotDeviceResponse",
                                                            "SnapshotCallResponse",
                                                            "ConsultationCallResponse",
                                                            "TransferCallResponse",
                                                            "SingleStepTransferCallResponse",
                                                            "ConferenceCallResponse",
                                                            "GetMessageWaitingIndicatorResponse",
                                                            "GetDoNotDisturbResponse",
                                                            "GetForwardingResponse",
                                                            "SystemStatusResponse",
                                                            "MonitorStopResponse",
                                                            "AlternateCallResponse",
                                                            "AnswerCallResponse",
                                                            "ClearCallResponse",
                                                            "ClearConnectionResponse",
                                                            "DeflectCallResponse",
                                                            "HoldCallResponse",
                                                            "ReconnectCallResponse",
                                                            "RetrieveCallResponse",
                                                            "GenerateDigitsResponse",
                                                            "SetMessageWaitingIndicatorResponse",
                                                            "SetDoNotDisturbResponse",
                                                            "SetForwardingResponse",
                                                            "CSTAErrorCode"};
static_assert(responses.size() == std::variant_size_v<model::Response>);

/// The row of the service that a request asks for; nullptr for what is no service of the table.
inline const ServiceRow* row_of(const model::Request& request) {
  return request.index() < services.size() ? &services[request.index()] : nullptr;
}
inline const EventRow& row_of(const model::Event& event) {
  return events[event.index()];
}

/// What a request is refused with before anybody serves it; nothing if it is to be served. A service that is
/// not served: serviceNotSupported. A response, an error or an event in place of a request: operation/generic,
/// as the more specific values of ECMA-269 (universal failures) all speak of a request's object or parameters.
std::optional<model::ErrorCode> refusal_of(const model::Request& request);

/// The longest body that check_features takes.
inline constexpr std::size_t most_features_bytes = 64 * 1024;

/// Looks at the body a site wants GetCSTAFeatures to be answered with. Value: the services it advertises
/// although they are not served, by feature. Errors: those of XmlReader::read, and unsupported if it is no
/// GetCSTAFeaturesResponse of an edition of CSTA.
Result<std::vector<std::string>> check_features(std::string_view body);

}  // namespace linebridge::csta
