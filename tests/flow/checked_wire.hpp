#pragma once

#include <string>
#include <string_view>

#include "tests/unit/support/recording_outbox.hpp"

namespace linebridge::test {

/// What the schema of CSTA says against the bodies of the SIP messages in `bytes`, body by body with the body
/// itself; empty if nothing. What is not SIP is not looked at.
std::string body_problems(std::string_view bytes);

/// A wire that lets no CSTA body of the node pass that the schema does not accept: whatever is taken, released
/// or left over is looked at.
class CheckedWire : public RecordingOutbox {
public:
  ~CheckedWire() override;
  std::string take(PeerId peer);
  void release(PeerId peer);
};

}  // namespace linebridge::test
