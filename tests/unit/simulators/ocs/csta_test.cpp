#include "tests/simulators/ocs/csta.hpp"

#include "tests/unit/support/xsd.hpp"

namespace linebridge::sim::ocs {
namespace {

const std::string space = "xmlns=\"http://www.ecma-international.org/standards/ecma-323/csta/ed3\"";
constexpr std::string_view line = "tel:1001;phone-context=dialstring";

TEST(OcsCsta, WritesWhatCommunicatorWrites) {
  const Subject about{line, "41", "+1 (555) 1234", "1-7"};
  const std::string device = "<deviceID>" + std::string(line) + "</deviceID>";
  EXPECT_EQ(write_request(Service::monitor_start, about),
            "<?xml version=\"1.0\"?><MonitorStart " + space + "><monitorObject><deviceObject>" +
                std::string(line) + "</deviceObject></monitorObject></MonitorStart>");
  EXPECT_EQ(write_request(Service::monitor_stop, about),
            "<?xml version=\"1.0\"?><MonitorStop " + space +
                "><monitorCrossRefID>41</monitorCrossRefID></MonitorStop>");
  EXPECT_EQ(write_request(Service::hold_call, about), "<?xml version=\"1.0\"?><HoldCall " + space +
                                                          "><callToBeHeld><callID>1-7</callID>" + device +
                                                          "</callToBeHeld></HoldCall>");
  EXPECT_THAT(
      write_request(Service::request_system_status, about),
      ::testing::HasSubstr("<private><lcs:line "
                           "xmlns:lcs=\"http://schemas.microsoft.com/Lcs/2005/04/RCCExtension\">tel:1001;"
                           "phone-context=dialstring</lcs:line></private>"));
}

TEST(OcsCsta, WritesWhatTheSchemaAllows) {
  const Subject about{"tel:1001;phone-context=dialstring;device=A&B", "41", "+15551234", "1-7"};
  for (auto service = Service::request_system_status; service != Service::echo;
       service = static_cast<Service>(static_cast<int>(service) + 1)) {
    const std::string body = write_request(service, about);
    EXPECT_EQ(test::csta_problems(body), "") << body;
    EXPECT_EQ(root_of(body), name_of(service));
  }
}

TEST(OcsCsta, DialsDigitsAsADialString) {
  EXPECT_EQ(dialled("1002"), "tel:1002;phone-context=dialstring");
  EXPECT_EQ(dialled("+15551234"), "tel:+15551234");
  EXPECT_EQ(dialled("TEL:1002"), "TEL:1002");
  EXPECT_THAT(
      write_request(Service::make_call, {line, {}, "1002", {}}),
      ::testing::HasSubstr("<calledDirectoryNumber>tel:1002;phone-context=dialstring</calledDirectoryNumber>"
                           "<autoOriginate>doNotPrompt</autoOriginate>"));
}

TEST(OcsCsta, FindsElementsByLocalName) {
  const std::string body =
      "<?xml version=\"1.0\"?><!-- <callID>no</callID> -->\r\n<c:DeliveredEvent xmlns:c=\"x\"><c:connection>"
      "<c:callID> a&amp;b </c:callID><deviceID/></c:connection></c:DeliveredEvent>";
  EXPECT_EQ(root_of(body), "DeliveredEvent");
  EXPECT_EQ(text_in(body, "callID"), "a&b");
  EXPECT_EQ(text_in(inside(body, "connection"), "deviceID"), "");
  EXPECT_EQ(text_in(body, "nothing"), "");
  EXPECT_EQ(each_inside("<a>1</a><b/><a>2</a>", "a"), (std::vector<std::string_view>{"1", "2"}));
}

TEST(OcsCsta, ReadsNothingOutOfWhatIsNoXml) {
  for (const auto* body : {"", "no", "<", "<a", "</a>", "<!-- never ends", "<a><b>", "&&&<>"}) {
    EXPECT_EQ(text_in(body, "b"), "") << body;
    (void)root_of(body);
  }
}

}  // namespace
}  // namespace linebridge::sim::ocs
