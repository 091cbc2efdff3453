#include <gtest/gtest.h>

#include "conversation.hpp"
#include "unseal.hpp"

namespace linebridge::cti::qbe {
namespace {

using Phase = Login::Phase;

/// Leads a conversation up to a phase and gives the number of the request that is out.
std::uint32_t lead_to(Conversation& talk, Phase phase) {
  talk.start();
  auto request = talk.only_request();
  if (phase == Phase::init) return request.seq;
  talk.receive(manager::init_response(request.seq));
  request = talk.only_request();
  if (phase == Phase::opening) return request.seq;
  talk.receive(manager::open_response(request.seq));
  if (phase == Phase::completing) return request.seq;
  talk.receive(manager::open_completed(request.seq));
  request = talk.only_request();
  if (phase == Phase::capabilities) return request.seq;
  talk.receive(manager::capabilities_response(request.seq));
  return talk.only_request().seq;
}

constexpr Phase steps[] = {Phase::init, Phase::opening, Phase::completing, Phase::capabilities, Phase::listing};

TEST(QbeLogin, GoesThroughAllStepsIntoService) {
  Conversation talk;
  talk.start();
  const auto init = talk.only_request();
  EXPECT_EQ(init.id, 310u);
  EXPECT_EQ(init.seq, 0u);
  EXPECT_EQ(init.text("provider"), "10.0.0.1");
  EXPECT_EQ(init.text("qbe_client_version"), "Linebridge 0.1.0");
  EXPECT_EQ(init.text("application_id"), "Linebridge-pub");
  EXPECT_EQ(init.text("plugin_name"), "CiscoJTAPI");

  talk.receive(manager::init_response(0));
  const auto open = talk.only_request();
  EXPECT_EQ(open.id, 3u);
  EXPECT_EQ(open.seq, 1u);
  EXPECT_EQ(open.number("application_priority"), 2u);
  EXPECT_EQ(open.number("desired_server_heartbeat_time"), 30u);

  talk.receive(manager::open_response(1));
  EXPECT_TRUE(talk.requests().empty()) << "the log-in is not complete";
  talk.receive(manager::open_completed(1));
  EXPECT_EQ(talk.only_request().id, 127u);
  talk.receive(manager::capabilities_response(2));
  EXPECT_EQ(talk.only_request().id, 282u);
  talk.receive(manager::list_response(3));
  EXPECT_TRUE(talk.events.empty());
  talk.receive(manager::listed(3, {"SEP1", {{"1001", ""}}}));
  EXPECT_FALSE(talk.session.in_service());
  talk.receive(manager::list_completed(3));
  EXPECT_TRUE(talk.session.in_service()) << (talk.session.ended() ? talk.session.ended()->reason : "");
  ASSERT_EQ(talk.events.size(), 1u);
  EXPECT_TRUE(std::holds_alternative<driver::LinkInService>(talk.events.front()));
}

TEST(QbeLogin, SendsThePasswordSealedAndTheUserInTheClear) {
  Conversation talk;
  lead_to(talk, Phase::init);
  talk.receive(manager::init_response(0));
  const auto open = talk.only_request();
  constexpr const Layout& r = m::provider_open_request;
  const View view = View::open(frame_of(open.bytes), r).value();
  EXPECT_EQ(view.unicode(r["login"]), "linebridge");
  EXPECT_EQ(unseal(view.bytes(r["password"]), view.bytes(r["encrypted_key_data"]),
                   "01234567-89ab-cdef-0123-456789abcdef"),
            "secret12");
  EXPECT_EQ(view.number(r["authentication_type"]), 0u);
  EXPECT_FALSE(view.flag(r["request_old_device_line_fetch"]));
  for (std::uint32_t i = 0; i < 6; ++i)
    EXPECT_TRUE(view.element(r["filter"]).flag(elements::provider_event_filter.at(i)));
  EXPECT_EQ(open.bytes.find("secret12"), std::string::npos);
}

TEST(QbeLogin, SendsNoPasswordWithoutNonceOrCertificate) {
  for (const std::string& response :
       {message(m::provider_init_response, {{"seq", 0}, {"certificate", bytes_of(test_key::certificate)}}),
        message(m::provider_init_response, {{"seq", 0}, {"nonce", "n"}}),
        message(m::provider_init_response, {{"seq", 0}})}) {
    Conversation talk;
    talk.start();
    talk.requests();
    talk.receive(response);
    EXPECT_TRUE(talk.requests().empty());
    ASSERT_TRUE(talk.session.ended());
    EXPECT_EQ(talk.session.ended()->why, Ending::Why::refused);
  }
}

TEST(QbeLogin, SealsThePasswordUnderANonceOfAnyLengthThatFitsTheKey) {
  for (const std::size_t length : {1u, 36u, 100u, 229u, 230u, 4000u}) {
    SCOPED_TRACE(length);
    Conversation talk;
    talk.start();
    const std::string nonce(length, 'n');
    talk.receive(message(m::provider_init_response, {{"seq", talk.only_request().seq},
                                                     {"nonce", nonce},
                                                     {"certificate", bytes_of(test_key::certificate)}}));
    const auto sent = talk.requests();
    EXPECT_EQ(sent.size(), length <= 229 ? 1u : 0u);
    EXPECT_EQ(talk.session.ended().has_value(), length > 229);
    if (sent.empty()) continue;
    constexpr const Layout& r = m::provider_open_request;
    const View view = View::open(frame_of(sent[0].bytes), r).value();
    EXPECT_EQ(unseal(view.bytes(r["password"]), view.bytes(r["encrypted_key_data"]), nonce), "secret12");
  }
}

TEST(QbeLogin, SendsNoPasswordUnderACertificateThatCannotBeRead) {
  Conversation talk;
  talk.start();
  talk.receive(message(m::provider_init_response,
                       {{"seq", talk.only_request().seq}, {"nonce", "n"}, {"certificate", "no certificate"}}));
  EXPECT_TRUE(talk.requests().empty());
  ASSERT_TRUE(talk.session.ended());
  EXPECT_EQ(talk.session.ended()->why, Ending::Why::refused);
}

TEST(QbeLogin, AsksForAnotherVersionWhereverItsOwnIsRefused) {
  for (const Phase step : {Phase::init, Phase::opening, Phase::completing}) {
    Conversation talk;
    const auto seq = lead_to(talk, step);
    talk.receive(step == Phase::completing ? manager::open_completed(seq, 0x8CCC0050)
                                           : manager::failure(seq, 0x8CCC0050));
    ASSERT_TRUE(talk.session.ended());
    EXPECT_EQ(talk.session.ended()->why, Ending::Why::version);
  }
}

TEST(QbeLogin, LearnsWhatTheUserMayDoAndHowLongThePasswordLasts) {
  Conversation talk;
  const auto open = lead_to(talk, Phase::completing);
  talk.receive(message(m::provider_open_completed_event,
                       {{"seq", open}, {"days_until_password_expiry", 12}, {"total_controllable_devices", 3}}));
  constexpr const Layout& r = m::provider_get_capabilities_response;
  std::string answer;
  Writer w(answer, dialect(0x00100000), r);
  w.put(r["seq"], talk.only_request().seq);
  Writer info = w.element(r["provider_capabilities_info"]);
  put(info, elements::provider_capabilities_info,
      {{"control_any_device", true}, {"max_number_of_devices_open", 100}});
  info.finish();
  w.finish();
  talk.receive(answer);
  EXPECT_EQ(talk.session.learnt().days_until_password_expires, 12u);
  EXPECT_EQ(talk.session.learnt().devices_listed_for_user, 3u);
  EXPECT_TRUE(talk.session.learnt().controls_any_device);
  EXPECT_EQ(talk.session.learnt().most_devices_open, 100u);
}

TEST(QbeLogin, APasswordThatDoesNotExpireHasNoDays) {
  Conversation talk;
  const auto open = lead_to(talk, Phase::completing);
  talk.receive(
      message(m::provider_open_completed_event, {{"seq", open}, {"days_until_password_expiry", 0xFFFFFFFFu}}));
  EXPECT_EQ(talk.session.learnt().days_until_password_expires, std::nullopt);
}

TEST(QbeLogin, EndsWhenAnyStepIsRefused) {
  for (const Phase step : steps) {
    if (step == Phase::completing) continue;
    SCOPED_TRACE(static_cast<int>(step));
    Conversation talk;
    talk.receive(manager::failure(lead_to(talk, step), 0x8CCC0090, "internal"));
    ASSERT_TRUE(talk.session.ended());
    EXPECT_EQ(talk.session.ended()->why, Ending::Why::lost);
    EXPECT_EQ(talk.session.ended()->code, 0x8CCC0090u);
    EXPECT_NE(talk.session.ended()->reason.find("internal"), std::string::npos);
  }
}

TEST(QbeLogin, EndsWhenAnyStepIsNotAnswered) {
  for (const Phase step : steps) {
    SCOPED_TRACE(static_cast<int>(step));
    Conversation talk;
    lead_to(talk, step);
    for (int i = 0; i < 14 && !talk.session.ended(); ++i) {
      if (step != Phase::init && step != Phase::opening) talk.receive(manager::heartbeat());
      talk.pass(5s);
    }
    ASSERT_TRUE(talk.session.ended());
    EXPECT_EQ(talk.session.ended()->why, Ending::Why::lost);
  }
}

TEST(QbeLogin, EachAnswerIsWaitedForTenSecondsAndNoLonger) {
  Conversation talk;
  talk.start();
  talk.pass(9999ms);
  EXPECT_FALSE(talk.session.ended());
  talk.pass(1ms);
  EXPECT_TRUE(talk.session.ended());
}

TEST(QbeLogin, ALongListIsWaitedForWhileItGoesOn) {
  Conversation talk;
  const auto seq = lead_to(talk, Phase::listing);
  for (int i = 0; i < 10; ++i) {
    talk.pass(50s);
    talk.receive(manager::listed(seq, {"SEP" + std::to_string(i), {}}));
  }
  EXPECT_FALSE(talk.session.ended());
  talk.receive(manager::list_completed(seq));
  EXPECT_TRUE(talk.session.in_service());
}

TEST(QbeLogin, TellsRefusedCredentialsFromOtherRefusals) {
  using Why = Ending::Why;
  const std::vector<std::pair<std::uint32_t, Why>> cases = {
      {0x8CCC005F, Why::credentials}, {0x8CCC0060, Why::credentials}, {0x8CCC011D, Why::credentials},
      {0x8CCC011E, Why::credentials}, {0x8CCC011F, Why::credentials}, {0x8CCC0145, Why::credentials},
      {0x8CCC00D0, Why::credentials}, {0x8CCC0118, Why::credentials}, {0x8CCC0119, Why::credentials},
      {0x8CCC011A, Why::credentials}, {0x8CCC0075, Why::directory},   {0x8CCC005E, Why::directory},
      {0x8CCC0125, Why::directory},   {0x8CCC0047, Why::full},        {0x8CCC0050, Why::version},
      {0x8CCC0057, Why::refused},     {0x8CCC00D1, Why::refused},     {0x8CCC0001, Why::lost},
  };
  for (const auto& [code, why] : cases) {
    SCOPED_TRACE(code_text(code));
    Conversation talk;
    talk.receive(manager::open_completed(lead_to(talk, Phase::completing), code, "why not"));
    ASSERT_TRUE(talk.session.ended());
    EXPECT_EQ(talk.session.ended()->why, why);
    EXPECT_EQ(talk.session.ended()->code, code);
  }
}

TEST(QbeLogin, ARefusedOpenResponseEndsAtOnce) {
  Conversation talk;
  const auto seq = lead_to(talk, Phase::opening);
  talk.receive(message(m::provider_open_response, {{"seq", seq}, {"result", 0x8CCC0060u}}));
  ASSERT_TRUE(talk.session.ended());
  EXPECT_EQ(talk.session.ended()->why, Ending::Why::credentials);
}

TEST(QbeLogin, AListThatFailsEnds) {
  Conversation talk;
  talk.receive(manager::list_completed(lead_to(talk, Phase::listing), 0x8CCC0015));
  EXPECT_TRUE(talk.session.ended());
}

TEST(QbeLogin, TheCompletionMayOvertakeTheOpenResponse) {
  Conversation talk;
  const auto seq = lead_to(talk, Phase::opening);
  talk.receive(manager::open_completed(seq));
  EXPECT_EQ(talk.only_request().id, 127u);
  talk.receive(manager::open_response(seq, 4, 4));
  EXPECT_FALSE(talk.session.ended());
  talk.pass(4s);
  EXPECT_EQ(talk.only_request().id, 120u) << "its heartbeat holds";
}

TEST(QbeLogin, TheListMayOvertakeItsResponse) {
  Conversation talk;
  const auto seq = lead_to(talk, Phase::listing);
  talk.receive(manager::listed(seq, {"SEP1", {{"1001", ""}}}));
  talk.receive(manager::list_completed(seq));
  EXPECT_TRUE(talk.session.in_service());
  talk.receive(manager::list_response(seq));
  EXPECT_FALSE(talk.session.ended());
}

TEST(QbeLogin, AnswersToOtherNumbersAreNotOurs) {
  Conversation talk;
  const auto seq = lead_to(talk, Phase::capabilities);
  talk.receive(manager::capabilities_response(seq + 7));
  talk.receive(manager::failure(seq + 7, 0x8CCC0060));
  talk.receive(manager::open_completed(seq + 7, 0x8CCC0060));
  EXPECT_FALSE(talk.session.ended());
  EXPECT_TRUE(talk.requests().empty());
}

TEST(QbeLogin, AClosedProviderEndsWhateverTheStep) {
  for (const Phase step : steps) {
    Conversation talk;
    lead_to(talk, step);
    talk.receive(message(m::provider_closed_event, {{"reason", 4}}));
    ASSERT_TRUE(talk.session.ended());
    EXPECT_EQ(talk.session.ended()->why, Ending::Why::credentials);
  }
}

TEST(QbeLogin, SpeaksTheVersionItIsTold) {
  auto settings = Conversation::usual();
  settings.protocol_version = 0x00110000;
  Conversation talk(settings);
  talk.start();
  EXPECT_EQ(frame_of(talk.only_request().bytes).version, 0x00110000u);
}

}  // namespace
}  // namespace linebridge::cti::qbe
