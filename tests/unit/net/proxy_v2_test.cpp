#include "net/proxy_v2.hpp"

#include <gtest/gtest.h>

#include "base/text.hpp"

namespace linebridge::net::proxy_v2 {
namespace {

using namespace std::string_literals;

const std::string signature = "\r\n\r\n\0\r\nQUIT\n"s;

std::string bytes_of(std::string_view hex) {
  const auto raw = from_hex(hex).value();
  return {raw.begin(), raw.end()};
}

std::string header(char command, char family, const std::string& block) {
  const auto size = block.size();
  return signature + command + family + static_cast<char>(size >> 8) + static_cast<char>(size & 0xFF) + block;
}

std::string tlv(char type, const std::string& value) {
  return type + ""s + static_cast<char>(value.size() >> 8) + static_cast<char>(value.size() & 0xFF) + value;
}

const std::string v4_block = "\xC0\x00\x02\x07\xC0\x00\x02\x64\x9C\x41\x13\xC4"s;

Decoded decoded(const std::string& bytes) {
  const auto item = decode(bytes);
  if (const auto* found = std::get_if<Decoded>(&item)) return *found;
  const auto* error = std::get_if<Error>(&item);
  ADD_FAILURE() << (error ? error->detail : "not whole");
  return {};
}

Errc refused(const std::string& bytes) {
  const auto item = decode(bytes);
  if (const auto* error = std::get_if<Error>(&item)) return error->code;
  ADD_FAILURE() << "not refused";
  return Errc::closed;
}

ProxyHeader between(const Address& source, const Address& destination) {
  ProxyHeader header;
  header.source = source;
  header.destination = destination;
  return header;
}

ProxyHeader leg() {
  ProxyHeader header = between({"192.0.2.7", 40001}, {"192.0.2.100", 5060});
  header.unique_id = "call-1@ocs.example.test";
  header.authority = "new";
  return header;
}

ProxyHeader local_check() {
  ProxyHeader header;
  header.local = true;
  return header;
}

TEST(ProxyV2, ReadsWhatHAProxySendsForTcpOverIPv4) {
  const auto item =
      decoded(bytes_of("0d0a0d0a000d0a515549540a211100147f0000017f0000019e3c3ad42000050000000000"));
  EXPECT_EQ(item.header, between({"127.0.0.1", 40508}, {"127.0.0.1", 15060}));
  EXPECT_EQ(item.length, 36u);
}

TEST(ProxyV2, ReadsWhatHAProxySendsForTcpOverIPv6) {
  const auto item = decoded(bytes_of(
      "0d0a0d0a000d0a515549540a2121002c0000000000000000000000000000000100000000000000000000000000000001"
      "9e303ad42000050000000000"));
  EXPECT_EQ(item.header, between({"::1", 40496}, {"::1", 15060}));
}

TEST(ProxyV2, ReadsTheNameOfACertificateThatHAProxyVerified) {
  const auto item = decoded(
      bytes_of("0d0a0d0a000d0a515549540a211100317f0000017f000001ec783ad52000220700000000210007544c5376312e33"
               "2200106f63732e6578616d706c652e74657374"));
  EXPECT_TRUE(item.header.tls);
  EXPECT_EQ(item.header.tls_name, "ocs.example.test");
}

TEST(ProxyV2, TakesNoNameFromACertificateThatFailedVerification) {
  const auto item = decoded(
      bytes_of("0d0a0d0a000d0a515549540a211100327f0000017f000001ec903ad52000230700000012210007544c5376312e33"
               "2200116576696c2e6578616d706c652e74657374"));
  auto header = between({"127.0.0.1", 60560}, {"127.0.0.1", 15061});
  header.tls = true;
  EXPECT_EQ(item.header, header);
}

TEST(ProxyV2, TakesNoNameWhereNoCertificateWasShown) {
  const auto item =
      decoded(header(0x21, 0x11, v4_block + tlv(0x20, "\x01\0\0\0\0"s + tlv(0x22, "x.example.test"))));
  EXPECT_TRUE(item.header.tls);
  EXPECT_EQ(item.header.tls_name, "");
}

TEST(ProxyV2, TellsTlsWithoutACertificateBothWays) {
  ProxyHeader header;
  header.tls = true;
  EXPECT_EQ(decoded(encode(header)).header, header);
  EXPECT_FALSE(decoded(encode(ProxyHeader{})).header.tls);
}

TEST(ProxyV2, ReadsALegAsHAProxyPassesItOn) {
  const auto bytes = bytes_of(
      "0d0a0d0a000d0a515549540a2111002cc0000207c00002649c4113c40200036e657705001763616c6c2d31406f63732e6578616d"
      "706c65"
      "2e74657374494e56495445");
  const auto item = decoded(bytes);
  EXPECT_EQ(item.header, leg());
  EXPECT_EQ(bytes.substr(item.length), "INVITE");
}

TEST(ProxyV2, ReadsHAProxysHealthCheckAndLooksAtNothingInIt) {
  const auto check = decoded(bytes_of("0d0a0d0a000d0a515549540a20000000"));
  EXPECT_EQ(check.header, local_check());
  EXPECT_EQ(check.length, 16u);
  EXPECT_EQ(decoded(header(0x20, 0x11, "not addresses")).header, local_check());
}

TEST(ProxyV2, AsksForTheMissingBytesWhereverTheHeaderIsCut) {
  const std::string whole = encode(leg());
  for (std::size_t cut = 0; cut < whole.size(); ++cut) {
    SCOPED_TRACE(cut);
    const auto item = decode(std::string_view(whole).substr(0, cut));
    const auto* more = std::get_if<NeedMore>(&item);
    ASSERT_TRUE(more);
    EXPECT_EQ(more->bytes, cut < 16 ? 16 - cut : whole.size() - cut);
  }
}

TEST(ProxyV2, RefusesAWrongSignatureAtItsFirstWrongByte) {
  for (std::size_t at = 0; at < signature.size(); ++at) {
    SCOPED_TRACE(at);
    std::string bytes = signature.substr(0, at + 1);
    bytes[at] = 'x';
    EXPECT_EQ(refused(bytes), Errc::malformed);
  }
  EXPECT_EQ(refused("INVITE sip:1001@gw.example.test SIP/2.0\r\n"), Errc::malformed);
  EXPECT_EQ(refused("PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n"), Errc::malformed);
}

TEST(ProxyV2, RefusesOtherVersionsAndCommands) {
  for (const char command : {'\x11', '\x22', '\x2F', '\x00'})
    EXPECT_EQ(refused(signature + command), Errc::malformed);
}

TEST(ProxyV2, RefusesFamiliesItCannotUse) {
  for (const char family : {'\x12', '\x22', '\x32', '\x10', '\x41'})
    EXPECT_EQ(refused(header(0x21, family, std::string(300, 'x'))), Errc::unsupported);
}

TEST(ProxyV2, RefusesAHeaderOverTheLimitBeforeItArrives) {
  EXPECT_EQ(refused(signature + "\x21\x11\xFF\xFF"), Errc::too_long);
  EXPECT_EQ(refused(header(0x21, 0x11, std::string(most_bytes - 15, '\0')).substr(0, 16)), Errc::too_long);
}

TEST(ProxyV2, RefusesAddressesThatAreCutOff) {
  EXPECT_EQ(refused(header(0x21, 0x11, v4_block.substr(1))), Errc::malformed);
  EXPECT_EQ(refused(header(0x21, 0x21, std::string(35, 'x'))), Errc::malformed);
  EXPECT_EQ(refused(header(0x21, 0x31, std::string(215, 'x'))), Errc::malformed);
}

TEST(ProxyV2, RefusesTlvsThatAreCutOffOrStandTwice) {
  EXPECT_EQ(refused(header(0x21, 0x11, v4_block + "\x05"s)), Errc::malformed);
  EXPECT_EQ(refused(header(0x21, 0x11, v4_block + "\x05\x00\x09short"s)), Errc::malformed);
  EXPECT_EQ(refused(header(0x21, 0x11, v4_block + tlv(5, "a") + tlv(5, "b"))), Errc::malformed);
  EXPECT_EQ(refused(header(0x21, 0x11, v4_block + tlv(0x20, "\x07\0\0"s))), Errc::malformed);
  EXPECT_EQ(refused(header(0x21, 0x11, v4_block + tlv(0x20, "\x07\0\0\0\0\x22\0\x09x"s))), Errc::malformed);
}

TEST(ProxyV2, RefusesTextsOverTheirLimit) {
  const auto with = [](char type, std::size_t size) {
    return header(0x21, 0x11, v4_block + tlv(type, std::string(size, 'a')));
  };
  EXPECT_EQ(decoded(with(5, most_unique_id)).header.unique_id.size(), most_unique_id);
  EXPECT_EQ(refused(with(5, most_unique_id + 1)), Errc::too_long);
  EXPECT_EQ(decoded(with(2, most_authority)).header.authority.size(), most_authority);
  EXPECT_EQ(refused(with(2, most_authority + 1)), Errc::too_long);
  const std::string name(most_tls_name + 1, 'a');
  EXPECT_EQ(refused(header(0x21, 0x11, v4_block + tlv(0x20, "\x07\0\0\0\0"s + tlv(0x22, name)))),
            Errc::too_long);
}

TEST(ProxyV2, SkipsTlvsItDoesNotKnow) {
  const auto item =
      decoded(header(0x21, 0x11, v4_block + tlv(1, "h2") + tlv(4, "") + tlv('\xEE', "x") + tlv(5, "id")));
  EXPECT_EQ(item.header.unique_id, "id");
}

TEST(ProxyV2, GivesBackWhatItWrote) {
  ProxyHeader v6 = leg();
  v6.source = {"2001:db8::7", 40001};
  v6.destination = {"2001:db8::64", 5061};
  v6.tls = true;
  v6.tls_name = "ocs.example.test";
  ProxyHeader paths = between({"/run/a.sock", 0}, {"/run/b.sock", 0});
  paths.unique_id = "id";
  ProxyHeader no_addresses;
  no_addresses.authority = "pub";
  for (const auto& header : {leg(), v6, paths, local_check(), no_addresses}) {
    const auto item = decoded(encode(header) + "behind");
    EXPECT_EQ(item.header, header);
    EXPECT_EQ(item.length, encode(header).size());
  }
}

TEST(ProxyV2, WritesMixedAddressFamiliesAsIPv6AndNamesAsUnspecified) {
  ProxyHeader mixed = leg();
  mixed.destination = {"2001:db8::64", 5060};
  EXPECT_EQ(decoded(encode(mixed)).header.source, (Address{"::ffff:192.0.2.7", 40001}));
  ProxyHeader named = leg();
  named.source.host = "ocs.example.test";
  const auto back = decoded(encode(named)).header;
  EXPECT_EQ(back.source, Address{});
  EXPECT_EQ(back.unique_id, named.unique_id);
}

}  // namespace
}  // namespace linebridge::net::proxy_v2
