#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "model/devices.hpp"
#include "model/errors.hpp"
#include "model/states.hpp"

/// What a client is answered (ECMA-269 services) as plain values.
namespace linebridge::model {

struct StatusAnswer {
  SystemStatus status;
};
struct FeaturesAnswer {};  ///< Its body comes from the table of services in csta, or from the site.
struct MonitorStarted {
  MonitorId monitor;
  bool existing_calls = false;  ///< The device has calls; they can be asked for by SnapshotDevice.
};
struct CallMade {
  ConnectionId calling;
};

/// The state of a call seen from one device: of each of its connections, the device's own first; in one word;
/// or not known.
using CallStateOfDevice = std::variant<std::monostate, std::vector<LocalConnectionState>, SimpleCallState>;

struct DeviceSnapshot {
  struct Call {
    ConnectionId connection;
    std::optional<EventDevice> endpoint;
    CallStateOfDevice state = {};
  };
  std::vector<Call> calls;
};
struct CallSnapshot {
  struct Party {
    EventDevice device;
    std::optional<ConnectionId> connection = {};
    std::optional<LocalConnectionState> state = {};
  };
  std::vector<Party> parties;
  std::optional<EventDevice> calling, called;
};

struct ConsultationStarted {
  ConnectionId initiated;
};
struct CallTransferred {  ///< Of TransferCall.
  ConnectionId call;
  ConnectionList connections;  ///< May be empty.
};
struct CallSentOn {  ///< Of SingleStepTransferCall.
  ConnectionId call;
  ConnectionList connections;
};
struct CallConferenced {
  ConnectionId call;
  ConnectionList connections;
};

struct MessageWaitingAnswer {
  bool on = false;
  std::optional<DeviceId> about;  ///< deviceForMessage
  std::optional<bool> has_lamp;
};
struct DoNotDisturbAnswer {
  bool on = false;
};
struct ForwardingAnswer {
  struct Item {
    std::optional<ForwardingType> type;
    bool on = false;
    std::optional<DeviceId> to = {};
    std::optional<ForwardDefault> defaulted = {};
    std::optional<std::uint32_t> rings = {};
  };
  std::vector<Item> list;
};

// Done, and nothing to say about it.
struct StatusNoted {};  ///< Of SystemStatus.
struct MonitorStopped {};
struct CallAlternated {};
struct CallAnswered {};
struct CallCleared {};
struct ClearedConnection {};
struct CallDeflected {};
struct CallHeld {};
struct CallReconnected {};
struct CallRetrieved {};
struct DigitsGenerated {};
struct MessageWaitingSet {};
struct DoNotDisturbSet {};
struct ForwardingSet {};

/// CSTAErrorCode.
struct Refused {
  ErrorCode error;
};

using Response =
    std::variant<StatusAnswer, FeaturesAnswer, MonitorStarted, CallMade, DeviceSnapshot, CallSnapshot,
                 ConsultationStarted, CallTransferred, CallSentOn, CallConferenced, MessageWaitingAnswer,
                 DoNotDisturbAnswer, ForwardingAnswer, StatusNoted, MonitorStopped, CallAlternated,
                 CallAnswered, CallCleared, ClearedConnection, CallDeflected, CallHeld, CallReconnected,
                 CallRetrieved, DigitsGenerated, MessageWaitingSet, DoNotDisturbSet, ForwardingSet, Refused>;

}  // namespace linebridge::model
