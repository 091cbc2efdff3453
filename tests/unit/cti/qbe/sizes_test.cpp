#include <set>

#include <gtest/gtest.h>

#include "cti/qbe/messages.hpp"
#include "cti/qbe/names.hpp"
#include "cti/qbe/writer.hpp"

/// The tables against sizes and names that were worked out apart from them.
namespace linebridge::cti::qbe {
namespace {

struct Sized {
  std::uint32_t id;
  std::string_view name;
  std::uint32_t size;  ///< Of the fixed part.
};

// clang-format off
constexpr Sized sized[] = {
    {0, "FailureResponse", 16},
    {3, "ProviderOpenRequest", 124},
    {4, "ProviderOpenResponse", 52},
    {5, "ProviderChangeEventFilterRequest", 16},
    {6, "ProviderChangeEventFilterResponse", 8},
    {9, "ProviderCloseRequest", 4},
    {10, "ProviderCloseResponse", 8},
    {11, "ProviderAllocateGlobalCallHandleRequest", 8},
    {12, "ProviderAllocateGlobalCallHandleResponse", 16},
    {13, "ProviderGetDeviceInfoRequest", 8},
    {14, "ProviderGetDeviceInfoResponse", 12},
    {15, "DeviceRegisteredEvent", 80},
    {16, "DeviceOpenRequest", 28},
    {17, "DeviceOpenResponse", 28},
    {18, "DeviceRegisterDeviceRequest", 92},
    {19, "DeviceRegisterDeviceResponse", 28},
    {20, "DeviceChangeEventFilterRequest", 24},
    {21, "DeviceChangeEventFilterResponse", 16},
    {22, "DeviceCloseRequest", 12},
    {23, "DeviceCloseResponse", 16},
    {24, "DeviceGetLineInfoRequest", 12},
    {25, "DeviceGetLineInfoResponse", 12},
    {30, "DeviceClosedEvent", 12},
    {31, "DeviceModeChangedEvent", 12},
    {37, "LineOpenRequest", 44},
    {38, "LineOpenResponse", 20},
    {39, "LineChangeEventFilterRequest", 24},
    {40, "LineChangeEventFilterResponse", 16},
    {41, "LineCloseRequest", 12},
    {42, "LineCloseResponse", 16},
    {43, "LineCallInitiateRequest", 60},
    {44, "LineCallInitiateResponse", 24},
    {45, "LineGetInfoRequest", 12},
    {46, "LineGetInfoResponse", 132},
    {47, "LineClosedEvent", 12},
    {48, "NewCallEvent", 496},
    {49, "ExistingCallEvent", 600},
    {50, "CallAcceptRequest", 32},
    {51, "CallAcceptResponse", 8},
    {52, "CallAnswerRequest", 32},
    {53, "CallAnswerResponse", 8},
    {54, "CallBlindConferenceRequest", 52},
    {55, "CallBlindConferenceResponse", 8},
    {56, "CallBlindTransferRequest", 52},
    {57, "CallBlindTransferResponse", 8},
    {58, "CallCloseRequest", 20},
    {59, "CallCloseResponse", 8},
    {60, "CallCompleteConferenceRequest", 28},
    {61, "CallCompleteConferenceResponse", 8},
    {62, "CallCompleteTransferRequest", 28},
    {63, "CallCompleteTransferResponse", 8},
    {64, "CallDialRequest", 28},
    {65, "CallDialResponse", 8},
    {66, "CallDisconnectRequest", 20},
    {67, "CallDisconnectResponse", 8},
    {68, "CallPlayDtmfRequest", 40},
    {69, "CallPlayDtmfResponse", 8},
    {70, "CallPlayToneRequest", 28},
    {71, "CallPlayToneResponse", 8},
    {72, "CallGetInfoRequest", 20},
    {73, "CallGetInfoResponse", 316},
    {74, "CallHoldRequest", 28},
    {75, "CallHoldResponse", 8},
    {76, "CallRedirectRequest", 100},
    {77, "CallRedirectResponse", 8},
    {78, "CallRetrieveRequest", 20},
    {79, "CallRetrieveResponse", 8},
    {80, "CallSetupConferenceRequest", 52},
    {81, "CallSetupConferenceResponse", 32},
    {82, "CallSetupTransferRequest", 56},
    {83, "CallSetupTransferResponse", 32},
    {84, "CallClosedEvent", 20},
    {86, "DtmfEvent", 20},
    {87, "RingEvent", 16},
    {88, "GlobalCallHandleChangedEvent", 308},
    {89, "ToneChangedEvent", 32},
    {90, "StartReceptionEvent", 72},
    {91, "StartTransmissionEvent", 80},
    {92, "StopReceptionEvent", 32},
    {93, "StopTransmissionEvent", 32},
    {94, "GetDeviceInfoFetchRequest", 12},
    {95, "GetDeviceInfoFetchResponse", 44},
    {96, "GetDeviceInfoCloseRequest", 8},
    {97, "GetDeviceInfoCloseResponse", 8},
    {98, "GetLineInfoFetchRequest", 12},
    {99, "GetLineInfoFetchResponse", 28},
    {100, "GetLineInfoCloseRequest", 8},
    {101, "GetLineInfoCloseResponse", 8},
    {102, "LineSetMessageWaitingRequest", 72},
    {103, "LineSetMessageWaitingResponse", 16},
    {106, "CallPlayDTMFCompleteEvent", 24},
    {107, "CallConferenceStateChangedEvent", 156},
    {108, "CallPartyInfoChangedEvent", 428},
    {111, "DeviceOutOfServiceEvent", 12},
    {112, "DeviceInServiceEvent", 32},
    {113, "LineOutOfServiceEvent", 12},
    {114, "LineInServiceEvent", 36},
    {115, "ProviderUserChangedEvent", 32},
    {120, "Heartbeat", 0},
    {121, "LineSetForwardRequest", 28},
    {122, "LineSetForwardResponse", 16},
    {123, "LineForwardEvent", 24},
    {124, "LineGetForwardInfoRequest", 12},
    {125, "LineGetForwardInfoResponse", 32},
    {126, "ProviderOpenCompletedEvent", 80},
    {127, "ProviderGetCapabilitiesRequest", 4},
    {128, "ProviderGetCapabilitiesResponse", 20},
    {129, "DeviceUnregisteredEvent", 40},
    {130, "GetSingleDeviceInfoRequest", 12},
    {131, "GetSingleDeviceInfoResponse", 24},
    {137, "LineSetRingerStatusRequest", 16},
    {138, "LineSetRingerStatusResponse", 16},
    {141, "CallParkRequest", 32},
    {142, "CallParkResponse", 24},
    {143, "LineCallUnParkRequest", 36},
    {144, "LineCallUnParkResponse", 16},
    {155, "ProviderClosedEvent", 4},
    {166, "LineTransferStartedEvent", 128},
    {167, "LineTransferEndedEvent", 36},
    {169, "LineConferenceStartedEvent", 204},
    {170, "LineConferenceEndedEvent", 180},
    {172, "CallDirectTransferRequest", 28},
    {173, "CallDirectTransferResponse", 8},
    {174, "CallJoinRequest", 36},
    {175, "CallJoinResponse", 8},
    {201, "LineAutoAcceptChangeRequest", 16},
    {202, "LineAutoAcceptChangeResponse", 20},
    {203, "LineAutoAcceptStatusEvent", 12},
    {204, "ExistingCallCompletedEvent", 8},
    {206, "DeviceStateIdleEvent", 8},
    {207, "DeviceStateHeldEvent", 8},
    {208, "DeviceStateAlertingEvent", 8},
    {209, "DeviceStateActiveEvent", 8},
    {210, "DeviceGetDeviceStateRequest", 12},
    {211, "DeviceGetDeviceStateResponse", 20},
    {212, "ProviderDeviceAcquireRequest", 12},
    {213, "ProviderDeviceAcquireResponse", 8},
    {214, "ProviderDeviceDeAcquireRequest", 12},
    {215, "ProviderDeviceDeAcquireResponse", 8},
    {216, "ProviderDeviceDeAcquiredEvent", 12},
    {223, "CallHoldReversionEvent", 16},
    {230, "DeviceStateWhisperEvent", 8},
    {241, "CallAttributeInfoEvent", 92},
    {242, "DeviceDNDSetRequest", 16},
    {243, "DeviceDNDSetResponse", 16},
    {244, "DeviceDNDStatusChangedEvent", 12},
    {245, "CallSecurityStatusUpdateEvent", 20},
    {246, "DeviceDNDOptionChangedEvent", 12},
    {247, "DeviceGetDNDOptionRequest", 12},
    {248, "DeviceGetDNDOptionResponse", 20},
    {249, "CallPresentEvent", 20},
    {250, "ProviderDeviceConfigurationChangedEvent", 16},
    {251, "CallFeatureCancelledEvent", 24},
    {252, "CallConferenceDropPartyRequest", 28},
    {253, "CallConferenceDropPartyResponse", 8},
    {254, "LineParkStatusEvent", 64},
    {256, "ProviderDeviceLineAssociatedInfoEvent", 32},
    {279, "DeviceLineInfoEvent", 104},
    {280, "DeviceRegisteredEventWithLineInfo", 88},
    {281, "CallStateChangedEvent_V2", 96},
    {282, "ProviderGetAllDevicesAndLinesRequest", 4},
    {283, "ProviderGetAllDevicesAndLinesResponse", 8},
    {284, "ProviderGetAllDevicesAndLinesCompletedEvent", 8},
    {285, "ProviderGetSingleDeviceAndLinesRequest", 12},
    {286, "ProviderGetSingleDeviceAndLinesResponse", 8},
    {287, "ProviderGetSingleDeviceAndLinesCompletedEvent", 8},
    {294, "ProviderDeviceConfigurationChangedEvent_V2", 20},
    {295, "ProviderDeviceIPAddressChangedEvent", 24},
    {296, "ProviderDeviceEMLoginStatusChangedEvent", 12},
    {310, "ProviderInitRequest", 36},
    {311, "ProviderInitResponse", 52},
};

constexpr std::pair<const Layout&, std::uint32_t> elements_sized[] = {
    {elements::provider_event_filter, 24},
    {elements::device_info, 72},
    {elements::device_event_filter, 132},
    {elements::media_capability, 12},
    {elements::rtp_destination_v6, 12},
    {elements::line_event_filter, 164},
    {elements::cti_call_handle, 8},
    {elements::cti_forward_info, 12},
    {elements::party_dn_info, 44},
    {elements::device_multi_media_capability, 12},
    {elements::participant_info, 104},
    {elements::line_info, 132},
    {elements::line_intercom_speed_dial_info, 32},
    {elements::provider_capabilities_info, 36},
    {elements::cti_call_forward_information, 12},
    {elements::dn_info, 20},
    {elements::cti_global_call_handle, 8},
    {elements::device_config_change, 20},
    {elements::device_info_static, 28},
    {elements::device_info_dynamic, 36},
    {elements::device_registration_info, 72},
    {elements::remote_destination_info, 28},
    {elements::party_dn_info_v2, 32},
    {elements::device_config_info_v2, 24},
    {elements::sip_url, 28},
    {elements::device_config_info, 4},
};
// clang-format on

constexpr std::uint32_t versions[] = {0x00100000, 0x00110000};

TEST(QbeSizes, EveryMessageHasItsIdItsNameAndItsSizeInBothVersions) {
  std::set<const Layout*> seen;
  for (const auto& [id, name, size] : sized) {
    SCOPED_TRACE(name);
    const Layout* const layout = messages::find(id);
    ASSERT_TRUE(layout);
    seen.insert(layout);
    EXPECT_EQ(name_of(id), name);
    EXPECT_EQ(layout->size, size);
    for (const auto version : versions)
      EXPECT_EQ(fixed_size(dialect(version), *layout), size);
  }
  EXPECT_EQ(seen.size(), messages::all().size());
}

TEST(QbeSizes, EveryElementHasItsSizeInBothVersions) {
  std::set<const Layout*> seen;
  for (const auto& [element, size] : elements_sized) {
    SCOPED_TRACE(element.name);
    seen.insert(&element);
    EXPECT_EQ(element.size, size);
    for (const auto version : versions)
      EXPECT_EQ(fixed_size(dialect(version), element), size);
  }
  EXPECT_EQ(seen.size(), elements::all.size());
}

}  // namespace
}  // namespace linebridge::cti::qbe
