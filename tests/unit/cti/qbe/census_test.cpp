#include <gtest/gtest.h>

#include "conversation.hpp"

namespace linebridge::cti::qbe {
namespace {

using manager::Listed;
using manager::ListedLine;

struct Device {
  std::string name;
  std::uint32_t type = 7;
  std::string model = "Cisco 7960";
  bool restricted = false;
};

void put_device(Writer w, const Device& device) {
  put(w, elements::device_info,
      {{"name", device.name},
       {"type", device.type},
       {"is_restricted", device.restricted},
       {"dev_type_name", device.model}});
  w.finish();
}

std::string devices_page(const Sent& request, const std::vector<Device>& devices, bool more) {
  constexpr const Layout& r = m::get_device_info_fetch_response;
  std::string out;
  Writer w(out, dialect(0x00100000), r);
  w.put(r["seq"], request.seq);
  auto list = w.elements(r["info"], static_cast<std::uint32_t>(devices.size()));
  for (const auto& device : devices)
    put_device(list.next(), device);
  list.finish();
  w.put(r["more"], more);
  w.finish();
  return out;
}

std::string lines_page(const Sent& request, const std::vector<ListedLine>& lines, bool more = false) {
  constexpr const Layout& r = m::get_line_info_fetch_response;
  std::string out;
  Writer w(out, dialect(0x00100000), r);
  w.put(r["seq"], request.seq);
  manager::put_lines(w, r["info"], lines);
  w.put(r["more"], more);
  w.finish();
  return out;
}

std::string one_device(const Sent& request, const Device& device) {
  constexpr const Layout& r = m::get_single_device_info_response;
  std::string out;
  Writer w(out, dialect(0x00100000), r);
  w.put(r["seq"], request.seq);
  put_device(w.element(r["info"]), device);
  w.finish();
  return out;
}

std::string fetched(const Sent& request, std::uint32_t result = 0) {
  return message(m::provider_get_single_device_and_lines_completed_event,
                 {{"request_id", request.seq}, {"result", result}});
}

std::string user_changed(std::uint32_t kind, const std::string& device, std::uint32_t flags = 1) {
  constexpr const Layout& e = m::provider_user_changed_event;
  std::string out;
  Writer w(out, dialect(0x00100000), e);
  w.put(e["type_of_notification"], kind);
  put_device(w.element(e["device_info"]), {device});
  w.put(e["device_control_flag_bit_mask"], flags);
  w.finish();
  return out;
}

std::string with_device(const Layout& layout, const std::string& device) {
  std::string out;
  Writer w(out, dialect(0x00100000), layout);
  put_device(w.element(layout.at(0)), {device});
  w.finish();
  return out;
}

template <class Kind>
std::size_t count(const std::vector<driver::Event>& events) {
  return static_cast<std::size_t>(std::count_if(
      events.begin(), events.end(), [](const auto& event) { return std::holds_alternative<Kind>(event); }));
}

/// A CTI Manager that lists everything in steps. What each device has is in `lines`.
class InSteps {
public:
  explicit InSteps(Conversation& conversation) : talk(conversation) {}
  /// The log-in up to the request for the list, which is refused.
  void lead(std::uint32_t code) {
    talk.start();
    talk.receive(manager::init_response(talk.only_request().seq));
    const auto open = talk.only_request().seq;
    talk.receive(manager::open_response(open) + manager::open_completed(open));
    talk.receive(manager::capabilities_response(talk.only_request().seq));
    const auto list = talk.only_request();
    EXPECT_EQ(list.id, 282u);
    talk.receive(manager::failure(list.seq, code));
  }
  /// Answers all that is asked, in pages of `page`, until nothing is.
  void answer_all() {
    for (auto requests = talk.requests(); !requests.empty(); requests = talk.requests()) {
      most_outstanding = std::max(most_outstanding, talk.session.outstanding());
      for (const auto& request : requests)
        talk.receive(answer(request));
    }
  }
  std::string answer(const Sent& request) {
    ++asked[request.id];
    switch (request.id) {
      case 13:
        EXPECT_EQ(request.number("device_group"), 1u);
        return manager::done(request, {{"enumeration_handle", 7}});
      case 94: {
        EXPECT_EQ(request.number("enumeration_handle"), 7u);
        std::vector<Device> some;
        for (; some.size() < page && told < devices.size(); ++told)
          some.push_back(devices[told]);
        return devices_page(request, some, told < devices.size());
      }
      case 24: {
        const auto name = request.text("device_name");
        handles.push_back(name);
        return manager::done(request,
                             {{"enumeration_handle", static_cast<std::uint32_t>(handles.size() + 99)}});
      }
      case 98: {
        const auto& name = handles.at(request.number("enumeration_handle") - 100);
        auto& left = pages[name];
        if (left.empty()) left = {lines[name]};
        const auto now = left.front();
        left.erase(left.begin());
        return lines_page(request, now, !left.empty());
      }
      case 130: return one_device(request, {request.text("device_name")});
      default: return manager::done(request);
    }
  }

  Conversation& talk;
  std::vector<Device> devices;
  std::map<std::string, std::vector<ListedLine>> lines;
  std::map<std::string, std::vector<std::vector<ListedLine>>> pages;  ///< Instead of all lines at once.
  std::size_t page = 50, told = 0, most_outstanding = 0;
  std::map<std::uint32_t, std::size_t> asked;
  std::vector<std::string> handles;
};

TEST(QbeCensus, ListsInStepsWhereTheListIsNotOffered) {
  for (const std::uint32_t code :
       {0x8CCC0050u, 0x8CCC0051u, 0x8CCC0052u, 0x8CCC0054u, 0x8CCC0099u, 0x8CCC009Du}) {
    SCOPED_TRACE(code_text(code));
    Conversation talk;
    InSteps steps(talk);
    steps.devices = {{"SEP1"}, {"SEP2", 30016, "Cisco IP Communicator"}, {"SEP3", 7, "Cisco 7960", true}};
    steps.lines = {
        {"SEP1", {{"1001", ""}, {"1002", "p", true}}}, {"SEP2", {{"1003", ""}}}, {"SEP3", {{"1004", ""}}}};
    steps.pages["SEP1"] = {{{"1001", ""}}, {{"1002", "p", true}}};
    steps.page = 2;
    steps.lead(code);
    EXPECT_FALSE(talk.session.in_service());
    steps.answer_all();
    ASSERT_TRUE(talk.session.in_service());
    EXPECT_EQ(count<driver::LinkInService>(talk.events), 1u);
    EXPECT_EQ(steps.asked,
              (std::map<std::uint32_t, std::size_t>{{13, 1}, {94, 2}, {96, 1}, {24, 3}, {98, 4}, {100, 3}}));
    const auto& inventory = talk.session.inventory();
    EXPECT_EQ(inventory.devices(), 3u);
    EXPECT_EQ(inventory.lines(), 4u);
    EXPECT_TRUE(inventory.appearances("1001").at(0).registered) << "nobody said otherwise";
    EXPECT_EQ(inventory.appearances("1001").at(0).model, "Cisco 7960");
    EXPECT_FALSE(inventory.appearances("1001").at(0).ip_communicator);
    EXPECT_TRUE(inventory.appearances("1002").at(0).restricted);
    EXPECT_EQ(inventory.appearances("1002").at(0).partition, "p");
    EXPECT_TRUE(inventory.appearances("1003").at(0).ip_communicator);
    EXPECT_TRUE(inventory.appearances("1004").at(0).restricted);
  }
}

TEST(QbeCensus, OtherRefusalsOfTheListEnd) {
  for (const std::uint32_t code : {0x8CCC0001u, 0x8CCC0090u, 0x8CCC0060u}) {
    Conversation talk;
    InSteps(talk).lead(code);
    EXPECT_TRUE(talk.session.ended());
  }
}

TEST(QbeCensus, AListInStepsAsksForFewDevicesAtATimeHoweverManyThereAre) {
  Conversation talk;
  InSteps steps(talk);
  for (int i = 0; i < 1000; ++i) {
    steps.devices.push_back({"SEP" + std::to_string(i)});
    steps.lines[steps.devices.back().name] = {{std::to_string(10000 + i), ""}};
  }
  steps.lead(0x8CCC0051);
  steps.answer_all();
  EXPECT_TRUE(talk.session.in_service());
  EXPECT_EQ(talk.session.inventory().lines(), 1000u);
  EXPECT_LE(steps.most_outstanding, 40u);
  EXPECT_EQ(steps.asked[94], 20u);
}

TEST(QbeCensus, WithoutDevicesAListInStepsIsCompleteAtOnce) {
  Conversation talk;
  InSteps steps(talk);
  steps.page = 0;
  steps.lead(0x8CCC0051);
  steps.answer_all();
  EXPECT_TRUE(talk.session.in_service());
}

TEST(QbeCensus, ADeviceWhoseLinesAreRefusedHasNone) {
  Conversation talk;
  InSteps steps(talk);
  steps.devices = {{"SEP1"}, {"SEP2"}};
  steps.lines["SEP2"] = {{"1002", ""}};
  steps.lead(0x8CCC0051);
  for (auto requests = talk.requests(); !requests.empty(); requests = talk.requests())
    for (const auto& request : requests)
      talk.receive(request.id == 24 && request.text("device_name") == "SEP1"
                       ? manager::failure(request.seq, 0x8CCC0065)
                       : steps.answer(request));
  EXPECT_TRUE(talk.session.in_service());
  EXPECT_EQ(talk.session.inventory().devices(), 2u);
  EXPECT_EQ(talk.session.inventory().lines(), 1u);
}

TEST(QbeCensus, AListInStepsThatIsRefusedStallsOrDoesNotEndEndsTheLink) {
  enum class Fault { refused, silent, endless };
  for (const auto fault : {Fault::refused, Fault::silent, Fault::endless})
    for (const std::uint32_t at : {13u, 94u}) {
      if (fault == Fault::endless && at == 13) continue;
      Conversation talk;
      InSteps steps(talk);
      steps.devices = {{"SEP1"}};
      steps.lead(0x8CCC0051);
      auto request = talk.only_request();
      if (at == 94) {
        talk.receive(steps.answer(request));
        request = talk.only_request();
      }
      if (fault == Fault::refused) talk.receive(manager::failure(request.seq, 0x8CCC0090));
      if (fault == Fault::endless) talk.receive(devices_page(request, {}, true));
      if (fault == Fault::silent) {
        talk.pass(9s);
        talk.receive(manager::heartbeat());
        talk.pass(1s);
      }
      ASSERT_TRUE(talk.session.ended()) << static_cast<int>(fault) << " " << at;
      EXPECT_EQ(talk.session.ended()->why, Ending::Why::lost);
    }
}

TEST(QbeCensus, LinesThatAreNotAnsweredAreAskedForThreeTimesAndThenLeft) {
  Conversation talk;
  InSteps steps(talk);
  steps.devices = {{"SEP1"}, {"SEP2"}};
  steps.lines["SEP2"] = {{"1002", ""}};
  steps.lead(0x8CCC0051);
  std::size_t asked = 0;
  for (int round = 0; round < 5; ++round) {
    for (auto requests = talk.requests(); !requests.empty(); requests = talk.requests())
      for (const auto& request : requests) {
        if (request.id == 24 && request.text("device_name") == "SEP1")
          ++asked;
        else if (request.id != 120)
          talk.receive(steps.answer(request));
      }
    talk.pass(9s);
    talk.receive(manager::heartbeat());
    talk.pass(1s);
  }
  EXPECT_EQ(asked, 3u);
  EXPECT_TRUE(talk.session.in_service());
  EXPECT_EQ(talk.session.inventory().lines(), 1u);
}

TEST(QbeCensus, OnceInStepsSingleDevicesAreAskedForSoToo) {
  Conversation talk;
  InSteps steps(talk);
  steps.devices = {{"SEP1"}};
  steps.lines = {{"SEP1", {{"1001", ""}}}, {"SEP9", {{"1009", ""}}}};
  steps.lead(0x8CCC0051);
  steps.answer_all();
  talk.receive(user_changed(1, "SEP9"));
  steps.answer_all();
  EXPECT_EQ(steps.asked[130], 1u);
  EXPECT_EQ(talk.session.inventory().appearances("1009").size(), 1u);
}

TEST(QbeCensus, ASingleDeviceIsAskedForInStepsWhereThatIsNotOffered) {
  Conversation talk;
  talk.log_in();
  InSteps steps(talk);
  steps.lines["SEP9"] = {{"1009", ""}};
  talk.receive(user_changed(1, "SEP9"));
  const auto fetch = talk.only_request();
  EXPECT_EQ(fetch.id, 285u);
  talk.receive(manager::failure(fetch.seq, 0x8CCC0051));
  steps.answer_all();
  EXPECT_EQ(talk.session.inventory().appearances("1009").size(), 1u);
}

/// A link in service with two devices listed at once.
class QbeChanges : public testing::Test {
protected:
  QbeChanges() {
    talk.log_in({{"SEP1", {{"1001", ""}, {"1002", ""}}}, {"SEP2", {{"2001", ""}}}});
    line = talk.open_line("SEP1", "1001");
  }
  /// What follows when `event` comes: SEP1 is asked for again and has these lines now.
  std::vector<driver::Event> refetched(const std::string& event, const std::vector<ListedLine>& lines) {
    talk.receive(event);
    const auto fetch = talk.only_request();
    EXPECT_EQ(fetch.id, 285u);
    EXPECT_EQ(fetch.text("device_name"), "SEP1");
    talk.receive(manager::done(fetch));
    if (!lines.empty()) talk.receive(manager::listed(fetch.seq, {"SEP1", lines}));
    talk.receive(fetched(fetch));
    return talk.take_events();
  }
  Conversation talk;
  driver::LineHandle line;
};

TEST_F(QbeChanges, ALineThatIsNotListedAnyMoreIsClosedOnce) {
  const std::vector<std::string> events = {
      user_changed(4, "SEP1"),
      user_changed(257, "SEP1"),
      user_changed(258, "SEP1"),
      user_changed(259, "SEP1"),
      user_changed(260, "SEP1"),
      message(m::provider_device_em_login_status_changed_event, {{"device_name", "SEP1"}, {"em_status", 1}}),
      message(m::provider_device_configuration_changed_event_v2, {{"device_name", "SEP1"}})};
  for (const auto& event : events) {
    SCOPED_TRACE(frame_of(event).id);
    EXPECT_TRUE(refetched(event, {{"1001", ""}, {"1009", ""}}).empty()) << "1001 is still there";
    const auto told = refetched(event, {{"1002", ""}});
    ASSERT_EQ(told.size(), 1u);
    EXPECT_EQ(std::get<driver::LineClosed>(told[0]).line, line);
    auto closing = talk.requests();
    ASSERT_EQ(closing.size(), 2u) << "the CTI Manager may not know";
    EXPECT_EQ(closing[0].id, 41u);
    EXPECT_EQ(closing[1].id, 22u);
    for (const auto& request : closing)
      talk.receive(manager::failure(request.seq, 0x8CCC0004));
    talk.receive(message(m::line_closed_event, {{"line_call_manager_id", 1}, {"line_id", 145}, {"reason", 5}}));
    EXPECT_TRUE(talk.take_events().empty()) << "it was told already";
    EXPECT_TRUE(refetched(event, {{"1001", ""}}).empty());
    line = talk.open_line("SEP1", "1001");
  }
}

TEST_F(QbeChanges, ADeviceTakenAwayClosesItsLinesOnce) {
  for (const std::uint32_t kind : {2u, 9u, 263u, 258u, 260u}) {
    SCOPED_TRACE(kind);
    talk.receive(user_changed(kind, "SEP1", 0));
    const auto told = talk.take_events();
    ASSERT_EQ(told.size(), 1u);
    EXPECT_EQ(std::get<driver::LineClosed>(told[0]).line, line);
    EXPECT_TRUE(talk.session.inventory().appearances("1001").empty());
    EXPECT_EQ(talk.session.open_lines(), 0u);
    for (const auto& request : talk.requests())
      talk.receive(request.id == 285 ? manager::failure(request.seq, 0x8CCC0022) : manager::done(request));
    talk.receive(user_changed(kind, "SEP1", 0));
    for (const auto& request : talk.requests())
      talk.receive(manager::failure(request.seq, 0x8CCC0022));
    EXPECT_TRUE(talk.take_events().empty());
    refetched(user_changed(1, "SEP1"), {{"1001", ""}});
    line = talk.open_line("SEP1", "1001");
  }
}

TEST_F(QbeChanges, ADeviceLostIsToldAfterItsLines) {
  talk.receive(message(m::provider_device_de_acquired_event, {{"device_name", "SEP1"}, {"reason", 3}}));
  const auto told = talk.take_events();
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(std::get<driver::LineClosed>(told[0]).line, line);
  EXPECT_EQ(std::get<driver::DeviceLost>(told[1]).device, "SEP1");
  EXPECT_EQ(std::get<driver::DeviceLost>(told[1]).reason, 3u);
  EXPECT_TRUE(talk.session.inventory().appearances("1001").empty());
}

TEST_F(QbeChanges, AFetchThatListsNothingForgetsTheDevice) {
  const auto told = refetched(user_changed(4, "SEP1"), {});
  EXPECT_EQ(count<driver::LineClosed>(told), 1u);
  EXPECT_EQ(talk.session.inventory().devices(), 1u);
}

TEST_F(QbeChanges, AFetchThatFailsForAWhileLeavesWhatIsKnown) {
  for (const bool event : {false, true}) {
    talk.receive(user_changed(4, "SEP1"));
    const auto fetch = talk.only_request();
    talk.receive(event ? manager::done(fetch) + fetched(fetch, 0x8CCC0001)
                       : manager::failure(fetch.seq, 0x8CCC004F));
    EXPECT_TRUE(talk.take_events().empty());
    EXPECT_EQ(talk.session.inventory().appearances("1001").size(), 1u);
  }
}

TEST_F(QbeChanges, AFetchWithoutItsEndIsTriedAgainAndThenLeft) {
  talk.receive(user_changed(4, "SEP1"));
  for (int tries = 0; tries < 3; ++tries) {
    const auto fetch = talk.only_request();
    EXPECT_EQ(fetch.id, 285u);
    talk.receive(manager::done(fetch));
    talk.pass(9s);
    talk.receive(manager::heartbeat());
    talk.pass(1s);
  }
  EXPECT_TRUE(talk.requests().empty());
  EXPECT_TRUE(talk.session.in_service());
  EXPECT_EQ(talk.session.inventory().appearances("1001").size(), 1u);
}

TEST_F(QbeChanges, AChangeDuringAFetchIsFetchedAfterIt) {
  talk.receive(user_changed(4, "SEP1"));
  const auto first = talk.only_request();
  talk.receive(user_changed(4, "SEP1") + user_changed(4, "SEP1"));
  const auto second = talk.only_request();
  EXPECT_EQ(second.id, 285u);
  EXPECT_NE(first.seq, second.seq);
}

TEST_F(QbeChanges, ManyAtOnceAreAskedForAFewAtATime) {
  std::string all;
  for (int i = 0; i < 500; ++i)
    all += user_changed(1, "SEPX" + std::to_string(i));
  talk.receive(all);
  EXPECT_EQ(talk.requests().size(), 16u);
  EXPECT_EQ(talk.session.devices_asked(), 500u);
}

TEST_F(QbeChanges, ARegistrationOfAnUnknownDeviceBringsItsLines) {
  talk.receive(with_device(m::device_registered_event, "SEP1"));
  EXPECT_TRUE(talk.requests().empty()) << "it is known";
  talk.receive(with_device(m::device_registered_event, "SEP7"));
  EXPECT_EQ(talk.only_request().text("device_name"), "SEP7");
}

TEST_F(QbeChanges, LinesThatComeWithARegistrationCloseThoseThatAreGone) {
  constexpr const Layout& e = m::device_registered_event_with_line_info;
  const auto registered = [](const std::string& number, bool more) {
    std::string out;
    Writer w(out, dialect(0x00100000), e);
    put(w, e, {{"device_name", "SEP1"}, {"event_content", 8}});
    manager::put_lines(w, e["line_info"], {{number, ""}});
    w.put(e["more_lines"], more);
    w.finish();
    return out;
  };
  talk.receive(registered("1005", true) + registered("1001", false));
  EXPECT_TRUE(talk.take_events().empty()) << "the second part has it";
  talk.receive(registered("1005", false));
  EXPECT_EQ(count<driver::LineClosed>(talk.take_events()), 1u);
}

TEST_F(QbeChanges, ConfigurationChangesNameTheirDevices) {
  constexpr const Layout& e = m::provider_device_configuration_changed_event;
  std::string out;
  Writer w(out, dialect(0x00100000), e);
  auto list = w.elements(e["device_config_change"], 2);
  for (const char* const name : {"SEP1", "SEP2"}) {
    Writer one = list.next();
    one.put(elements::device_config_change["device_name"], std::string_view(name));
    one.finish();
  }
  list.finish();
  w.finish();
  talk.receive(out);
  const auto requests = talk.requests();
  ASSERT_EQ(requests.size(), 2u);
  EXPECT_EQ(requests[1].text("device_name"), "SEP2");
  talk.receive(message(m::provider_device_ip_address_changed_event, {{"device_name", "SEP1"}}));
  EXPECT_TRUE(talk.requests().empty());
}

TEST(QbeCensus, DevicesChangedWhileAllAreListedEndUpRight) {
  Conversation talk;
  talk.start();
  talk.receive(manager::init_response(talk.only_request().seq));
  const auto open = talk.only_request().seq;
  talk.receive(manager::open_response(open) + manager::open_completed(open));
  talk.receive(manager::capabilities_response(talk.only_request().seq));
  const auto list = talk.only_request().seq;
  talk.receive(manager::list_response(list) + manager::listed(list, {"SEP1", {{"1001", ""}}}));
  // One is taken away before the list comes to it, one is added, one changes.
  talk.receive(user_changed(2, "SEP2", 0) + user_changed(1, "SEP9") + user_changed(4, "SEP1") +
               with_device(m::device_registered_event, "SEP3"));
  EXPECT_TRUE(talk.requests().empty()) << "answers would mix with the list";
  talk.receive(manager::listed(list, {"SEP2", {{"1002", ""}}}) +
               manager::listed(list, {"SEP3", {{"1003", ""}}}) + manager::list_completed(list));
  EXPECT_TRUE(talk.session.in_service());
  const auto fetches = talk.requests();
  std::map<std::string, Sent> by_device;
  for (const auto& fetch : fetches)
    by_device[fetch.text("device_name")] = fetch;
  ASSERT_EQ(by_device.size(), 3u) << "SEP3 was listed";
  talk.receive(manager::failure(by_device["SEP2"].seq, 0x8CCC0022));
  for (const auto& [device, number] : {std::pair<std::string, std::string>{"SEP9", "1009"}, {"SEP1", "1011"}}) {
    const auto& fetch = by_device[device];
    talk.receive(manager::done(fetch) + manager::listed(fetch.seq, {device, {{number, ""}}}) + fetched(fetch));
  }
  const auto& inventory = talk.session.inventory();
  EXPECT_EQ(inventory.devices(), 3u);
  EXPECT_TRUE(inventory.appearances("1001").empty());
  EXPECT_TRUE(inventory.appearances("1002").empty());
  for (const char* const number : {"1003", "1009", "1011"})
    EXPECT_EQ(inventory.appearances(number).size(), 1u) << number;
}

}  // namespace
}  // namespace linebridge::cti::qbe
