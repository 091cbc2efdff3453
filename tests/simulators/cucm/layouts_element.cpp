#include "tests/simulators/cucm/layout.hpp"

namespace linebridge::sim::cucm {
namespace {

// Elements inside messages; each stands before those that hold it.
constexpr LayoutText table[] = {
    {0, "ProviderEventFilter",
     "deviceRegistered:b deviceUnregistered:b directoryChangeNotify:b deviceConfigChangeNotify:b "
     "deviceEMLoginStatusChangeNotify:b deviceMultiMediaCapabilityChangedNotify:b"},
    {0, "DeviceInfo",
     "name:s type:i allowsRegistration:b deviceID:i locale:i protocol:i isRestricted:b altScript:s "
     "devTypeName:s dndOption:i roleOverMode:i isBIBEnabled:b ipAddressingMode:i supportsFeature:i "
     "isVisitingDevice:b"},
    {0, "DeviceEventFilter",
     "deviceModeChanged:b keyPressed:b featureButtonPressed:b lampModeChanged:b ringModeChanged:b "
     "displayChanged:b startTransmission:b stopTransmission:b startReception:b stopReception:b "
     "softKeyPressed:b openLogicalChannel:b deviceData:b mediaResourceAllocated:b mediaResourceDeallocated:b "
     "mediaResourceUpdated:b mediaConnectionAdded:b mediaConnectionRemoved:b mediaResourceExisting:b "
     "existingMediaResourcesCompleted:b snapshot:b receptionKey:b transmissionKey:b deviceIdleState:b "
     "deviceActiveState:b deviceAlertingState:b deviceHoldState:b deviceWhisperState:b bDNDChanged:b "
     "bDNDOptionChanged:b bOpenMediaIPPortEvent:b bMultiMediaStreamsInfo:b bHuntLogStatusChanged:b"},
    {0, "MediaCapability", "payloadCapability:i maxFramesPerPacket:i bitRate:i"},
    {0, "RTPDestinationV6", "ipAddr_v6:y rtpPort_v6:i"},
    {0, "LineEventFilter",
     "callStateChanged:b dtmf:b ring:b toneChanged:i globalCallHandleChanged:b partyInfoChanged:b "
     "bExistingCallEvent:b bNewCallEvent:b bLineCfwdAllStatus:b bTransferStarted:b bTransferEnded:b "
     "bTransferFailed:b bConferenceStarted:b bConferenceEnded:b bConferenceFailed:b bBargeStarted:b "
     "bBargeEnded:b bCBargeStarted:b bCBargeEnded:b bPrivacyChanged:b bCallSelectChanged:b "
     "bExistingCallCompleted:b bHoldReversion:b bIntercomInfoChanged:b bIntercomInfoRestorationFailed:b "
     "bMonitoringStarted:b bMonitoringEnded:b bRecordingStarted:b bRecordingEnded:b bCallAttributeInfo:b "
     "bCallSecurityStatusUpdate:b bCallPresentEvent:b bCallFeatureCancelled:b bParkStatusEvent:b "
     "bLineHuntCallStatusEvent:b bMonitoringTerminatedEvent:b bCallOrphanStatusEvent:b bMonitorUpdatedEvent:b "
     "bSendMediaToBIBEvents:b bAnnouncementEvents:b bRecordingFailedEvent:b"},
    {0, "CtiCallHandle", "callManagerID:i callLegID:i"},
    {0, "CtiForwardInfo", "fwdType:i fwdDestination:s"},
    {0, "DeviceMultiMediaCapability", "videoCapability:i telepresenceInfo:i screenCount:i"},
    {0, "LineIntercomSpeedDialInfo", "number:s label:s unicodeLabel:u"},
    {0, "LineInfo",
     "name:s displayName:s permanentLineID:i maxNumberOfCalls:i lineInstance:i busyTrigger:i "
     "unicodeDisplayName:u partition:s isRestricted:b autoAnswerStatus:i dnType:i "
     "defaultIntercomTargetInfo:LineIntercomSpeedDialInfo recordType:i asciiLabel:s unicodeLabel:u vmPilotDN:s "
     "pickupGroupNumber:s pickupGroupPartition:s"},
    {0, "ProviderCapabilitiesInfo",
     "controlAnyDevice:b maxNumberOfDevicesOpen:i monitorParkDN:b modifyCallingParty:b allowCallMonitoring:b "
     "allowCallRecording:b canSupportIPv6:b providerCapabilityMask:i canAutoPickup:b"},
    {0, "CtiCallForwardInformation", "CfwdType:i CallFwdDestination:s"},
    {0, "DNInfo", "name:s permanentLineID:i partition:s"},
    {0, "CtiGlobalCallHandle", "callManagerID:i callID:i"},
    {0, "DeviceInfoStatic",
     "deviceType:i deviceTypeName:s deviceId:i protocol:i specialDeviceCapabilities:i visitingDevice:b"},
    {0, "DeviceInfoDynamic",
     "locale:i altScript:s DNDOption:i ConfiguredIpAddrMode:i EMLoginAllowed:b deviceRestricted:b "
     "outboundCallRollOverMode:i BIBEnabled:b"},
    {0, "DeviceRegistrationInfo",
     "mediaTermination:i activeIpAddrMode:i ipV4Addr:i ipV6Addr:y unicodeLoginUserID:u encodingType:i "
     "CtiControllable:i deviceUserPolicy:i deviceAppPolicy:i deviceMultiMediaCapabilityBitMask:i "
     "deviceMultiMediaCapability:DeviceMultiMediaCapability huntLogStatus:i"},
    {0, "RemoteDestinationInfo", "remoteDestinationName:u remoteDestinationNumber:s isActiveRD:b"},
    {0, "DeviceConfigInfo_V2",
     "deviceConfigChangeBitMap:i remoteDestinationsInfo:RemoteDestinationInfo[] isMyAppLastToSetActiveRD:b"},
    {0, "SIPUrl", "user:s host:s port:i transportType:i urlType:i"},
    {0, "PartyDNInfo", "sipUrl:SIPUrl unModifiedsipUrl:SIPUrl partition:s voiceMailbox:s numberType:i"},
    {0, "ParticipantInfo",
     "participantNumber:s unModifiedParticipantNumber:s participantName:s numberPI:b namePI:b endpointType:i "
     "state:i unModifiedParticipantUnicodeDisplayName:u participantLocale:i participantDNInfo:PartyDNInfo "
     "callManagerID:i callLegID:i participantHuntMemberDN:s participantHuntMemberPartition:s "
     "bridgeParticipantID:s"},
    {0, "PartyDNInfo_V2", "sipUrl:SIPUrl partition:s voiceMailbox:s numberType:i"},
    {0, "DeviceConfigInfo", "ipAddressingMode:i"},
    {0, "DeviceConfigChange", "deviceName:s deviceConfigInfo:DeviceConfigInfo"},
};

}  // namespace

std::span<const LayoutText> element_layouts() {
  return table;
}

}  // namespace linebridge::sim::cucm
