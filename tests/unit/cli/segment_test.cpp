#include "cli/segment.hpp"

#include <gtest/gtest.h>

#include "packets.hpp"

namespace linebridge::cli {
namespace {

using namespace packets;

std::string data_of(int link, std::string_view packet) {
  const auto read = read_packet(link, packet);
  const auto* segment = std::get_if<Segment>(&read);
  return segment != nullptr ? std::string(segment->data) : "unread";
}

Unread why(int link, std::string_view packet) {
  const auto read = read_packet(link, packet);
  return std::holds_alternative<Unread>(read) ? std::get<Unread>(read) : Unread{99};
}

const Tcp some{.seq = 0xFFFFFFF0, .acked = 7, .flags = ack | syn, .data = "data"};

TEST(CliSegment, ReadsAllItsParts) {
  const std::string packet = ethernet(ipv4(some));
  const auto segment = std::get<Segment>(read_packet(link_ethernet, packet));
  EXPECT_EQ(to_text(segment.from), "192.0.2.1:40000");
  EXPECT_EQ(to_text(segment.to), "192.0.2.2:2748");
  EXPECT_EQ(segment.seq, 0xFFFFFFF0u);
  EXPECT_EQ(segment.ack, 7u);
  EXPECT_TRUE(segment.syn && segment.has_ack && !segment.fin && !segment.reset);
  EXPECT_EQ(segment.data, "data");
  EXPECT_EQ(segment.size, 4u);
}

TEST(CliSegment, ReadsEveryKindOfLink) {
  const std::string ip = ipv4(some);
  EXPECT_EQ(data_of(1, ethernet(ip) + "padding"), "data");
  EXPECT_EQ(data_of(1, ethernet(be16(7) + be16(0x0800) + ip, 0x8100)), "data");
  EXPECT_EQ(data_of(1, ethernet(be16(7) + be16(0x8100) + be16(8) + be16(0x0800) + ip, 0x88A8)), "data");
  EXPECT_EQ(data_of(113, std::string(14, 'c') + be16(0x0800) + ip), "data");
  EXPECT_EQ(data_of(276, be16(0x0800) + std::string(18, 'c') + ip), "data");
  EXPECT_EQ(data_of(0, le32(2) + ip), "data");
  EXPECT_EQ(data_of(108, be32(2) + ip), "data");
  for (const int raw : {12, 14, 101, 228})
    EXPECT_EQ(data_of(raw, ip), "data");
}

TEST(CliSegment, ReadsIpVersionSixWithOptions) {
  EXPECT_EQ(data_of(1, ethernet(ipv6(some), 0x86DD)), "data");
  const std::string packet = ipv6(some, "\x06" + std::string("\x01", 1) + std::string(14, 'o'));
  EXPECT_EQ(data_of(101, packet), "data");
  EXPECT_EQ(to_text(std::get<Segment>(read_packet(101, packet)).from), "[2001:db8::1]:40000");
}

TEST(CliSegment, SaysWhyAPacketIsNone) {
  const std::string ip = ipv4(some);
  EXPECT_EQ(why(147, ip), Unread::link);
  EXPECT_EQ(why(1, ethernet(ip, 0x0806)), Unread::not_tcp);
  std::string udp = ip;
  udp[9] = 17;
  EXPECT_EQ(why(101, udp), Unread::not_tcp);
  std::string fragment = ip;
  fragment[6] = 0x20;
  EXPECT_EQ(why(101, fragment), Unread::fragment);
  for (std::size_t size = 1; size < 40; ++size)
    EXPECT_EQ(why(101, ip.substr(0, size)), Unread::cut) << size;
}

TEST(CliSegment, KnowsHowMuchWasNotCaptured) {
  const std::string ip = ipv4(some);
  const std::string cut = ip.substr(0, ip.size() - 3);
  const auto segment = std::get<Segment>(read_packet(101, cut));
  EXPECT_EQ(segment.data, "d");
  EXPECT_EQ(segment.size, 4u);
}

}  // namespace
}  // namespace linebridge::cli
