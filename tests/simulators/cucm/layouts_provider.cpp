#include "tests/simulators/cucm/layout.hpp"

namespace linebridge::sim::cucm {
namespace {

// The connection: open, close, heartbeat, enumeration.
constexpr LayoutText table[] = {
    {0, "FailureResponse", "@RSP description:s"},
    {3, "ProviderOpenRequest",
     "@REQ provider:s qbeClientVersion:s login:u password:y filter:ProviderEventFilter applicationID:s "
     "desiredServerHeartbeatTime:i requestTimer:i cmAssignedApplicationID:i pluginName:s applicationPriority:i "
     "lightWeightOpen:b ssoticket:s authenticationType:i requestOldDeviceLineFetch:b encryptedKeyData:y "
     "encryptedSingleSignOnData:y"},
    {4, "ProviderOpenResponse",
     "@RSP providerInfoString:s clientHeartbeat:i serverHeartbeat:i requestTimer:i pluginVersion:s "
     "pluginLocation:s providerId:i fipsCompliant:b"},
    {5, "ProviderChangeEventFilterRequest", "@REQ filter:ProviderEventFilter"},
    {6, "ProviderChangeEventFilterResponse", "@RSP"},
    {9, "ProviderCloseRequest", "@REQ"},
    {10, "ProviderCloseResponse", "@RSP"},
    {11, "ProviderAllocateGlobalCallHandleRequest", "@REQ callType:i"},
    {12, "ProviderAllocateGlobalCallHandleResponse", "@RSP callManagerID:i callID:i"},
    {13, "ProviderGetDeviceInfoRequest", "@REQ deviceGroup:i"},
    {14, "ProviderGetDeviceInfoResponse", "@RSP enumerationHandle:i"},
    {115, "ProviderUserChangedEvent",
     "typeOfNotification:i deviceInfo:DeviceInfo providerCapabilitiesInfo:ProviderCapabilitiesInfo "
     "deviceControlFlagBitMask:i"},
    {120, "Heartbeat", ""},
    {126, "ProviderOpenCompletedEvent",
     "reason:i seq:i providerInfoString:s clientHeartbeat:i serverHeartbeat:i failureDescription:s "
     "bMonitorCallParkDNs:b providerId:i precedenceValue:i canSupportIPv6:b loginUserName:u "
     "daysUntilPasswordExpiry:i totalControllableDevices:i clusterID:s"},
    {127, "ProviderGetCapabilitiesRequest", "@REQ"},
    {128, "ProviderGetCapabilitiesResponse", "@RSP providerCapabilitiesInfo:ProviderCapabilitiesInfo"},
    {155, "ProviderClosedEvent", "reason:i"},
    {212, "ProviderDeviceAcquireRequest", "@REQ deviceName:s"},
    {213, "ProviderDeviceAcquireResponse", "@RSP"},
    {214, "ProviderDeviceDeAcquireRequest", "@REQ deviceName:s"},
    {215, "ProviderDeviceDeAcquireResponse", "@RSP"},
    {216, "ProviderDeviceDeAcquiredEvent", "deviceName:s reason:i"},
    {250, "ProviderDeviceConfigurationChangedEvent", "deviceConfigChange:DeviceConfigChange[]"},
    {256, "ProviderDeviceLineAssociatedInfoEvent", "deviceName:s lineDn:s linePartition:s voiceMailPilot:s"},
    {282, "ProviderGetAllDevicesAndLinesRequest", "@REQ"},
    {283, "ProviderGetAllDevicesAndLinesResponse", "@RSP"},
    {284, "ProviderGetAllDevicesAndLinesCompletedEvent", "requestId:i result:i"},
    {285, "ProviderGetSingleDeviceAndLinesRequest", "@REQ deviceName:s"},
    {286, "ProviderGetSingleDeviceAndLinesResponse", "@RSP"},
    {287, "ProviderGetSingleDeviceAndLinesCompletedEvent", "requestId:i result:i"},
    {294, "ProviderDeviceConfigurationChangedEvent_V2", "deviceName:s deviceConfigInfo_V2:DeviceConfigInfo_V2"},
    {295, "ProviderDeviceIPAddressChangedEvent", "deviceName:s activeIPAddrMode:i ipV4Addr:i ipV6Addr:y"},
    {296, "ProviderDeviceEMLoginStatusChangedEvent", "deviceName:s EMStatus:i"},
    {310, "ProviderInitRequest", "@REQ provider:s qbeClientVersion:s applicationID:s pluginName:s"},
    {311, "ProviderInitResponse",
     "@RSP providerInfo:s pluginVersion:s pluginLocation:s providerID:i nonce:s certificate:y"},
};

}  // namespace

std::span<const LayoutText> provider_layouts() {
  return table;
}

}  // namespace linebridge::sim::cucm
