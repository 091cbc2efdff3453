#include "csta/features.hpp"

#include "csta/decode.hpp"
#include "csta/encode.hpp"
#include "csta/xml_reader.hpp"

namespace linebridge::csta {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string features(const Custom& custom = {}) {
  std::string out;
  append_response(out, model::FeaturesAnswer{}, {}, custom);
  return out;
}

std::string of_csta(const std::string& inside, const std::string& edition = "ed3") {
  return "<GetCSTAFeaturesResponse xmlns='" + std::string(csta_namespaces) + edition + "'>" + inside +
         "</GetCSTAFeaturesResponse>";
}

TEST(CstaFeatures, AdvertiseExactlyWhatIsServedAndTold) {
  const auto body = features();
  for (const auto& row : services)
    EXPECT_EQ(body.find("<" + std::string(row.feature) + "/>") != std::string::npos, row.served) << row.feature;
  for (const auto& row : events)
    EXPECT_EQ(body.find("<" + std::string(row.feature) + "/>") != std::string::npos, row.told) << row.feature;
}

TEST(CstaFeatures, AreGroupedOnce) {
  const auto body = features();
  XmlReader reader;
  const auto read = reader.read(body);
  ASSERT_TRUE(read);
  std::vector<std::string> groups;
  read.value().each_below(read.value().root(), [&](const XmlElement& one) {
    if (one.depth == 2) groups.push_back(one.name);
  });
  auto once = groups;
  std::sort(once.begin(), once.end());
  EXPECT_EQ(std::adjacent_find(once.begin(), once.end()), once.end());
}

TEST(CstaFeatures, RefuseInCstasWordsWhatIsNotServed) {
  for (const auto& row : services) {
    const auto decoded = decode("<" + std::string(row.root) + "/>");
    ASSERT_TRUE(decoded) << row.root;
    const auto refused = refusal_of(decoded.value().request);
    EXPECT_EQ(refused.has_value(), !row.served) << row.root;
    if (refused) {
      EXPECT_EQ(*refused, model::errors::service_not_supported);
    }
  }
  EXPECT_EQ(refusal_of(model::UnknownService{"ParkCall"}), model::errors::service_not_supported);
  EXPECT_EQ(refusal_of(model::NotARequest{"HeldEvent"}), model::errors::generic_operation);
}

TEST(CstaFeatures, AreThoseOfTheSiteByteForByteIfItHasSome) {
  const std::string own = "<GetCSTAFeaturesResponse xmlns='x'>\r\n</GetCSTAFeaturesResponse>\n";
  EXPECT_EQ(features({own, false}), own);
}

TEST(CstaFeatures, OfASiteAreCheckedAndComparedWithWhatIsServed) {
  const auto generated = check_features(features());
  ASSERT_TRUE(generated);
  EXPECT_THAT(generated.value(), IsEmpty());

  const auto more =
      check_features(of_csta("<supportedServices><callControlServList><makeCall/><clearCall><x/>"
                             "</clearCall><parkCall/></callControlServList></supportedServices>"
                             "<supportedEvents><g><held/></g></supportedEvents>",
                             "ed5"));
  ASSERT_TRUE(more);
  EXPECT_THAT(more.value(), ElementsAre("clearCall", "parkCall"));
  EXPECT_THAT(check_features(of_csta("")).value(), IsEmpty());
}

TEST(CstaFeatures, OfASiteAreRefusedIfTheyAreNone) {
  for (const auto& wrong :
       {std::string(), std::string("makeCall"), of_csta("<open>"), std::string("<GetCSTAFeaturesResponse/>"),
        std::string("<GetCSTAFeaturesResponse xmlns='urn:x'/>"),
        "<MakeCall xmlns='" + std::string(csta_namespaces) + "ed3'/>", "<!DOCTYPE a>" + of_csta(""),
        of_csta(std::string(70000, ' '))})
    EXPECT_FALSE(check_features(wrong)) << wrong.substr(0, 200);
  EXPECT_THAT(check_features("<GetCSTAFeatures/>").error().detail, HasSubstr("not GetCSTAFeaturesResponse"));
}

}  // namespace
}  // namespace linebridge::csta
