#include "admin/api.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace linebridge::admin {
namespace {

using testing::HasSubstr;

template <class T>
T ordered(std::string_view target) {
  const auto result = order_of({"GET", target, ""});
  const auto* order = std::get_if<view::Order>(&result);
  EXPECT_TRUE(order) << target;
  const auto* wanted = order ? std::get_if<T>(order) : nullptr;
  EXPECT_TRUE(wanted) << target;
  return wanted ? *wanted : T{};
}

Response refused(std::string_view method, std::string_view target) {
  const auto result = order_of({method, target, ""});
  const auto* response = std::get_if<Response>(&result);
  EXPECT_TRUE(response) << target;
  return response ? *response : Response{};
}

TEST(AdminApi, OrdersTheStatus) {
  ordered<view::ShowStatus>("/v1/status");
}

TEST(AdminApi, OrdersTheTraceOfAllOrOfOneSession) {
  const auto all = ordered<view::ShowTrace>("/v1/trace");
  EXPECT_EQ(all.session, "");
  EXPECT_EQ(all.most, 1000u);

  const auto one = ordered<view::ShowTrace>("/v1/trace?session=a%20b%zz&most=5");
  EXPECT_EQ(one.session, "a b%zz");
  EXPECT_EQ(one.most, 5u);
  EXPECT_EQ(one.after, 0u);
  EXPECT_EQ(ordered<view::ShowTrace>("/v1/trace?after=18446744073709551615").after, 18446744073709551615u);
}

TEST(AdminApi, RefusesWhatItDoesNotKnowAndSaysWhatThereIs) {
  EXPECT_EQ(refused("GET", "/").status, 404u);
  EXPECT_EQ(refused("GET", "").status, 404u);
  const auto unknown = refused("GET", "/v1/x\"\n");
  EXPECT_EQ(unknown.status, 404u);
  EXPECT_EQ(unknown.body,
            R"({"error":"no \"/v1/x\"\\x0a\" here; there are /v1/status, /v1/trace and /v1/drain"})");
}

TEST(AdminApi, OrdersADrainAndItsEnd) {
  const auto drain = [](std::string_view method, std::string_view target) {
    return std::get<view::Drain>(std::get<view::Order>(order_of({method, target, ""})));
  };
  EXPECT_TRUE(drain("POST", "/v1/drain").on);
  EXPECT_EQ(drain("POST", "/v1/drain").seconds_most, 0);
  EXPECT_EQ(drain("POST", "/v1/drain?until=1800").seconds_most, 1800);
  EXPECT_FALSE(drain("DELETE", "/v1/drain").on);
  EXPECT_EQ(refused("GET", "/v1/drain").status, 405u);
  for (const auto* target :
       {"/v1/drain?until=0", "/v1/drain?until=30m", "/v1/drain?until=604801", "/v1/drain?x=1"})
    EXPECT_EQ(refused("POST", target).status, 400u) << target;
  EXPECT_EQ(refused("DELETE", "/v1/drain?until=1").status, 400u);
  EXPECT_EQ(response_to(view::Drainage{"draining", 7, 30}).body,
            R"({"state":"draining","sessions":7,"seconds_left":30})");
}

TEST(AdminApi, RefusesOtherMethods) {
  EXPECT_EQ(refused("POST", "/v1/status").status, 405u);
  EXPECT_EQ(refused("get", "/v1/trace").status, 405u);
}

TEST(AdminApi, RefusesWrongQueries) {
  for (const auto* target : {"/v1/status?x", "/v1/trace?most=0", "/v1/trace?most=-1", "/v1/trace?most=100001",
                             "/v1/trace?most=", "/v1/trace?after=-1",
                             "/v1/trace?after=", "/v1/trace?most=99999999999999999999", "/v1/trace?color=red"})
    EXPECT_EQ(refused("GET", target).status, 400u) << target;
  EXPECT_THAT(refused("GET", "/v1/trace?color=red").body, HasSubstr("session, after and most"));
}

TEST(AdminApi, AnswersWithJson) {
  EXPECT_EQ(response_to(view::Trace{}).status, 200u);
  EXPECT_EQ(response_to(view::Trace{}).body, R"({"lines":[]})");
  EXPECT_EQ(response_to(view::Status{}).status, 200u);

  const auto refusal = response_to(view::Refused{"not now"});
  EXPECT_EQ(refusal.status, 409u);
  EXPECT_EQ(refusal.body, R"({"error":"not now"})");
}

}  // namespace
}  // namespace linebridge::admin
