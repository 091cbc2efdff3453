#include "sip/next_hop.hpp"

namespace linebridge::sip {
namespace {

std::string hop(std::string_view uri) {
  const auto found = next_hop(uri);
  return found ? to_text(found->address) + (found->tls ? " tls" : "") : "none";
}

TEST(SipNextHop, IsHostAndPortOfAUri) {
  EXPECT_EQ(hop("sip:192.0.2.10:5080;transport=tcp;lr"), "192.0.2.10:5080");
  EXPECT_EQ(hop("sip:ocs1.example.test"), "ocs1.example.test:5060");
  EXPECT_EQ(hop("sip:alice@198.51.100.7:34004"), "198.51.100.7:34004");
  EXPECT_EQ(hop("sip:[2001:db8::10]:5070;lr"), "[2001:db8::10]:5070");
  EXPECT_EQ(hop("sip:[2001:db8::10]"), "[2001:db8::10]:5060");
}

TEST(SipNextHop, KnowsTlsByItsTransportOrScheme) {
  EXPECT_EQ(hop("sip:ocs1.example.test;transport=tls;ms-role-rs-from;lr;ms-route-sig=aB%3d"),
            "ocs1.example.test:5061 tls");
  EXPECT_EQ(hop("SIPS:ocs1.example.test;Transport=tcp"), "ocs1.example.test:5061 tls");
}

TEST(SipNextHop, PrefersMaddr) {
  EXPECT_EQ(hop("sip:alice@example.test:34004;maddr=198.51.100.7;transport=tcp"), "198.51.100.7:34004");
}

TEST(SipNextHop, IsNoneForWhatIsNoSipUri) {
  EXPECT_EQ(hop("tel:+15551234"), "none");
  EXPECT_EQ(hop(""), "none");
  EXPECT_EQ(hop("sip:"), "none");
  EXPECT_EQ(hop("sip:@"), "none");
  EXPECT_EQ(hop("sip:[2001:db8::10"), "none");
  EXPECT_EQ(hop("sip:host:99999"), "none");
}

TEST(SipNextHop, IsTheTopRouteOfADialogElseItsTarget) {
  Dialog dialog;
  dialog.target = "sip:alice@198.51.100.7:34004";
  EXPECT_EQ(to_text(next_hop(dialog)->address), "198.51.100.7:34004");
  dialog.routes = {"<sip:192.0.2.10:5060;lr>", "<sip:192.0.2.11:5060;lr>"};
  EXPECT_EQ(to_text(next_hop(dialog)->address), "192.0.2.10:5060");
}

}  // namespace
}  // namespace linebridge::sip
