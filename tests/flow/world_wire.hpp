#pragma once

#include "tests/flow/world.hpp"
#include "tests/load/scene.hpp"

namespace linebridge::test {

/// Connections to the node of a World. What the node says is held against the schema.
class WorldWire final : public Wire {
public:
  explicit WorldWire(World& world) : world_(world) {}

  PeerId open(std::string_view sender) override { return world_.connect({}, sender); }
  void say(PeerId peer, std::string_view bytes) override { world_.send(peer, bytes); }
  std::string heard(PeerId peer) override { return world_.received(peer); }
  bool ended(PeerId peer) const override { return world_.closed(peer); }
  void leave(PeerId peer) override { world_.disconnect(peer); }
  void wait(Duration by) override { world_.advance(by); }
  void stop_reading(PeerId peer) override { world_.out.wire.hold(peer); }

private:
  World& world_;
};

}  // namespace linebridge::test
