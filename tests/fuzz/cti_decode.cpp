// What `linebridge cti decode` does with anything: hex in pieces, packets, and TCP segments in any order. It
// ends, what it shows can be shown as text and as JSON, and its counts hold.

#include <optional>
#include <string>

#include "cli/cti_decoder.hpp"
#include "cli/decode_report.hpp"
#include "cli/hex_reader.hpp"
#include "tests/fuzz/target.hpp"

namespace linebridge::cli {
namespace {

class Shown : public DecodeSink {
public:
  std::uint64_t frames = 0, mismatches = 0, last = 0;

  void show(const Record& record) override {
    ++frames;
    LINEBRIDGE_CHECK(record.number > last);
    last = record.number;
    mismatches += record.frame.mismatches.size();
    said(decode_text(record), true);
    said(decode_json(record), false);
  }
  void show(const Remark& remark) override {
    mismatches += remark.mismatch ? 1 : 0;
    said(decode_text(remark), true);
    said(decode_json(remark), false);
  }

private:
  /// One control character, at the end of lines. JSON may have DEL as it is (RFC 8259 section 7).
  static void said(const std::string& text, bool for_people) {
    LINEBRIDGE_CHECK(text.ends_with('\n'));
    for (const char c : text)
      LINEBRIDGE_CHECK(c == '\n' || (static_cast<unsigned char>(c) >= 0x20 && (c != 0x7F || !for_people)));
  }
};

void finish(CtiDecoder& decoder, const Shown& shown) {
  const Summary& summary = decoder.finish();
  LINEBRIDGE_CHECK(summary.frames == shown.frames && summary.shown == shown.frames);
  LINEBRIDGE_CHECK(summary.mismatches == shown.mismatches);
  LINEBRIDGE_CHECK(summary.requests == summary.answered + summary.unanswered);
  LINEBRIDGE_CHECK(!decode_text(summary).empty() && !decode_json(summary).empty());
}

/// The same dump or digits, wherever they are cut.
struct Bytes : HexSink {
  std::string all;
  void bytes(std::string_view bytes) override { all += bytes; }
  void dump(std::string_view bytes) override { all.append("|").append(bytes); }
};

std::string read_hex(HexSink& sink, std::string_view text, fuzz::Cuts* cuts) {
  HexReader reader(sink);
  do {
    const auto piece = cuts != nullptr ? cuts->next(text) : fuzz::take(text, text.size());
    if (auto status = reader.feed(piece); !status) return status.error().detail;
  } while (!text.empty());
  const auto status = reader.finish();
  return status ? "" : status.error().detail;
}

void hex(std::string_view text) {
  fuzz::Cuts cuts(text);
  Bytes at_once, piecewise;
  const std::string error = read_hex(at_once, text, nullptr);
  LINEBRIDGE_CHECK(read_hex(piecewise, text, &cuts) == error);
  LINEBRIDGE_CHECK(at_once.all == piecewise.all || !error.empty());
  Shown shown;
  CtiDecoder decoder({}, shown);
  (void)read_hex(decoder, text, nullptr);
  finish(decoder, shown);
}

/// Each packet: its size in two bytes, then as it was captured.
void packets(int link, std::string_view input) {
  Shown shown;
  CtiDecoder decoder(
      {.port = 2748, .only = {}, .streams = {.connections = 4, .waiting_bytes = 512, .waiting_in_all = 1024}},
      shown);
  for (std::int64_t at = 0; input.size() >= 2; ++at) {
    const auto size = fuzz::take(input, 2);
    decoder.packet(
        link, at,
        fuzz::take(input, static_cast<unsigned char>(size[0]) * 256u + static_cast<unsigned char>(size[1])));
  }
  finish(decoder, shown);
}

/// Each segment: flags and direction, port, number, acknowledgement and size in a byte each, then its data.
void segments(std::string_view input) {
  Shown shown;
  CtiDecoder decoder(
      {.port = 2748, .only = {}, .streams = {.connections = 4, .waiting_bytes = 512, .waiting_in_all = 1024}},
      shown);
  const auto word16 = [](std::uint32_t value) {
    return std::string{static_cast<char>(value >> 8), static_cast<char>(value)};
  };
  for (std::int64_t at = 0; input.size() >= 5; ++at) {
    const auto head = fuzz::take(input, 5);
    const auto byte = [&](std::size_t i) {
      return static_cast<std::uint32_t>(static_cast<unsigned char>(head[i]));
    };
    const auto data = fuzz::take(input, byte(4));
    const bool from_client = (byte(0) & 0x80) == 0;
    const std::string client = word16(1 + byte(1) % 8), server = word16(2748);
    const std::string tcp = (from_client ? client + server : server + client) + word16(0) + word16(byte(2)) +
                            word16(0) + word16(byte(3)) + "\x50" + static_cast<char>(byte(0) & 0x17) +
                            std::string(6, '\0');
    const std::string ip = word16(0x4500) + word16(static_cast<std::uint32_t>(40 + data.size())) +
                           std::string(4, '\0') + "\x40\x06" + std::string(10, '\0');
    decoder.packet(101, at, ip + tcp + std::string(data));
  }
  finish(decoder, shown);
}

}  // namespace
}  // namespace linebridge::cli

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace linebridge;
  std::string_view input = fuzz::text_of(data, size);
  const auto kind = fuzz::take(input, 1);
  if (kind.empty()) return 0;
  constexpr int links[] = {1, 0, 101, 108, 113, 276};
  switch (kind[0]) {
    case 'h': cli::hex(input); break;
    case 's': cli::segments(input); break;
    default: cli::packets(links[static_cast<unsigned char>(kind[0]) % std::size(links)], input); break;
  }
  return 0;
}
