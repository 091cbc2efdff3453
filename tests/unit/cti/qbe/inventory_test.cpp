#include "cti/qbe/inventory.hpp"

#include <gtest/gtest.h>

#include "conversation.hpp"

namespace linebridge::cti::qbe {
namespace {

using manager::Listed;

std::vector<std::string> devices(const Conversation& talk, std::string_view number) {
  std::vector<std::string> out;
  for (const auto& appearance : talk.session.inventory().appearances(number))
    out.push_back(appearance.device);
  return out;
}

std::string user_changed(std::uint32_t type, std::string_view device, std::uint32_t mask) {
  constexpr const Layout& e = m::provider_user_changed_event;
  std::string out;
  Writer w(out, dialect(0x00100000), e);
  w.put(e["type_of_notification"], type);
  Writer info = w.element(e["device_info"]);
  put(info, elements::device_info, {{"name", device}});
  info.finish();
  w.put(e["device_control_flag_bit_mask"], mask);
  w.finish();
  return out;
}

std::string with_device_info(const Layout& event, std::string_view device) {
  std::string out;
  Writer w(out, dialect(0x00100000), event);
  Writer info = w.element(event.at(0));
  put(info, elements::device_info, {{"name", device}});
  info.finish();
  w.finish();
  return out;
}

TEST(QbeInventory, TellsWhatWasListed) {
  Conversation talk;
  talk.log_in({{"SEP1", {{"1001", ""}, {"1002", "internal"}}}});
  const auto found = talk.session.inventory().appearances("1002");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].device, "SEP1");
  EXPECT_EQ(found[0].number, "1002");
  EXPECT_EQ(found[0].partition, "internal");
  EXPECT_EQ(found[0].model, "Cisco 7960");
  EXPECT_TRUE(found[0].registered);
  EXPECT_FALSE(found[0].restricted);
  EXPECT_FALSE(found[0].ip_communicator);
  EXPECT_TRUE(talk.session.inventory().appearances("100").empty());
  EXPECT_EQ(talk.session.inventory().devices(), 1u);
  EXPECT_EQ(talk.session.inventory().lines(), 2u);
}

TEST(QbeInventory, KeepsTheOrderOfTheList) {
  Conversation talk;
  talk.log_in({{"SEP9", {{"1001", ""}}}, {"SEP1", {{"1001", ""}}}, {"SEP5", {{"1001", "a"}, {"1001", "b"}}}});
  EXPECT_EQ(devices(talk, "1001"), (std::vector<std::string>{"SEP9", "SEP1", "SEP5", "SEP5"}));
}

TEST(QbeInventory, PutsTheLinesOfADeviceTogether) {
  Conversation talk;
  Listed first{"SEP1", {{"1001", ""}}}, last{"SEP1", {{"1002", ""}}};
  first.more = true;
  last.content = 8;
  last.registered = false;  // Says nothing in an event with lines only.
  talk.log_in({first, last});
  EXPECT_EQ(talk.session.inventory().lines(), 2u);
  EXPECT_TRUE(talk.session.inventory().appearances("1001").at(0).registered);
}

TEST(QbeInventory, ADeviceListedAgainReplacesItself) {
  Conversation talk;
  talk.log_in({{"SEP1", {{"1001", ""}}}, {"SEP1", {{"1002", ""}}}});
  EXPECT_TRUE(devices(talk, "1001").empty());
  EXPECT_EQ(devices(talk, "1002").size(), 1u);
  EXPECT_EQ(talk.session.inventory().lines(), 1u);
}

TEST(QbeInventory, TellsRegistrationRestrictionAndKind) {
  Listed off{"SEP1", {{"1001", ""}}}, closed{"SEP2", {{"1002", ""}}}, uncontrolled{"SEP3", {{"1003", ""}}},
      line_closed{"SEP4", {{"1004", "", true}}}, soft{"SEP5", {{"1005", ""}}}, empty{"SEP6", {{"1006", ""}}};
  off.registered = false;
  closed.restricted = true;
  uncontrolled.controllable = 2;
  soft.type = 30016;
  empty.content = 0;
  Conversation talk;
  talk.log_in({off, closed, uncontrolled, line_closed, soft, empty});
  const auto one = [&](std::string_view number) { return talk.session.inventory().appearances(number).at(0); };
  EXPECT_FALSE(one("1001").registered);
  EXPECT_TRUE(one("1002").restricted);
  EXPECT_TRUE(one("1003").restricted);
  EXPECT_TRUE(one("1004").restricted);
  EXPECT_TRUE(one("1005").ip_communicator);
  EXPECT_TRUE(devices(talk, "1006").empty());
}

TEST(QbeInventory, FollowsRegistration) {
  Conversation talk;
  talk.log_in({{"SEP1", {{"1001", ""}}}});
  const auto registered = [&] { return talk.session.inventory().appearances("1001").at(0).registered; };
  talk.receive(with_device_info(m::device_unregistered_event, "SEP1"));
  EXPECT_FALSE(registered());
  talk.receive(with_device_info(m::device_registered_event, "SEP1"));
  EXPECT_TRUE(registered());
  talk.receive(with_device_info(m::device_unregistered_event, "SEP1"));
  talk.receive(message(m::device_registered_event_with_line_info, {{"device_name", "SEP1"}}));
  EXPECT_TRUE(registered());
  talk.receive(with_device_info(m::device_unregistered_event, "SEP7"));
  EXPECT_EQ(talk.session.inventory().devices(), 1u);
}

TEST(QbeInventory, ARegistrationMayBringOtherLines) {
  Conversation talk;
  talk.log_in({{"SEP1", {{"1001", ""}}}});
  constexpr const Layout& e = m::device_registered_event_with_line_info;
  std::string event;
  Writer w(event, dialect(0x00100000), e);
  put(w, e, {{"device_name", "SEP1"}, {"event_content", 8}});
  manager::put_lines(w, e["line_info"], {{"2001", ""}});
  w.finish();
  talk.receive(event);
  EXPECT_TRUE(devices(talk, "1001").empty());
  EXPECT_EQ(devices(talk, "2001"), (std::vector<std::string>{"SEP1"}));
}

TEST(QbeInventory, AnAddedDeviceIsFetched) {
  Conversation talk;
  talk.log_in();
  talk.receive(user_changed(1, "SEP2", 1) + user_changed(1, "SEP2", 1));
  const auto fetch = talk.only_request();
  EXPECT_EQ(fetch.id, 285u);
  EXPECT_EQ(fetch.text("device_name"), "SEP2");
  talk.receive(manager::done(fetch));
  talk.receive(manager::listed(fetch.seq, {"SEP2", {{"1002", ""}}}));
  EXPECT_EQ(devices(talk, "1002"), (std::vector<std::string>{"SEP2"}));
}

TEST(QbeInventory, ARemovedDeviceIsForgotten) {
  Conversation talk;
  talk.log_in({{"SEP1", {{"1001", ""}}}, {"SEP2", {{"1001", ""}}}});
  talk.receive(user_changed(2, "SEP1", 1));
  EXPECT_EQ(devices(talk, "1001").size(), 2u) << "still controlled in another way";
  talk.receive(user_changed(2, "SEP1", 0));
  EXPECT_EQ(devices(talk, "1001"), (std::vector<std::string>{"SEP2"}));
  EXPECT_EQ(talk.session.inventory().lines(), 1u);
}

TEST(QbeInventory, ADeviceThatCannotBeFetchedIsForgotten) {
  Conversation talk;
  talk.log_in({{"SEP1", {{"1001", ""}}}});
  talk.receive(user_changed(258, "SEP1", 1));
  talk.receive(manager::failure(talk.only_request().seq, 0x8CCC0022));
  EXPECT_TRUE(devices(talk, "1001").empty());
}

}  // namespace
}  // namespace linebridge::cti::qbe
