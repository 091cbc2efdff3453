#include "tests/simulators/cucm/layout.hpp"

namespace linebridge::sim::cucm {
namespace {

// Devices and lines.
constexpr LayoutText table[] = {
    {15, "DeviceRegisteredEvent",
     "deviceInfo:DeviceInfo loginAllowed:b loginUserID:u controllable:b reason:i registrationType:i "
     "unicodeEnabled:i ctiControl:i ipV4addr:i ipV6addr:y activeIPAddrMode:i deviceUserPolicy:i "
     "deviceAppPolicy:i deviceControlFlagBitMask:i"},
    {16, "DeviceOpenRequest", "@REQ deviceName:s filter:DeviceEventFilter softkeysApplicationId:i"},
    {17, "DeviceOpenResponse", "@RSP @DEV deviceInfo:DeviceInfo"},
    {18, "DeviceRegisterDeviceRequest",
     "@REQ deviceName:s ipAddr:i rtpPortNumber:i mediaSpecificationTimeout:i mediaCaps:MediaCapability[] "
     "filter:DeviceEventFilter mediaRegistrationType:i failureCloseDelay:i algorithmIDs:i[] "
     "rtpDest_v6:RTPDestinationV6 activeIpAddressingMode:i"},
    {19, "DeviceRegisterDeviceResponse", "@RSP @DEV deviceInfo:DeviceInfo"},
    {20, "DeviceChangeEventFilterRequest", "@REQ @DEV filter:DeviceEventFilter"},
    {21, "DeviceChangeEventFilterResponse", "@RSP @DEV"},
    {22, "DeviceCloseRequest", "@REQ @DEV"},
    {23, "DeviceCloseResponse", "@RSP @DEV"},
    {24, "DeviceGetLineInfoRequest", "@REQ deviceName:s"},
    {25, "DeviceGetLineInfoResponse", "@RSP enumerationHandle:i"},
    {30, "DeviceClosedEvent", "@DEVEV reason:i"},
    {31, "DeviceModeChangedEvent", "@DEVEV mode:i"},
    {37, "LineOpenRequest",
     "@REQ deviceName:s lineName:s filter:LineEventFilter autoAcceptStatus:i partition:s"},
    {38, "LineOpenResponse", "@RSP @LINE autoAcceptStatus:i"},
    {39, "LineChangeEventFilterRequest", "@REQ @LINE filter:LineEventFilter"},
    {40, "LineChangeEventFilterResponse", "@RSP @LINE"},
    {41, "LineCloseRequest", "@REQ @LINE"},
    {42, "LineCloseResponse", "@RSP @LINE"},
    {43, "LineCallInitiateRequest",
     "@REQ @LINE globalCallManagerID:i globalCallID:i callingAddress:s destAddress:s userData:y "
     "mediaDeviceName:s mediaResourceId:i featurePriority:i"},
    {44, "LineCallInitiateResponse", "@RSP @LINE callManagerID:i callLegID:i"},
    {45, "LineGetInfoRequest", "@REQ @LINE"},
    {46, "LineGetInfoResponse",
     "@RSP @LINE deviceName:s lineDir:s numActiveCalls:i maxActiveCalls:i numCallsOnHold:i maxCallsOnHold:i "
     "numHoldPending:i maxHoldPending:i calls:CtiCallHandle[] canTransfer:b canBlindTransfer:b canHold:b "
     "canPark:b canConference:b canCompleteCall:b canForward:b messageWaitingLampMode:i "
     "fwdInfo:CtiForwardInfo[] linePartition:s numParkedCalls:i"},
    {47, "LineClosedEvent", "@LINE reason:i"},
    {90, "StartReceptionEvent",
     "@DEVEV callCallManagerID:i callLegID:i ipAddr:i rtpPortNumber:i milliSecondPacketSize:i "
     "compressionType:i useEchoCancellation:b bitRate:i mediaDeviceName:s mediaResourceId:i "
     "mediaConnectionMode:i rtpDest_v6:RTPDestinationV6 activeIpAddressingMode:i"},
    {91, "StartTransmissionEvent",
     "@DEVEV callCallManagerID:i callLegID:i ipAddr:i rtpPortNumber:i milliSecondPacketSize:i "
     "compressionType:i precedenceValue:i useSilenceSuppression:b maxFramesPerPacket:i bitRate:i "
     "mediaDeviceName:s mediaResourceId:i mediaConnectionMode:i rtpDest_v6:RTPDestinationV6 "
     "activeIpAddressingMode:i"},
    {92, "StopReceptionEvent",
     "@DEVEV callCallManagerID:i callLegID:i mediaDeviceName:s mediaResourceId:i mediaConnectionMode:i"},
    {93, "StopTransmissionEvent",
     "@DEVEV callCallManagerID:i callLegID:i mediaDeviceName:s mediaResourceId:i mediaConnectionMode:i"},
    {94, "GetDeviceInfoFetchRequest", "@REQ enumerationHandle:i count:i"},
    {95, "GetDeviceInfoFetchResponse", "@RSP info:DeviceInfo[] more:b deviceControlFlagBitMask:i[]"},
    {96, "GetDeviceInfoCloseRequest", "@REQ enumerationHandle:i"},
    {97, "GetDeviceInfoCloseResponse", "@RSP"},
    {98, "GetLineInfoFetchRequest", "@REQ enumerationHandle:i count:i"},
    {99, "GetLineInfoFetchResponse", "@RSP info:LineInfo[] more:b"},
    {100, "GetLineInfoCloseRequest", "@REQ enumerationHandle:i"},
    {101, "GetLineInfoCloseResponse", "@RSP"},
    {102, "LineSetMessageWaitingRequest",
     "@REQ @LINE lineName:s lampMode:i voiceCounts:b totalNewVoiceMsgs:i totalOldVoiceMsgs:i "
     "highPriorityVoiceCounts:b newHighPriorityVoiceMsgs:i oldHighPriorityVoiceMsgs:i faxCounts:b "
     "totalNewFaxMsgs:i totalOldFaxMsgs:i highPriorityFaxCounts:b newHighPriorityFaxMsgs:i "
     "oldHighPriorityFaxMsgs:i"},
    {103, "LineSetMessageWaitingResponse", "@RSP @LINE"},
    {111, "DeviceOutOfServiceEvent", "@DEVEV reason:i"},
    {112, "DeviceInServiceEvent", "@DEVEV locale:i supportedEncoding:i altScript:s dndStatus:b dndOption:i"},
    {113, "LineOutOfServiceEvent", "@LINE reason:i"},
    {114, "LineInServiceEvent",
     "@LINE defaultIntercomInfo:LineIntercomSpeedDialInfo currentIntercomInfo:LineIntercomSpeedDialInfo "
     "isIntercomTargetSet:b"},
    {121, "LineSetForwardRequest", "@REQ @LINE FwdDestnInfo:CtiCallForwardInformation[]"},
    {122, "LineSetForwardResponse", "@RSP @LINE"},
    {123, "LineForwardEvent", "@LINE forwardArray:CtiCallForwardInformation[]"},
    {124, "LineGetForwardInfoRequest", "@REQ @LINE"},
    {125, "LineGetForwardInfoResponse", "@RSP @LINE CtiFwdArray:CtiCallForwardInformation[]"},
    {129, "DeviceUnregisteredEvent",
     "deviceInfo:DeviceInfo loginUserID:u controllable:b reason:i deviceControlFlagBitMask:i"},
    {130, "GetSingleDeviceInfoRequest", "@REQ deviceName:s"},
    {131, "GetSingleDeviceInfoResponse", "@RSP info:DeviceInfo deviceControlFlagBitMask:i"},
    {137, "LineSetRingerStatusRequest", "@REQ @LINE ringerStatus:i"},
    {138, "LineSetRingerStatusResponse", "@RSP @LINE"},
    {143, "LineCallUnParkRequest",
     "@REQ @LINE globalCallManagerID:i globalCallID:i callingAddress:s parkedAtAddress:s"},
    {144, "LineCallUnParkResponse", "@RSP @LINE"},
    {166, "LineTransferStartedEvent",
     "@LINE transactionID:i controllerNumber:s controllerName:s survivingGCMID:i survivingGCCID:i otherGCMID:i "
     "otherGCCID:i survivingCallType:i otherCallType:i bRemoteInUse:b unicodeControllerName:u "
     "unicodeControllerNamelocale:i controllerPartyDNInfo:PartyDNInfo controllerDeviceName:s "
     "finalControllerCallManagerID:i finalControllerCallLegID:i otherControllerCallManagerID:i "
     "otherControllerCallLegID:i controllerHuntMemberDN:s controllerHuntMemberPartition:s"},
    {167, "LineTransferEndedEvent", "@LINE transactionID:i success:b bRemoteInUse:b idleCalls:CtiCallHandle[]"},
    {169, "LineConferenceStartedEvent",
     "@LINE transactionID:i controllerNumber:s controllerName:s survivingGCMID:i survivingGCCID:i "
     "otherGCIDs:CtiGlobalCallHandle[] bRemoteInUse:b unicodeControllerName:u unicodeControllerNamelocale:i "
     "controllerPartyDNInfo:PartyDNInfo requestorNumber:s requestorName:s primaryCallType:i "
     "secondaryCallTypes:i[] unicodeRequestorName:u unicodeRequestorNameLocale:i "
     "requestorPartyDNInfo:PartyDNInfo controllerDeviceName:s requestorDeviceName:s controllerHuntMemberDN:s "
     "controllerHuntMemberPartition:s requestorHuntMemberDN:s requestorHuntMemberPartition:s"},
    {170, "LineConferenceEndedEvent",
     "@LINE transactionID:i success:b bRemoteInUse:b idleCalls:CtiCallHandle[] controllerNumber:s "
     "controllerName:s unicodeControllerName:u unicodeControllerNamelocale:i controllerPartyDNInfo:PartyDNInfo "
     "controllerDeviceName:s requestorNumber:s requestorName:s unicodeRequestorName:u "
     "unicodeRequestorNamelocale:i requestorPartyDNInfo:PartyDNInfo requestorDeviceName:s "
     "controllerHuntMemberDN:s controllerHuntMemberPartition:s requestorHuntMemberDN:s "
     "requestorHuntMemberPartition:s"},
    {201, "LineAutoAcceptChangeRequest", "@REQ @LINE autoAcceptStatus:i"},
    {202, "LineAutoAcceptChangeResponse", "@RSP @LINE autoAcceptStatus:i"},
    {203, "LineAutoAcceptStatusEvent", "@LINE autoAcceptStatus:i"},
    {206, "DeviceStateIdleEvent", "@DEVEV"},
    {207, "DeviceStateHeldEvent", "@DEVEV"},
    {208, "DeviceStateAlertingEvent", "@DEVEV"},
    {209, "DeviceStateActiveEvent", "@DEVEV"},
    {210, "DeviceGetDeviceStateRequest", "@REQ @DEV"},
    {211, "DeviceGetDeviceStateResponse", "@RSP @DEV deviceState:i"},
    {230, "DeviceStateWhisperEvent", "@DEVEV"},
    {242, "DeviceDNDSetRequest", "@REQ @DEV dndStatus:b"},
    {243, "DeviceDNDSetResponse", "@RSP @DEV"},
    {244, "DeviceDNDStatusChangedEvent", "@DEVEV dndStatus:b"},
    {246, "DeviceDNDOptionChangedEvent", "@DEVEV dndOption:i"},
    {247, "DeviceGetDNDOptionRequest", "@REQ @DEV"},
    {248, "DeviceGetDNDOptionResponse", "@RSP @DEV dndOption:i"},
    {254, "LineParkStatusEvent",
     "@LINE globalCallManagerID:i callID:i transactionID:s parkState:i parkDN:s parkDNPartition:s "
     "parkedParty:s parkedPartyPartition:s isExisting:b"},
    {279, "DeviceLineInfoEvent",
     "requestId:i deviceName:s deviceRegistrationStatus:i controlModeBitMap:i eventContent:i eventStatusCode:i "
     "deviceInfoStatic:DeviceInfoStatic deviceInfoDynamic:DeviceInfoDynamic "
     "deviceRegistrationInfo:DeviceRegistrationInfo lineInfo:LineInfo[] totalLines:i moreLines:b "
     "remoteDestinationsInfo:RemoteDestinationInfo[]"},
    {280, "DeviceRegisteredEventWithLineInfo",
     "deviceName:s controlModeBitMap:i registerReason:i eventContent:i deviceInfoDynamic:DeviceInfoDynamic "
     "deviceRegistrationInfo:DeviceRegistrationInfo lineInfo:LineInfo[] totalLines:i moreLines:b "
     "remoteDestinationsInfo:RemoteDestinationInfo[] protocol:i"},
};

}  // namespace

std::span<const LayoutText> line_layouts() {
  return table;
}

}  // namespace linebridge::sim::cucm
