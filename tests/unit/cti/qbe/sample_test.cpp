#include <gtest/gtest.h>

#include "cti/qbe/messages.hpp"
#include "cti/qbe/wire.hpp"
#include "cti/qbe/writer.hpp"
#include "every_field.hpp"
#include "samples.hpp"
#include "support.hpp"

/// Every known frame, written byte for byte and read back.
namespace linebridge::cti::qbe {
namespace {

constexpr Dialect v10 = dialect(0x00100000);
using namespace std::string_view_literals;

template <class Fill>
std::string written(const Layout& layout, Fill fill) {
  std::string out = "before";  // Offsets count from the frame, not from the buffer.
  Writer writer(out, v10, layout);
  fill(writer);
  writer.finish();
  std::string later;
  Writer in_version_11(later, dialect(0x00110000), layout);
  fill(in_version_11);
  in_version_11.finish();
  EXPECT_EQ(load32(later, header::version), 0x00110000u);
  store32(later, header::version, 0x00100000);
  EXPECT_EQ(hex_of(later), hex_of(std::string_view(out).substr(6))) << "only the version's word differs";
  return hex_of(std::string_view(out).substr(6));
}

/// A sample opened for reading; holds the bytes.
struct Opened {
  Opened(std::string_view hex, const Layout& layout)
      : bytes(bytes_of(hex)), view(View::open(frame_of(bytes), layout).value()) {}
  std::string bytes;
  View view;
};

void put_line(Writer& w, const Layout& m, std::uint32_t seq) {
  w.put(m.at(0), seq);
  w.put(m.at(1), 1u);
  w.put(m.at(2), 145u);
}
void put_call(Writer& w, const Layout& m, std::uint32_t seq) {
  put_line(w, m, seq);
  w.put(m.at(3), 1u);
  w.put(m.at(4), 33u);
}

TEST(QbeSample, Heartbeat) {
  EXPECT_EQ(written(messages::heartbeat, [](Writer&) {}), samples::heartbeat);
}

TEST(QbeSample, ProviderInit) {
  constexpr const Layout& m = messages::provider_init_request;
  const auto fill = [](Writer& w) {
    w.put(m["seq"], 1u);
    w.put(m["provider"], "10.0.0.1"sv);
    w.put(m["qbe_client_version"], "OpenRCC 1.0"sv);
    w.put(m["application_id"], "rcc"sv);
    w.put(m["plugin_name"], "CiscoJTAPI"sv);
  };
  EXPECT_EQ(written(m, fill), samples::provider_init);
  const Opened read(samples::provider_init, m);
  EXPECT_EQ(read.view.text(m["provider"]), "10.0.0.1");
  EXPECT_EQ(read.view.text(m["plugin_name"]), "CiscoJTAPI");
}

TEST(QbeSample, ProviderOpen) {
  constexpr const Layout& m = messages::provider_open_request;
  const auto fill = [](Writer& w) {
    w.put(m["seq"], 2u);
    w.put(m["provider"], "10.0.0.1"sv);
    w.put(m["qbe_client_version"], "OpenRCC 1.0"sv);
    w.put(m["login"], "user1"sv);
    w.put(m["password"], "\1\2\3\4"sv);
    Writer filter = w.element(m["filter"]);
    for (std::uint32_t i = 0; i < 6; ++i)
      filter.put(elements::provider_event_filter.at(i), true);
    filter.finish();
    w.put(m["application_id"], "rcc"sv);
    w.put(m["desired_server_heartbeat_time"], 30u);
    w.put(m["plugin_name"], "CiscoJTAPI"sv);
    w.put(m["application_priority"], 2u);
    w.put(m["sso_ticket"], ""sv);
    w.put(m["encrypted_key_data"], "\5\6"sv);
  };
  EXPECT_EQ(written(m, fill), samples::provider_open);
  const Opened read(samples::provider_open, m);
  EXPECT_EQ(read.view.unicode(m["login"]), "user1");
  EXPECT_EQ(read.view.bytes(m["password"]), "\1\2\3\4"sv);
  EXPECT_TRUE(read.view.element(m["filter"]).flag(elements::provider_event_filter["device_unregistered"]));
  EXPECT_EQ(read.view.number(m["application_priority"]), 2u);
  EXPECT_EQ(read.view.bytes(m["encrypted_key_data"]), "\5\6"sv);
}

TEST(QbeSample, ProviderCloseAndLineClose) {
  EXPECT_EQ(written(messages::provider_close_request,
                    [](Writer& w) { w.put(messages::provider_close_request["seq"], 7u); }),
            samples::provider_close);
  EXPECT_EQ(
      written(messages::line_close_request, [](Writer& w) { put_line(w, messages::line_close_request, 8); }),
      samples::line_close);
}

TEST(QbeSample, LineCallInitiate) {
  constexpr const Layout& m = messages::line_call_initiate_request;
  const auto fill = [](Writer& w) {
    put_line(w, m, 15);
    w.put(m["global_call_manager_id"], 1u);
    w.put(m["global_call_id"], 2001u);
    w.put(m["calling_address"], "1001"sv);
    w.put(m["dest_address"], "1002"sv);
    w.put(m["media_device_name"], ""sv);
    w.put(m["feature_priority"], 1u);
  };
  EXPECT_EQ(written(m, fill), samples::line_call_initiate);
}

TEST(QbeSample, CallAnswer) {
  constexpr const Layout& m = messages::call_answer_request;
  const auto fill = [](Writer& w) {
    put_call(w, m, 9);
    w.put(m["media_device_name"], ""sv);
  };
  EXPECT_EQ(written(m, fill), samples::call_answer);
}

TEST(QbeSample, NumbersTakeFourTimesTheirRoom) {
  constexpr const Layout& m = messages::call_play_dtmf_request;
  const std::vector<std::uint32_t> digits = {1, 2, 15};
  const auto fill = [&](Writer& w) {
    put_call(w, m, 10);
    w.put(m["dtmf_digits"], std::span(digits));
  };
  EXPECT_EQ(written(m, fill), samples::call_play_dtmf);
  EXPECT_EQ(Opened(samples::call_play_dtmf, m).view.numbers(m["dtmf_digits"]), digits);
}

TEST(QbeSample, Handles) {
  constexpr const Layout& one = messages::call_direct_transfer_request;
  EXPECT_EQ(
      written(one, [](Writer& w) { put_call(w, one, 11), w.put(one["other_call_handle"], Handle{1, 34}); }),
      samples::call_direct_transfer);
  EXPECT_EQ(Opened(samples::call_direct_transfer, one).view.handle(one["other_call_handle"]), (Handle{1, 34}));

  constexpr const Layout& many = messages::call_join_request;
  const std::vector<Handle> others = {{1, 34}};
  EXPECT_EQ(
      written(many, [&](Writer& w) { put_call(w, many, 12), w.put(many["other_calls"], std::span(others)); }),
      samples::call_join);
  EXPECT_EQ(Opened(samples::call_join, many).view.handles(many["other_calls"]), others);
}

TEST(QbeSample, ElementsInARow) {
  constexpr const Layout& m = messages::line_set_forward_request;
  constexpr const Layout& forward = elements::cti_call_forward_information;
  const auto fill = [](Writer& w) {
    put_line(w, m, 13);
    auto list = w.elements(m["fwd_destn_info"], 1);
    Writer one = list.next();
    one.put(forward["cfwd_type"], 1u);
    one.put(forward["call_fwd_destination"], "2002"sv);
    one.finish();
    list.finish();
  };
  EXPECT_EQ(written(m, fill), samples::line_set_forward);
  const Opened read(samples::line_set_forward, m);
  ASSERT_EQ(read.view.elements(m["fwd_destn_info"]).size(), 1u);
  EXPECT_EQ(read.view.elements(m["fwd_destn_info"])[0].text(forward["call_fwd_destination"]), "2002");
}

TEST(QbeSample, Flag) {
  constexpr const Layout& m = messages::device_dnd_set_request;
  const auto fill = [](Writer& w) {
    w.put(m["seq"], 14u);
    w.put(m["call_manager_id"], 1u);
    w.put(m["device_id"], 38u);
    w.put(m["dnd_status"], true);
  };
  EXPECT_EQ(written(m, fill), samples::device_dnd_set);
  EXPECT_TRUE(Opened(samples::device_dnd_set, m).view.flag(m["dnd_status"]));
}

TEST(QbeSample, AResponseWithADeviceInfoHasTheSizeSeenInTraces) {
  constexpr const Layout& m = messages::device_register_device_response;
  constexpr const Layout& info = elements::device_info;
  const auto fill = [](Writer& w) {
    w.put(m["seq"], 4u);
    w.put(m["call_manager_id"], 1u);
    w.put(m["device_id"], 38u);
    Writer device = w.element(m["device_info"]);
    device.put(info["name"], "SEP001794625DE5"sv);
    device.put(info["type"], 7u);
    device.put(info["device_id"], 38u);
    device.put(info["locale"], 1u);
    device.put(info["protocol"], 1u);
    device.put(info["alt_script"], ""sv);
    device.put(info["dev_type_name"], "Cisco 7960"sv);
    device.finish();
  };
  EXPECT_EQ(written(m, fill), samples::device_register_response);
  const Opened read(samples::device_register_response, m);
  EXPECT_EQ(read.bytes.size(), 0xA0u);
  EXPECT_EQ(read.view.element(m["device_info"]).text(info["name"]), "SEP001794625DE5");
  EXPECT_EQ(read.view.element(m["device_info"]).text(info["dev_type_name"]), "Cisco 7960");
}

TEST(QbeSample, DeviceOpenResponseIsAsLongAsInTracesOfCallManagers) {
  constexpr const Layout& m = messages::device_open_response;
  constexpr const Layout& info = elements::device_info;
  const auto fill = [](Writer& w) {
    Writer device = w.element(m["device_info"]);
    device.put(info["name"], "SEP001794625DE5"sv);
    device.put(info["alt_script"], ""sv);
    device.put(info["dev_type_name"], "Cisco 7960"sv);
    device.finish();
  };
  const std::string bytes = bytes_of(written(m, fill));
  EXPECT_EQ(bytes.size(), 0xA0u);
  EXPECT_EQ(load32(bytes, header::length), 0x98u);
}

TEST(QbeSample, ReadsTheSameInBothVersions) {
  for (const auto sample : samples::all) {
    const std::string bytes = bytes_of(sample);
    std::string later = bytes;
    store32(later, header::version, 0x00110000);
    const Layout* const layout = messages::find(frame_of(bytes).id);
    ASSERT_TRUE(layout);
    const auto fields = every::read_frame(bytes, *layout);
    EXPECT_EQ(fields.size(), layout->fields.size()) << layout->name;
    EXPECT_EQ(every::read_frame(later, *layout), fields) << layout->name;
  }
}

TEST(QbeSample, ProviderOpenCompleted) {
  constexpr const Layout& m = messages::provider_open_completed_event;
  const auto fill = [](Writer& w) {
    w.put(m["seq"], 2u);
    w.put(m["provider_info_string"], "14.0.1"sv);
    w.put(m["client_heartbeat"], 30u);
    w.put(m["server_heartbeat"], 30u);
    w.put(m["provider_id"], 16777223u);
    w.put(m["precedence_value"], 96u);
    w.put_empty_unicode(m["login_user_name"]);
    w.put(m["days_until_password_expiry"], 0xFFFFFFFFu);
    w.put(m["total_controllable_devices"], 3u);
    w.put(m["cluster_id"], "StandAloneCluster"sv);
  };
  EXPECT_EQ(written(m, fill), samples::provider_open_completed);
  const Opened read(samples::provider_open_completed, m);
  EXPECT_EQ(read.view.number(m["reason"]), 0u);
  EXPECT_EQ(read.view.text(m["failure_description"]), "");
  EXPECT_EQ(read.view.unicode(m["login_user_name"]), "");
  EXPECT_EQ(read.view.text(m["cluster_id"]), "StandAloneCluster");
}

}  // namespace
}  // namespace linebridge::cti::qbe
