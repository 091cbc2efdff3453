#include "tests/simulators/cucm/layout.hpp"

namespace linebridge::sim::cucm {
namespace {

// Calls and their legs.
constexpr LayoutText table[] = {
    {48, "NewCallEvent",
     "@LINE lineHandleSpecified:b deviceName:s callCallManagerID:i callLegID:i globalCallManagerID:i callID:i "
     "callingParty:s calledParty:s originalCalledParty:s state:i origin:i userData:y auxiliaryData:i "
     "farEndpointCallManagerID:i farEndpointType:i reason:i callingPartyName:s calledPartyName:s "
     "originalPartyName:s lastRedirectingParty:s lastRedirectingPartyName:s callingPartyDeviceName:s "
     "bRemoteInUse:b parentCallManagerID:i parentCallID:i bPrivacy:b mediaDeviceName:s mediaResourceId:i "
     "@PARTYX ctiCallType:i callingPartyIpAddr:i farEndLineIdDN:s farEndLineIdPartition:s callPresentable:b "
     "featurePriority:i globalizedCallingParty:s callingPartyIpAddr_v6:y callingPartyIpAddressingMode:i "
     "bIsRolloverCall:b uniqueProtocolCallReference:s cgpnHuntMemberDN:s cgpnHuntMemberPartition:s "
     "cgpnPatternUsage:i cdpnPatternUsage:i @MMX"},
    {49, "ExistingCallEvent",
     "@LINE lineHandleSpecified:b deviceName:s callCallManagerID:i callLegID:i globalCallManagerID:i callID:i "
     "callingParty:s calledParty:s originalCalledParty:s lastRedirectingParty:s state:i origin:i userData:y "
     "auxiliaryData:i farEndpointCallManagerID:i farEndpointType:i reason:i cause:i "
     "participantsInfo:ParticipantInfo[] callingPartyName:s calledPartyName:s originalCalledPartyName:s "
     "lastRedirectingPartyName:s callingPartyDeviceName:s controllerParticipant:ParticipantInfo "
     "mediaDeviceName:s mediaResourceId:i mediaTransmitActive:b mediaReceiveActive:b bRemoteInUse:b "
     "parentCallManagerID:i parentCallID:i bPrivacy:b callSelectStatus:i @PARTYX bHoldReversionDelivered:b "
     "localConferenceBridgeId:s localConferenceBridgeName:s bAdvanceAdhocConference:b ctiCallType:i "
     "callingPartyIpAddr:i overallCallSecurityStatus:i farEndLineIdDN:s farEndLineIdPartition:s "
     "callPresentable:b featurePriority:i globalizedCallingParty:s callingPartyIpAddr_v6:y "
     "callingPartyIpAddressingMode:i consultSetupbyRollover:b uniqueProtocolCallReference:s cgpnHuntMemberDN:s "
     "cgpnHuntMemberPartition:s cdpnHuntMemberDN:s cdpnHuntMemberPartition:s cgpnPatternUsage:i "
     "cdpnPatternUsage:i calledPartyDeviceName:s localConferenceBridgePartition:s @MMX"},
    {50, "CallAcceptRequest", "@REQ @CALLREF mediaDeviceName:s mediaResourceId:i"},
    {51, "CallAcceptResponse", "@RSP"},
    {52, "CallAnswerRequest", "@REQ @CALLREF mediaDeviceName:s mediaResourceId:i"},
    {53, "CallAnswerResponse", "@RSP"},
    {54, "CallBlindConferenceRequest",
     "@REQ @CALLREF newGlobalCallManagerID:i newGlobalCallID:i callingAddress:s destAddress:s userData:y"},
    {55, "CallBlindConferenceResponse", "@RSP"},
    {56, "CallBlindTransferRequest",
     "@REQ @CALLREF newGlobalCallManagerID:i newGlobalCallID:i callingAddress:s destAddress:s userData:y"},
    {57, "CallBlindTransferResponse", "@RSP"},
    {58, "CallCloseRequest", "@REQ @CALLREF"},
    {59, "CallCloseResponse", "@RSP"},
    {60, "CallCompleteConferenceRequest", "@REQ @CALLREF consultCallManagerID:i consultCallLegID:i"},
    {61, "CallCompleteConferenceResponse", "@RSP"},
    {62, "CallCompleteTransferRequest", "@REQ @CALLREF consultCallManagerID:i consultCallLegID:i"},
    {63, "CallCompleteTransferResponse", "@RSP"},
    {64, "CallDialRequest", "@REQ @CALLREF destAddress:s"},
    {65, "CallDialResponse", "@RSP"},
    {66, "CallDisconnectRequest", "@REQ @CALLREF"},
    {67, "CallDisconnectResponse", "@RSP"},
    {68, "CallPlayDtmfRequest", "@REQ @CALLREF dtmfDigits:i[] rate:i"},
    {69, "CallPlayDtmfResponse", "@RSP"},
    {70, "CallPlayToneRequest", "@REQ @CALLREF tone:i direction:i"},
    {71, "CallPlayToneResponse", "@RSP"},
    {72, "CallGetInfoRequest", "@REQ @CALLREF"},
    {73, "CallGetInfoResponse",
     "@RSP deviceName:s lineDir:s originalParty:s originalPartyName:s callingParty:s callingPartyName:s "
     "calledParty:s calledPartyName:s reason:i origin:i activeTone:i userData:y lastRedirectingParty:s "
     "lastRedirectingPartyName:s bRemoteInUse:b bPrivacy:b @PARTYX globalizedCallingParty:s"},
    {74, "CallHoldRequest", "@REQ @CALLREF contentID:s"},
    {75, "CallHoldResponse", "@RSP"},
    {76, "CallRedirectRequest",
     "@REQ @CALLREF redirectAddress:s unconditional:b callingSearchSpace:i calledAddressOption:i "
     "redirectReason:i preferredOriginalCalledParty:s modifiedCallingParty:s modifiedCallingPartyReason:i "
     "facCode:s cmcCode:s featurePriority:i applicationXMLData:y deviceName:s"},
    {77, "CallRedirectResponse", "@RSP"},
    {78, "CallRetrieveRequest", "@REQ @CALLREF"},
    {79, "CallRetrieveResponse", "@RSP"},
    {80, "CallSetupConferenceRequest",
     "@REQ @CALLREF newCallManagerID:i newGlobalCallID:i callingAddress:s destAddress:s userData:y"},
    {81, "CallSetupConferenceResponse",
     "@RSP consultCallManagerID:i consultCallID:i consultLine:s consultLinePartition:s"},
    {82, "CallSetupTransferRequest",
     "@REQ @CALLREF newCallManagerID:i newGlobalCallID:i callingAddress:s destAddress:s userData:y "
     "bNeverConnectMediaForConsultCall:b"},
    {83, "CallSetupTransferResponse",
     "@RSP consultCallManagerID:i consultCallID:i consultLine:s consultLinePartition:s"},
    {84, "CallClosedEvent", "@CALLEV reason:i"},
    {86, "DtmfEvent", "@CALLEV digit:i"},
    {87, "RingEvent", "@CALLEV"},
    {88, "GlobalCallHandleChangedEvent",
     "@CALLEV newGlobalCallManagerID:i newGlobalCallID:i reason:i callingParty:s callingPartyName:s "
     "calledParty:s calledPartyName:s originalParty:s originalPartyName:s lastRedirectingParty:s "
     "lastRedirectingPartyName:s bRemoteInUse:b bPrivacy:b @PARTYX globalizedCallingParty:s "
     "uniqueProtocolCallReference:s"},
    {89, "ToneChangedEvent", "@CALLEV tone:i featureID:i codeRequired:i toneDirection:i"},
    {106, "CallPlayDTMFCompleteEvent", "@CALLEV @RSP"},
    {107, "CallConferenceStateChangedEvent",
     "@CALLEV conferenceStateChangedID:i globalCallManagerID:i globalCallID:i modifyStatus:i "
     "changedParticipantInfo:ParticipantInfo otherParticipantsInfo:ParticipantInfo[] "
     "controllerParticipantInfo:ParticipantInfo reason:i bRemoteInUse:b bPrivacy:b controllerDeviceName:s "
     "idleCalls:CtiCallHandle[] requestorParticipantInfo:ParticipantInfo requestorDeviceName:s "
     "localConferenceBridgeId:s localConferenceBridgeName:s bAdvanceAdhocConference:b "
     "localConferenceBridgePartition:s"},
    {108, "CallPartyInfoChangedEvent",
     "@CALLEV callingPartyChanged:b callingParty:s callingPartyName:s calledPartyChanged:b calledParty:s "
     "calledPartyName:s originalCalledParty:s originalCalledPartyName:s lastRedirectingParty:s "
     "lastRedirectingPartyName:s farEndPointType:i reason:i bRemoteInUse:b bPrivacy:b @PARTYX farEndLineIdDN:s "
     "farEndLineIdPartition:s globalizedCallingParty:s cgpnHuntMemberDN:s cgpnHuntMemberPartition:s "
     "cdpnHuntMemberDN:s cdpnHuntMemberPartition:s cgpnPatternUsage:i cdpnPatternUsage:i "
     "currentCallingPartyDeviceName:s currentCalledPartyDeviceName:s callAttributeType:i @MMX"},
    {141, "CallParkRequest", "@REQ @CALLREF callParkType:i ParkAtAddress:s"},
    {142, "CallParkResponse", "@RSP ParkedAt:s ParkedAtPartition:s"},
    {172, "CallDirectTransferRequest", "@REQ @CALLREF otherCallHandle:h"},
    {173, "CallDirectTransferResponse", "@RSP"},
    {174, "CallJoinRequest", "@REQ @CALLREF otherCalls:h[]"},
    {175, "CallJoinResponse", "@RSP"},
    {204, "ExistingCallCompletedEvent", "@LINE"},
    {223, "CallHoldReversionEvent", "@CALLEV"},
    {241, "CallAttributeInfoEvent",
     "@CALLEV callAttributeType:i callID:i number:s partition:s deviceName:s existing:b transactionID:i "
     "activeToneDirection:i callRecordingType:i forkingDeviceType:i forkingDeviceName:s "
     "protocolReferenceGUID:s forkingClusterID:s"},
    {245, "CallSecurityStatusUpdateEvent", "@CALLEV overallCallSecurityStatus:i"},
    {249, "CallPresentEvent", "@CALLEV bPresentable:b"},
    {251, "CallFeatureCancelledEvent", "@CALLEV consultCallManagerID:i consultCallID:i"},
    {252, "CallConferenceDropPartyRequest", "@REQ @CALLREF dropPartyCallManagerID:i dropPartyCallLegID:i"},
    {253, "CallConferenceDropPartyResponse", "@RSP"},
    {281, "CallStateChangedEvent_V2",
     "@CALLEV state:i cause:i fwdDestinationAddress:s fwdDestinationPartyDNInfo:PartyDNInfo_V2 reason:i "
     "bRemoteInUse:b overallCallSecurityStatus:i bIsConsultSetupByRollover:b bCallClearedByHuntList:b "
     "cgpnHuntMemberDN:s cgpnHuntMemberPartition:s cdpnHuntMemberDN:s cdpnHuntMemberPartition:s"},
};

}  // namespace

std::span<const LayoutText> call_layouts() {
  return table;
}

}  // namespace linebridge::sim::cucm
