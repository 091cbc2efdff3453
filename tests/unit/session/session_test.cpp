#include "session/event_queue.hpp"
#include "session/reception.hpp"

namespace linebridge::session {
namespace {

using namespace std::chrono_literals;

class SessionReception : public testing::Test {
protected:
  static ReceptionSettings settings() {
    return {true, {"gw.example.test", "192.0.2.5"}, {Network::parse("192.0.2.0/28").value()}, {}, "dialstring"};
  }
  std::string verdict(const SignIn& asked) const {
    const auto result = Reception(settings_).identify(asked, directory_);
    if (const auto* refusal = std::get_if<Refusal>(&result))
      return std::to_string(refusal->status) + " " + std::string(refusal->rule);
    return std::get<Known>(result).line.text;
  }
  ReceptionSettings settings_ = settings();
  users::Directory directory_{
      {users::User{"sip:alice@example.test", true, numbers::parse_line_uri("tel:1001").value(), {}},
       users::User{"sip:bob@example.test", false, std::nullopt, {}}}};
  SignIn alice_{"192.0.2.10",   "GW.example.test", "alice",
                "example.test", "ctigw",           "tel:1001;phone-context=dialstring"};
};

TEST_F(SessionReception, KnowsAnAssignedUserByFromAndTheLineByItsPrivateData) {
  EXPECT_EQ(verdict(alice_), "tel:1001;phone-context=dialstring");
}

TEST_F(SessionReception, TakesTheLineFromTheToUserPartIfTheBodyHasNone) {
  alice_.line = "";
  alice_.to_user = "1001";
  EXPECT_EQ(verdict(alice_), "tel:1001;phone-context=dialstring");
}

TEST_F(SessionReception, RefusesInTheOrderAnAdministratorWouldCheck) {
  SignIn asked = alice_;
  asked.line = "sip:nonsense";
  EXPECT_EQ(verdict(asked), "404 bad line URI");
  asked.from_user = "bob";
  EXPECT_EQ(verdict(asked), "403 user not assigned");
  asked.from_user = "mallory";
  EXPECT_EQ(verdict(asked), "403 user unknown");
  asked.from_user = "";  // As of From: <tel:1001>.
  EXPECT_EQ(verdict(asked), "403 user unknown");
  asked.request_host = "elsewhere.test";
  EXPECT_EQ(verdict(asked), "404 domain not mine");
  asked.sender = "198.51.100.1";
  EXPECT_EQ(verdict(asked), "403 incoming list");
  settings_.enabled = false;
  EXPECT_EQ(verdict(asked), "503 application off");
}

TEST_F(SessionReception, PlacesOnlyOnAppearancesThatMayBeControlled) {
  const Reception reception(settings_);
  const auto known = reception.identify(alice_, directory_);
  const auto place = [&](std::vector<cti::driver::Appearance> listed) {
    return reception.place(std::get<Known>(known), listed);
  };
  const auto good = place({{"SEPA", "1001", "", "", true, true}, {"SEPB", "1001", "", "", true, false}});
  EXPECT_EQ(std::get<Placed>(good).appearance.device, "SEPB");
  EXPECT_EQ(std::get<Refusal>(place({})).rule, "line not listed");
  EXPECT_EQ(std::get<Refusal>(place({{"SEPA", "1001"}, {"SEPB", "1001"}})).rule, "ambiguous line");
}

TEST(SessionEventQueue, SendsTheNextAfterTheAnswerOrHalfASecond) {
  EventQueue queue;
  const TimePoint start{};
  for (const auto* body : {"1", "2", "3"})
    ASSERT_TRUE(queue.push(body));
  EXPECT_EQ(queue.take(start)->body, "1");
  EXPECT_FALSE(queue.take(start));
  EXPECT_FALSE(queue.answered(1));
  EXPECT_EQ(queue.take(start)->body, "2");
  EXPECT_EQ(queue.next_deadline(), start + 500ms);
  EXPECT_FALSE(queue.expire(start + 499ms));
  EXPECT_FALSE(queue.take(start + 499ms));
  EXPECT_FALSE(queue.expire(start + 500ms));
  EXPECT_EQ(queue.take(start + 500ms)->body, "3");
}

TEST(SessionEventQueue, StopsWaitingForAClientThatAnswersNothingUntilItAnswersOnce) {
  EventQueue queue;
  TimePoint now{};
  for (const auto* body : {"1", "2", "3", "4", "5"})
    ASSERT_TRUE(queue.push(body));
  queue.take(now);
  EXPECT_FALSE(queue.expire(now += 500ms));
  queue.take(now);
  EXPECT_TRUE(queue.expire(now += 500ms));
  EXPECT_TRUE(queue.silent());
  EXPECT_EQ(queue.take(now)->body, "3");
  EXPECT_EQ(queue.take(now)->body, "4");
  EXPECT_FALSE(queue.next_deadline());
  EXPECT_TRUE(queue.answered(3));
  EXPECT_EQ(queue.take(now)->body, "5");
  EXPECT_TRUE(queue.next_deadline());
  EXPECT_EQ(queue.timeouts(), 2U);
}

TEST(SessionEventQueue, RefusesPastItsBoundInsteadOfDropping) {
  EventQueue queue({2, 10, 500ms});
  EXPECT_TRUE(queue.push("12345"));
  EXPECT_FALSE(queue.push("123456"));
  EXPECT_TRUE(queue.push("12345"));
  EXPECT_FALSE(queue.push(""));
}

TEST(BaseNetwork, ContainsAddressesOfBothFamilies) {
  EXPECT_TRUE(Network::parse("192.0.2.0/24").value().contains("192.0.2.255"));
  EXPECT_FALSE(Network::parse("192.0.2.0/24").value().contains("192.0.3.0"));
  EXPECT_TRUE(Network::parse("192.0.2.1").value().contains("::ffff:192.0.2.1"));
  EXPECT_TRUE(Network::parse("2001:db8::/33").value().contains("2001:db8:7fff::1"));
  EXPECT_FALSE(Network::parse("2001:db8::/33").value().contains("2001:db8:8000::1"));
  EXPECT_TRUE(Network::parse("0.0.0.0/0").value().contains("203.0.113.9"));
  EXPECT_FALSE(Network::parse("0.0.0.0/0").value().contains("2001:db8::1"));
  EXPECT_FALSE(Network::parse("192.0.2.0/24").value().contains("name"));
  for (const auto* bad : {"", "x", "192.0.2.0/33", "192.0.2.0/", "2001:db8::/129", "192.0.2.0/-1"})
    EXPECT_FALSE(Network::parse(bad)) << bad;
}

}  // namespace
}  // namespace linebridge::session
