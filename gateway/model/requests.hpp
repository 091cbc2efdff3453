#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "model/ids.hpp"
#include "model/states.hpp"

/// What a client asks for (ECMA-269 services) as plain values. What a client left out is empty; whether it may
/// be left out is up to who serves the request.
namespace linebridge::model {

/// A parameter that is not a text, as a client wrote it: left out, or a value, or something that is none.
template <class T>
struct Parameter {
  std::optional<T> value;
  bool unreadable = false;  ///< It was written, but is no value of its type.
  friend bool operator==(const Parameter&, const Parameter&) = default;
};

// Capability exchange (ECMA-269, 13) and system services (14).
struct GetCstaFeatures {
  friend bool operator==(const GetCstaFeatures&, const GetCstaFeatures&) = default;
};
struct RequestSystemStatus {
  friend bool operator==(const RequestSystemStatus&, const RequestSystemStatus&) = default;
};
/// The service SystemStatus, as a client sends it: it tells its own status.
struct TellSystemStatus {
  Parameter<SystemStatus> status;
  friend bool operator==(const TellSystemStatus&, const TellSystemStatus&) = default;
};

// Monitoring and snapshots (15, 16).
struct MonitorStart {
  DeviceId device = {};
  ConnectionId call = {};  ///< Instead of a device.
  Parameter<MonitorType> type = {};
  friend bool operator==(const MonitorStart&, const MonitorStart&) = default;
};
struct MonitorStop {
  MonitorId monitor;
  friend bool operator==(const MonitorStop&, const MonitorStop&) = default;
};
struct SnapshotCall {
  ConnectionId call;
  friend bool operator==(const SnapshotCall&, const SnapshotCall&) = default;
};
struct SnapshotDevice {
  DeviceId device;
  friend bool operator==(const SnapshotDevice&, const SnapshotDevice&) = default;
};

// Call control (17).
struct AlternateCall {
  ConnectionId held, active;
  friend bool operator==(const AlternateCall&, const AlternateCall&) = default;
};
struct AnswerCall {
  ConnectionId call;
  friend bool operator==(const AnswerCall&, const AnswerCall&) = default;
};
struct ClearCall {
  ConnectionId call;
  Parameter<EventCause> reason;
  friend bool operator==(const ClearCall&, const ClearCall&) = default;
};
struct ClearConnection {
  ConnectionId connection;
  Parameter<EventCause> reason;
  friend bool operator==(const ClearConnection&, const ClearConnection&) = default;
};
struct ConferenceCall {
  ConnectionId held, active;
  friend bool operator==(const ConferenceCall&, const ConferenceCall&) = default;
};
struct ConsultationCall {
  ConnectionId existing;
  DeviceId consulted;  ///< As written.
  Parameter<ConsultOptions> options;
  friend bool operator==(const ConsultationCall&, const ConsultationCall&) = default;
};
struct DeflectCall {
  ConnectionId call;
  DeviceId destination;  ///< As written.
  friend bool operator==(const DeflectCall&, const DeflectCall&) = default;
};
struct HoldCall {
  ConnectionId call;
  friend bool operator==(const HoldCall&, const HoldCall&) = default;
};
struct MakeCall {
  DeviceId calling;
  DeviceId called;      ///< calledDirectoryNumber as written.
  bool prompt = false;  ///< autoOriginate: true lets the phone prompt its user first.
  friend bool operator==(const MakeCall&, const MakeCall&) = default;
};
struct ReconnectCall {
  ConnectionId active, held;
  friend bool operator==(const ReconnectCall&, const ReconnectCall&) = default;
};
struct RetrieveCall {
  ConnectionId call;
  friend bool operator==(const RetrieveCall&, const RetrieveCall&) = default;
};
struct SingleStepTransferCall {
  ConnectionId active;
  DeviceId destination;  ///< transferredTo as written.
  friend bool operator==(const SingleStepTransferCall&, const SingleStepTransferCall&) = default;
};
struct TransferCall {
  ConnectionId held, active;
  friend bool operator==(const TransferCall&, const TransferCall&) = default;
};

// Call associated features (18).
struct GenerateDigits {
  ConnectionId connection;
  std::string digits;  ///< charactersToSend as written.
  Parameter<DigitMode> mode;
  Parameter<std::uint32_t> tone_ms, pause_ms;
  friend bool operator==(const GenerateDigits&, const GenerateDigits&) = default;
};

// Physical and logical device features (21, 22).
struct GetMessageWaitingIndicator {
  DeviceId device;
  friend bool operator==(const GetMessageWaitingIndicator&, const GetMessageWaitingIndicator&) = default;
};
struct SetMessageWaitingIndicator {
  DeviceId device;
  Parameter<bool> on;
  DeviceId about;  ///< deviceForMessage
  friend bool operator==(const SetMessageWaitingIndicator&, const SetMessageWaitingIndicator&) = default;
};
struct GetDoNotDisturb {
  DeviceId device;
  friend bool operator==(const GetDoNotDisturb&, const GetDoNotDisturb&) = default;
};
struct GetForwarding {
  DeviceId device;
  friend bool operator==(const GetForwarding&, const GetForwarding&) = default;
};
struct SetDoNotDisturb {
  DeviceId device;
  Parameter<bool> on;
  friend bool operator==(const SetDoNotDisturb&, const SetDoNotDisturb&) = default;
};
struct SetForwarding {
  DeviceId device;
  Parameter<ForwardingType> type;
  Parameter<bool> on;  ///< activateForward
  DeviceId to;         ///< forwardDN as written.
  Parameter<std::uint32_t> rings;
  friend bool operator==(const SetForwarding&, const SetForwarding&) = default;
};

/// A well-formed CSTA element that is none of the services above.
struct UnknownService {
  std::string name;  ///< Local name of the root element, cut to a length for logs.
  friend bool operator==(const UnknownService&, const UnknownService&) = default;
};
/// A CSTA response, error or event: a client may send none of them as a request.
struct NotARequest {
  std::string name;  ///< As above.
  friend bool operator==(const NotARequest&, const NotARequest&) = default;
};

/// The services stand in the order of the groups of GetCSTAFeatures, and in theirs; csta's table follows it.
using Request = std::variant<GetCstaFeatures, RequestSystemStatus, TellSystemStatus, MonitorStart, MonitorStop,
                             SnapshotCall, SnapshotDevice, AlternateCall, AnswerCall, ClearCall,
                             ClearConnection, ConferenceCall, ConsultationCall, DeflectCall, HoldCall, MakeCall,
                             ReconnectCall, RetrieveCall, SingleStepTransferCall, TransferCall, GenerateDigits,
                             GetMessageWaitingIndicator, SetMessageWaitingIndicator, GetDoNotDisturb,
                             GetForwarding, SetDoNotDisturb, SetForwarding, UnknownService, NotARequest>;

}  // namespace linebridge::model
