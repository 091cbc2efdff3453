#include "cti/qbe/names.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "cti/qbe/messages.hpp"

namespace linebridge::cti::qbe {
namespace {

struct Named {
  std::uint32_t id;
  std::string_view name;
};

/// Messages that no table lays out: seen by name only.
// clang-format off
constexpr Named without_layout[] = {
    {26, "DeviceDisplayStringRequest"},
    {27, "DeviceDisplayStringResponse"},
    {28, "DeviceSetLampModeRequest"},
    {29, "DeviceSetLampModeResponse"},
    {32, "DisplayChangedEvent"},
    {33, "FeatureButtonPressedEvent"},
    {34, "KeyPressedEvent"},
    {35, "LampModeChangedEvent"},
    {36, "RingModeChangedEvent"},
    {85, "CallStateChangedEvent"},
    {132, "DeviceSoftKeyPressedEvent"},
    {133, "ProviderFeatureActivatedEvent"},
    {134, "DeviceDataPassThroughRequest"},
    {135, "DeviceDataPassThroughResponse"},
    {136, "DeviceDataPassThroughEvent"},
    {145, "ProviderGetMonitorDNInfoRequest"},
    {146, "ProviderGetMonitorDNInfoResponse"},
    {147, "GetMonitorDNFetchRequest"},
    {148, "GetMonitorDNFetchResponse"},
    {149, "GetMonitorDNCloseRequest"},
    {150, "GetMonitorDNCloseResponse"},
    {151, "ProviderCallParkDNChangedEvent"},
    {152, "ProviderRegisterFeatureActivationRequest"},
    {153, "ProviderRegisterFeatureActivationResponse"},
    {154, "ProviderFeatureActivationUnRegisteredEvent"},
    {157, "DeviceChangeRTPDefaultRequest"},
    {158, "DeviceChangeRTPDefaultResponse"},
    {159, "ProviderUnregisterFeatureActivationRequest"},
    {160, "ProviderUnregisterFeatureActivationResponse"},
    {161, "ProviderTimerChangeRequest"},
    {162, "ProviderTimerChangeResponse"},
    {163, "DeviceCallOpenLogicalChannelEvent"},
    {164, "DeviceSetRTPForCallRequest"},
    {165, "DeviceSetRTPForCallResponse"},
    {168, "LineCallTransferFailedEvent"},
    {171, "LineCallConferenceFailedEvent"},
    {176, "LineBargeStartedEvent"},
    {177, "LineBargeEndedEvent"},
    {178, "CallPrivacyChangedEvent"},
    {180, "DeviceAllocateMediaResourceRequest"},
    {181, "DeviceAllocateMediaResourceResponse"},
    {182, "DeviceMediaResourceAllocatedEvent"},
    {183, "DeviceDeallocateMediaResourceRequest"},
    {184, "DeviceDeallocateMediaResourceResponse"},
    {185, "DeviceMediaResourceDeallocatedEvent"},
    {186, "DeviceUpdateMediaResourceRequest"},
    {187, "DeviceUpdateMediaResourceResponse"},
    {188, "DeviceMediaResourceUpdatedEvent"},
    {189, "DeviceRemoveMediaConnectionRequest"},
    {190, "DeviceRemoveMediaConnectionResponse"},
    {191, "DeviceMediaConnectionAddedEvent"},
    {192, "DeviceMediaConnectionRemovedEvent"},
    {193, "DeviceExistingMediaResourceEvent"},
    {194, "DeviceGetConfigInfoRequest"},
    {195, "DeviceGetConfigInfoResponse"},
    {196, "LineCBargeStartedEvent"},
    {197, "LineCBargeEndedEvent"},
    {198, "DeviceExistingMediaResourceRequest"},
    {199, "DeviceExistingMediaResourceResponse"},
    {200, "CallSelectChangedEvent"},
    {205, "DeviceExistingMediaResourcesCompletedEvent"},
    {217, "DeviceGetSnapShotRequest"},
    {218, "DeviceGetSnapShotResponse"},
    {219, "DeviceSnapshotEvent"},
    {220, "DeviceSnapshotCompletedEvent"},
    {221, "ReceptionKeyEvent"},
    {222, "TransmissionKeyEvent"},
    {224, "LineIntercomSpeedDialInfoChangeRequest"},
    {225, "LineIntercomSpeedDialInfoChangeResponse"},
    {226, "LineIntercomSpeedDialInfoChangedEv"},
    {227, "LineIntercomSpeedDialInfoRestorationFailedEv"},
    {228, "CallIntercomTalkbackRequest"},
    {229, "CallIntercomTalkbackResponse"},
    {231, "LineCallStartMonitoringRequest"},
    {232, "LineCallStartMonitoringResponse"},
    {233, "CallRecordingStartRequest"},
    {234, "CallRecordingStartResponse"},
    {235, "CallStopRecordingRequest"},
    {236, "CallStopRecordingResponse"},
    {237, "CallMonitoringStartedEvent"},
    {238, "CallMonitoringEndedEvent"},
    {239, "CallRecordingStartedEvent"},
    {240, "CallRecordingEndedEvent"},
    {255, "LineHuntCallStatusEvent"},
    {257, "LineCallPickupRequest"},
    {258, "LineCallPickupResponse"},
    {259, "ProviderPickupNotificationRegisterRequest"},
    {260, "ProviderPickupNotificationRegisterResponse"},
    {261, "ProviderPickupNotificationUnregisterRequest"},
    {262, "ProviderPickupNotificationUnregisterResponse"},
    {263, "ProviderPickupNotificationRegistrationClosedEvent"},
    {264, "ProviderCallPickupAlertEvent"},
    {265, "LineMonitorTerminatedEvent"},
    {266, "CallOrphanStatusEvent"},
    {267, "CallStartSendMediaToBIBRequest"},
    {268, "CallStartSendMediaToBIBResponse"},
    {269, "CallStopSendMediaToBIBRequest"},
    {270, "CallStopSendMediaToBIBResponse"},
    {271, "CallSendMediaToBIBStartedEvent"},
    {272, "CallSendMediaToBIBEndedEvent"},
    {273, "LineCallMonitorUpdateRequest"},
    {274, "LineCallMonitorUpdateResponse"},
    {275, "CallMonitorUpdatedEvent"},
    {276, "DeviceOpenMediaPortForCallEvent"},
    {277, "DeviceSetGetportSupportRequest"},
    {278, "DeviceSetGetportSupportResponse"},
    {288, "ProviderDeviceUpdateRemoteDestinationRequest"},
    {289, "ProviderDeviceUpdateRemoteDestinationResponse"},
    {290, "ProviderDeviceAddRemoteDestinationRequest"},
    {291, "ProviderDeviceAddRemoteDestinationResponse"},
    {292, "ProviderDeviceRemoveRemoteDestinationRequest"},
    {293, "ProviderDeviceRemoveRemoteDestinationResponse"},
    {297, "LineCreatePersistentConnectionRequest"},
    {298, "LineCreatePersistentConnectionResponse"},
    {299, "LineDisconnectPersistentConnectionRequest"},
    {300, "LineDisconnectPersistentConnectionResponse"},
    {301, "ProviderDeviceMultiMediaCapabilityChangedEvent"},
    {302, "MultiMediaStreamsInfoEvent"},
    {303, "LineStartAnnouncementRequest"},
    {304, "LineStartAnnouncementResponse"},
    {305, "CallStopAnnouncementRequest"},
    {306, "CallStopAnnouncementResponse"},
    {307, "CallAnnouncementStartedEvent"},
    {308, "CallAnnouncementEndedEvent"},
    {309, "CallAnnouncementErrorEvent"},
    {312, "CallRecordingFailedEvent"},
    {313, "DeviceHuntLogStatusChangedEvent"},
    {314, "DeviceUpdateHuntLogStatusRequest"},
    {315, "DeviceUpdateHuntLogStatusResponse"},
};
// clang-format on

struct Spelt {
  std::string_view ours, theirs;
};
/// What is not written with one capital in front.
constexpr Spelt words[] = {{"dnd", "DND"}, {"em", "EM"}, {"ip", "IP"}, {"unpark", "UnPark"}, {"v2", "_V2"}};
constexpr Spelt whole_names[] = {{"call_play_dtmf_complete_event", "CallPlayDTMFCompleteEvent"}};

std::string word_of(std::string_view ours) {
  for (const auto& word : words)
    if (word.ours == ours) return std::string(word.theirs);
  std::string text(ours);
  if (!text.empty() && text.front() >= 'a' && text.front() <= 'z')
    text.front() = static_cast<char>(text.front() - 'a' + 'A');
  return text;
}

}  // namespace

std::string message_name(std::string_view ours) {
  for (const auto& name : whole_names)
    if (name.ours == ours) return std::string(name.theirs);
  std::string text;
  while (!ours.empty())
    text += word_of(take_until(ours, '_'));
  return text;
}

std::string name_of(std::uint32_t id) {
  if (const Layout* const layout = messages::find(id)) return message_name(layout->name);
  const auto* const found =
      std::lower_bound(std::begin(without_layout), std::end(without_layout), id,
                       [](const Named& entry, std::uint32_t wanted) { return entry.id < wanted; });
  return found != std::end(without_layout) && found->id == id ? std::string(found->name) : std::string();
}

}  // namespace linebridge::cti::qbe
