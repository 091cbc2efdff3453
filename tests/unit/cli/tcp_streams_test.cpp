#include "cli/tcp_streams.hpp"

#include <gtest/gtest.h>

#include "packets.hpp"

namespace linebridge::cli {
namespace {

using namespace packets;

/// What came out, as words: "1>" from the client of connection 1, "1<" from its server.
struct Told : StreamSink {
  std::vector<std::string> words;
  void opened(std::uint64_t connection, const Endpoint&, const Endpoint&, bool whole) override {
    words.push_back(std::to_string(connection) + (whole ? " opens" : " is there"));
  }
  void bytes(std::uint64_t connection, bool from_client, std::string_view bytes) override {
    words.push_back(std::to_string(connection) + (from_client ? ">" : "<") + std::string(bytes));
  }
  void missing(std::uint64_t connection, bool from_client, std::uint64_t bytes) override {
    words.push_back(std::to_string(connection) + (from_client ? ">" : "<") + "misses " + std::to_string(bytes));
  }
  void closed(std::uint64_t connection) override { words.push_back(std::to_string(connection) + " closes"); }
};
using Words = std::vector<std::string>;

Words told(const std::vector<Tcp>& segments, TcpStreams::Limits limits = {}) {
  Told sink;
  TcpStreams streams(2748, limits, sink);
  for (const auto& segment : segments) {
    const std::string packet = ipv4(segment);
    streams.add(std::get<Segment>(read_packet(101, packet)));
  }
  streams.finish();
  return sink.words;
}

Tcp client(std::uint32_t seq, std::string data, std::uint8_t flags = ack, std::uint32_t acked = 0) {
  return {.seq = seq, .acked = acked, .flags = flags, .data = std::move(data)};
}
Tcp server(std::uint32_t seq, std::string data, std::uint8_t flags = ack, std::uint32_t acked = 0) {
  return {.from = 2748, .to = 40000, .seq = seq, .acked = acked, .flags = flags, .data = std::move(data)};
}

TEST(CliTcpStreams, HandOutBothDirectionsFromBeginningToEnd) {
  EXPECT_EQ(told({client(99, "", syn), server(499, "", syn | ack, 100), client(100, "ab", ack, 500),
                  server(500, "x", ack, 102), client(102, "c", ack, 501), client(103, "", fin | ack, 501),
                  server(501, "", fin | ack, 104), client(104, "", ack, 502)}),
            (Words{"1 opens", "1>ab", "1<x", "1>c", "1 closes"}));
}

TEST(CliTcpStreams, PutRightWhatCameOutOfOrderTwiceOrOverlapping) {
  EXPECT_EQ(told({client(99, "", syn), client(102, "cd"), client(104, "ef"), client(100, "ab"),
                  client(100, "ab"), client(103, "defgh"), client(101, "b")}),
            (Words{"1 opens", "1>ab", "1>cd", "1>ef", "1>gh", "1 closes"}));
}

TEST(CliTcpStreams, CountOnBehindTheLastNumber) {
  EXPECT_EQ(told({client(0xFFFFFFFE, "", syn), client(1, "cd"), client(0xFFFFFFFF, "ab"), client(3, "e")}),
            (Words{"1 opens", "1>ab", "1>cd", "1>e", "1 closes"}));
}

TEST(CliTcpStreams, TellWhatIsMissingAsSoonAsTheOtherSideHasIt) {
  EXPECT_EQ(told({client(99, "", syn), server(499, "", syn | ack, 100), client(100, "ab"), client(107, "xy"),
                  server(500, "s", ack, 109), client(109, "z")}),
            (Words{"1 opens", "1>ab", "1>misses 5", "1>xy", "1<s", "1>z", "1 closes"}));
}

TEST(CliTcpStreams, TellWhatIsMissingAtTheEnd) {
  EXPECT_EQ(told({client(99, "", syn), client(103, "d"), client(105, "f")}),
            (Words{"1 opens", "1>misses 3", "1>d", "1>misses 1", "1>f", "1 closes"}));
}

TEST(CliTcpStreams, BeginInTheMiddleOfAConnection) {
  EXPECT_EQ(told({client(5, "a"), server(9, "b"), client(6, "c")}),
            (Words{"1 is there", "1>a", "1<b", "1>c", "1 closes"}));
  EXPECT_EQ(told({client(5, "")}), Words{});
}

TEST(CliTcpStreams, TakeTheSamePortsAgainForAnotherConnection) {
  EXPECT_EQ(told({client(99, "", syn), client(99, "", syn), client(100, "a"), client(5, "", syn),
                  client(6, "b"), client(7, "", reset)}),
            (Words{"1 opens", "1>a", "1 closes", "2 opens", "2>b", "2 closes"}));
}

TEST(CliTcpStreams, PassOverOtherPorts) {
  EXPECT_EQ(told({{.from = 1, .to = 2, .data = "a"}}), Words{});
}

TEST(CliTcpStreams, KeepNoMoreThanTheyMay) {
  EXPECT_EQ(told({client(99, "", syn), client(110, "0123456789"), client(130, "0123456789")},
                 {.connections = 2, .waiting_bytes = 15, .waiting_in_all = 1000}),
            (Words{"1 opens", "1>misses 10", "1>0123456789", "1>misses 10", "1>0123456789", "1 closes"}));
  std::vector<Tcp> many;
  for (std::uint16_t port = 1; port <= 3; ++port)
    many.push_back({.from = port, .seq = 1, .data = "a"});
  EXPECT_EQ(told(many, {.connections = 2}), (Words{"1 is there", "1>a", "2 is there", "2>a", "1 closes",
                                                   "3 is there", "3>a", "2 closes", "3 closes"}));
}

TEST(CliTcpStreams, TellWhatWasCapturedOnlyInPart) {
  Told sink;
  TcpStreams streams(2748, {}, sink);
  const std::string packet = ipv4(client(100, "abcdef"));
  streams.add(std::get<Segment>(read_packet(101, packet.substr(0, packet.size() - 4))));
  EXPECT_EQ(sink.words, (Words{"1 is there", "1>ab", "1>misses 4"}));
}

}  // namespace
}  // namespace linebridge::cli
