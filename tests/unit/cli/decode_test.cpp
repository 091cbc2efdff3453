#include "cli/decode.hpp"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.hpp"
#include "cti/qbe/messages.hpp"
#include "cti/qbe/wire.hpp"
#include "cti/qbe/writer.hpp"
#include "packets.hpp"
#include "tests/unit/support/temporary.hpp"

namespace linebridge::cli {
namespace {

using namespace packets;
using namespace std::string_literals;
using namespace std::string_view_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
namespace m = cti::qbe::messages;
using cti::qbe::Layout;
using cti::qbe::Writer;

struct Ran {
  int code;
  std::string out;
  std::string error;
};

Ran ran(const std::string& input, DecodeCti command = {.file = "-"}) {
  std::istringstream in(input);
  std::ostringstream out;
  std::ostringstream error;
  const int code = decode(command, in, out, error);
  return {code, out.str(), error.str()};
}

std::string frame(const Layout& layout, std::uint32_t seq = 7, std::uint32_t version = 0x00110000) {
  std::string out;
  Writer writer(out, cti::qbe::dialect(version), layout);
  if (!layout.fields.empty()) writer.put(layout.at(0), seq);
  writer.finish();
  return out;
}

std::string hex(std::string_view bytes) {
  return to_hex({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

/// One connection, captured: each call is a packet, a millisecond after the one before.
class Capture {
public:
  explicit Capture(bool from_its_beginning = true, std::uint32_t link = 1) : file_(pcap(link)), link_(link) {
    if (!from_its_beginning) return;
    packet({.seq = client_ - 1, .flags = syn});
    packet({.from = 2748, .to = 40000, .seq = server_ - 1, .acked = client_, .flags = syn | ack});
  }
  Capture& client(const std::string& data) {
    packet({.seq = client_, .acked = server_, .data = data});
    client_ += static_cast<std::uint32_t>(data.size());
    return *this;
  }
  Capture& server(const std::string& data) {
    packet({.from = 2748, .to = 40000, .seq = server_, .acked = client_, .data = data});
    server_ += static_cast<std::uint32_t>(data.size());
    return *this;
  }
  /// Sent, but not captured.
  Capture& lost_from_client(std::size_t bytes) {
    client_ += static_cast<std::uint32_t>(bytes);
    return *this;
  }
  void packet(const Tcp& segment) {
    file_ += pcap_packet(1'700'000'000, time_ += 1000, link_ == 1 ? ethernet(ipv4(segment)) : ipv4(segment));
  }
  const std::string& file() const { return file_; }

private:
  std::string file_;
  std::uint32_t link_;
  std::uint32_t client_ = 1000, server_ = 0xFFFFFFF0, time_ = 0;
};

TEST(CliDecode, ShowsFramesInHexAndASummary) {
  const auto result =
      ran("# a line\n" + hex(frame(m::line_close_request)) + "\n" + hex(frame(m::line_close_response)));
  EXPECT_EQ(result.code, 0) << result.out;
  EXPECT_EQ(result.out,
            "#1  LineCloseRequest (41)  version 0x00110000, 44 bytes: fixed 12, variable 0\n"
            "  seq = 7\n"
            "  line = 0|0\n"
            "#2  LineCloseResponse (42)  version 0x00110000, 48 bytes: fixed 16, variable 0\n"
            "  answers LineCloseRequest, #1\n"
            "  seq = 7\n"
            "  result = 0\n"
            "  line = 0|0\n"
            "\n"
            "frames: 2\n"
            "versions: 0x00110000 (2)\n"
            "requests: 1, answered: 1\n"
            "unknown ids: 0\n"
            "mismatches: 0\n");
  EXPECT_EQ(result.error, "");
}

TEST(CliDecode, ShowsWhoSaidWhatToWhomWhenAndHowLongAnAnswerTook) {
  for (const std::uint32_t link : {1u, 101u}) {
    Capture capture(true, link);
    capture.client(frame(m::line_close_request))
        .server(frame(m::heartbeat))
        .server(frame(m::line_close_response));
    const auto result = ran(capture.file());
    EXPECT_EQ(result.code, 0) << result.out;
    EXPECT_THAT(result.out, StartsWith("#1  2023-11-14 22:13:20.003000  192.0.2.1:40000 -> 192.0.2.2:2748  "
                                       "LineCloseRequest (41)"));
    EXPECT_THAT(result.out, HasSubstr("192.0.2.2:2748 -> 192.0.2.1:40000  LineCloseResponse (42)"));
    EXPECT_THAT(result.out, HasSubstr("  answers LineCloseRequest, #1, after 2.000 ms\n"));
    EXPECT_THAT(result.out, HasSubstr("connections: 1\n"));
  }
}

TEST(CliDecode, WritesJsonForPrograms) {
  Capture capture;
  capture.client(frame(m::line_close_request)).server(frame(m::line_close_response));
  const auto result = ran(capture.file(), {.file = "-", .json = true});
  EXPECT_EQ(result.code, 0);
  EXPECT_THAT(
      result.out,
      HasSubstr(R"({"frame":2,"time":"2023-11-14 22:13:20.004000","at_us":1700000000004000,"connection":1,)"
                R"("from":"192.0.2.2:2748","to":"192.0.2.1:40000","id":42,"name":"LineCloseResponse",)"
                R"("version":"0x00110000","size":48,"fixed_size":16,"variable_size":0,)"
                R"("answers":{"frame":1,"name":"LineCloseRequest","after_us":1000},)"
                R"("fields":{"seq":7,"result":0,"line":"0|0"},"mismatches":[],"notes":[]})"));
  EXPECT_THAT(result.out,
              HasSubstr(R"({"summary":{"frames":2,"shown":2,"packets":4,"connections":1,"requests":1,)"));
}

TEST(CliDecode, TakesFramesCutIntoPacketsAndManyInOne) {
  const std::string request = frame(m::line_close_request, 1), next = frame(m::line_close_request, 2);
  Capture capture;
  for (const char c : request)
    capture.client(std::string(1, c));
  capture.client(next + request.substr(0, 5)).client(request.substr(5));
  capture.server(frame(m::line_close_response, 1) + frame(m::line_close_response, 2));
  const auto result = ran(capture.file());
  EXPECT_THAT(result.out, AllOf(HasSubstr("frames: 5\n"), HasSubstr("requests: 3, answered: 2\n")));
}

TEST(CliDecode, NamesWhatIsMissingAndGoesOnAtTheNextFrame) {
  const std::string request = frame(m::line_close_request);
  Capture capture;
  capture.client(request + request.substr(0, 20)).lost_from_client(60).client("rest" + request);
  capture.server(frame(m::heartbeat));
  const auto result = ran(capture.file());
  EXPECT_THAT(result.out,
              HasSubstr("connection 1  60 bytes from the client are not in the capture; read on at the "
                        "next frame, 20 bytes of a frame in front are lost\n"));
  EXPECT_THAT(result.out, HasSubstr("connection 1  passed over 4 bytes: no frame\n"));
  EXPECT_THAT(result.out, AllOf(HasSubstr("frames: 3\n"), HasSubstr("bytes that were not captured: 60\n")));
}

TEST(CliDecode, FindsAnswersWithoutARequestIfTheBeginningWasSeen) {
  Capture whole;
  whole.server(frame(m::line_close_response));
  EXPECT_THAT(ran(whole.file()).out, HasSubstr("  ! no request has its number 7\n"));
  EXPECT_EQ(ran(whole.file()).code, 1);
  Capture part(false);
  part.server(frame(m::line_close_response));
  EXPECT_THAT(ran(part.file()).out, HasSubstr("  * no request has its number 7\n"));
  EXPECT_EQ(ran(part.file()).code, 0);
}

TEST(CliDecode, FindsAnswersToAnotherRequestAndWrongDirections) {
  Capture capture;
  capture.client(frame(m::line_close_request)).server(frame(m::line_open_response));
  EXPECT_THAT(ran(capture.file()).out, HasSubstr("  ! no answer to LineCloseRequest, whose number it has\n"));
  Capture failed;
  failed.client(frame(m::line_close_request)).server(frame(m::failure_response));
  EXPECT_EQ(ran(failed.file()).code, 0) << "a failure may answer anything";
  Capture turned;
  turned.server(frame(m::line_close_request)).client(frame(m::ring_event)).client(frame(m::heartbeat));
  const auto result = ran(turned.file());
  EXPECT_THAT(result.out, HasSubstr("  ! a request from the server\n"));
  EXPECT_THAT(result.out, HasSubstr("  ! no request, but from the client\n"));
  EXPECT_THAT(result.out, HasSubstr("mismatches: 2\n"));
}

TEST(CliDecode, CountsUnknownIdsAndMessagesKnownByNameOnly) {
  std::string unknown = frame(m::heartbeat), named = unknown;
  cti::qbe::store32(unknown, cti::qbe::header::id, 4711);
  cti::qbe::store32(named, cti::qbe::header::id, 85);
  const auto result = ran(hex(unknown) + hex(named));
  EXPECT_EQ(result.code, 1);
  EXPECT_THAT(result.out, HasSubstr("unknown message (4711)"));
  EXPECT_THAT(result.out, HasSubstr("messages whose fields are not known: 85 CallStateChangedEvent (1)\n"));
  EXPECT_THAT(result.out, HasSubstr("unknown ids: 1\nwhich are: 4711 (1)\nmismatches: 1\n"));
}

TEST(CliDecode, SaysThatTlsCannotBeRead) {
  Capture capture;
  capture.client("\x16\x03\x01\x02\x00\x01"s + std::string(100, 'x'))
      .server("\x16\x03\x03"s + std::string(100, 'y'));
  const auto result = ran(capture.file());
  EXPECT_THAT(result.out, HasSubstr("TLS from 192.0.2.1:40000 to 192.0.2.2:2748: it cannot be read\n"));
  EXPECT_THAT(result.out, HasSubstr("connections in TLS, which cannot be read: 1\n"));
  EXPECT_THAT(result.out, HasSubstr("mismatches: 0\n"));
  Capture other;
  other.packet({.to = 2749, .data = "x"});
  EXPECT_THAT(ran(other.file()).out, HasSubstr("packets of port 2749 (CTI in TLS, which cannot be read): 1\n"));
}

TEST(CliDecode, ShowsNoPassword) {
  std::string out;
  Writer writer(out, cti::qbe::dialect(0x00110000), m::provider_open_request);
  writer.put(m::provider_open_request["password"], "Secret12"sv);
  writer.put(m::provider_open_request["sso_ticket"], "TICKET"sv);
  writer.put(m::provider_open_request["encrypted_key_data"], "KEYDATA"sv);
  writer.finish();
  for (const bool json : {false, true}) {
    const auto result = ran(hex(out), {.file = "-", .json = json});
    for (const std::string secret : {"Secret12", "TICKET", "KEYDATA"})
      EXPECT_THAT(result.out, AllOf(Not(HasSubstr(secret)), Not(HasSubstr(hex(secret)))));
    EXPECT_THAT(result.out,
                HasSubstr(json ? R"("password":{"secret_bytes":8})" : "password = 8 bytes, not shown"));
  }
}

TEST(CliDecode, ShowsOnlyWhatIsAskedForButCountsAll) {
  const auto result =
      ran(hex(frame(m::line_close_request) + frame(m::heartbeat)), {.file = "-", .only = {120}});
  EXPECT_THAT(result.out, Not(HasSubstr("LineCloseRequest")));
  EXPECT_THAT(result.out, AllOf(HasSubstr("Heartbeat (120)"), HasSubstr("frames: 2\nframes shown: 1\n")));
}

TEST(CliDecode, ReadsPacketsOutOfDumps) {
  const std::string packet = ethernet(ipv4({.seq = 5, .data = frame(m::line_close_request)}));
  std::string dump;
  for (std::size_t at = 0; at < packet.size(); at += 16) {
    dump += hex(be16(static_cast<std::uint32_t>(at))) + "  ";
    for (const char c : packet.substr(at, 16))
      dump += hex({&c, 1}) + " ";
    dump += "  ................\n";
  }
  const auto result = ran(dump);
  EXPECT_EQ(result.code, 0) << result.out;
  EXPECT_THAT(result.out, HasSubstr("192.0.2.1:40000 -> 192.0.2.2:2748  LineCloseRequest (41)"));
}

TEST(CliDecode, LetsNoControlCharacterThrough) {
  std::string out;
  Writer writer(out, cti::qbe::dialect(0x00110000), m::failure_response);
  writer.put(m::failure_response["result"], 0x8CCC0060u);
  writer.put(m::failure_response["description"], "a\x1B[31m\"\xE9"sv);
  writer.finish();
  const auto result = ran(hex(out));
  EXPECT_THAT(result.out, HasSubstr("  result = 0x8CCC0060 DIRECTORY_LOGIN_FAILED\n"));
  EXPECT_THAT(result.out, HasSubstr(R"(  description = "a\x1b[31m\"\xe9")"));
}

TEST(CliDecode, SaysWhyItCannotReadItsInput) {
  const test::TemporaryDirectory directory;
  EXPECT_EQ(ran("", {.file = directory.path("none")}).code, wrong_usage);
  EXPECT_THAT(ran("", {.file = directory.path("none")}).error, HasSubstr("No such file"));
  EXPECT_EQ(ran("", {.file = directory.path("")}).code, wrong_usage);
  EXPECT_THAT(ran("hello").error, HasSubstr("line 1: 'h' is no hex"));
  EXPECT_EQ(ran("hello").code, wrong_usage);
  Capture capture;
  capture.client(frame(m::line_close_request));
  const auto cut = ran(capture.file().substr(0, capture.file().size() - 3));
  EXPECT_EQ(cut.code, wrong_usage);
  EXPECT_THAT(cut.error, HasSubstr("truncated"));
  EXPECT_THAT(cut.out, HasSubstr("frames: 0\n"));
  EXPECT_EQ(ran(pcap(1).substr(0, 10)).code, wrong_usage);
}

TEST(CliDecode, ReadsAFile) {
  const test::TemporaryDirectory directory;
  Capture capture;
  capture.client(frame(m::line_close_request));
  EXPECT_THAT(ran("", {.file = directory.write("a.pcap", capture.file())}).out,
              HasSubstr("LineCloseRequest (41)"));
}

TEST(CliDecode, ReadsPcapng) {
  const auto block = [](std::uint32_t type, std::string body) {
    body.resize((body.size() + 3) / 4 * 4);
    const std::string size = le32(static_cast<std::uint32_t>(body.size() + 12));
    return le32(type) + size + body + size;
  };
  const std::string packet = ethernet(ipv4({.seq = 5, .data = frame(m::line_close_request)}));
  const auto size = le32(static_cast<std::uint32_t>(packet.size()));
  const std::string section =
      block(0x0A0D0D0A, le32(0x1A2B3C4D) + le32(1) + le32(0xFFFFFFFF) + le32(0xFFFFFFFF));
  const std::string interface = block(1, le32(1) + le32(0));
  const auto result = ran(section + interface + block(6, le32(0) + le32(0) + le32(0) + size + size + packet));
  EXPECT_EQ(result.code, 0) << result.error;
  EXPECT_THAT(result.out, HasSubstr("LineCloseRequest (41)"));
}

TEST(CliDecode, StaysSmallWhateverComes) {
  // More connections, holes and unfinished frames than are kept.
  std::string file = pcap(101);
  std::string big = frame(m::heartbeat);
  cti::qbe::store32(big, cti::qbe::header::var_size, 900'000);
  big.resize(1400, 'v');
  for (std::uint32_t i = 0; i < 3000; ++i)
    file += pcap_packet(1, i, ipv4({.from = static_cast<std::uint16_t>(1 + i), .seq = i * 7, .data = big}));
  const auto result = ran(file);
  EXPECT_NE(result.out.find("connections: 3000\n"), std::string::npos);
  EXPECT_NE(result.out.find("bytes that are no frame: 4200000\n"), std::string::npos);
}

}  // namespace
}  // namespace linebridge::cli
