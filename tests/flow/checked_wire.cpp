#include "tests/flow/checked_wire.hpp"

#include <gtest/gtest.h>

#include "sip/framing/framer.hpp"
#include "tests/unit/support/xsd.hpp"

namespace linebridge::test {

std::string body_problems(std::string_view bytes) {
  std::string out;
  const auto start = bytes.substr(std::min(bytes.find_first_not_of("\r\n"), bytes.size()));
  if (start.substr(0, start.find("\r\n")).find("SIP/2.0") == std::string_view::npos) return out;
  sip::Framer framer;
  framer.push(bytes);
  for (auto item = framer.next(); !std::holds_alternative<sip::Framer::NeedMore>(item); item = framer.next()) {
    if (const auto* error = std::get_if<Error>(&item)) return out + error->detail + " in " + std::string(bytes);
    const auto* message = std::get_if<sip::Framer::Message>(&item);
    if (message == nullptr || message->body.empty()) continue;
    const std::string problems = csta_problems(message->body);
    if (!problems.empty()) out += problems + std::string(message->body) + "\n";
  }
  return out;
}

CheckedWire::~CheckedWire() {
  for_each_peer([](std::string_view left) { EXPECT_EQ(body_problems(left), ""); });
}

std::string CheckedWire::take(PeerId peer) {
  std::string bytes = RecordingOutbox::take(peer);
  EXPECT_EQ(body_problems(bytes), "");
  return bytes;
}

void CheckedWire::release(PeerId peer) {
  take(peer);
  RecordingOutbox::release(peer);
}

}  // namespace linebridge::test
