#pragma once

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "net/proxy_v2.hpp"
#include "net/shell.hpp"
#include "tests/unit/support/kept_log.hpp"

namespace linebridge::net {

using test::KeptLog;

/// A Shell with a machine that keeps what it is told and asks `react` what to do. Ends when `react` quits; a
/// watchdog ends a test that waits for something that never comes.
class ShellTest : public testing::Test {
protected:
  static constexpr auto watchdog = std::chrono::seconds(20);

  ~ShellTest() override {
    shell.reset();
    std::filesystem::remove_all(directory);
  }

  void start(Shell::Settings settings = {}) { shell.emplace(settings, counters, log); }

  /// Runs until `react` calls shell->quit().
  void run(std::function<void(const Shell::Event&)> react) {
    if (!shell) start();
    shell->run(
        [this, react = std::move(react)](const Shell::Event& event, TimePoint now) -> std::optional<TimePoint> {
          EXPECT_FALSE(std::exchange(in_turn, true)) << "turns never nest";
          if (!until) until = now + watchdog;
          note(event);
          react(event);
          if (now >= *until) {
            ADD_FAILURE() << "the watchdog ended the test";
            shell->quit();
          }
          in_turn = false;
          return std::min(*until, alarm.value_or(*until));
        });
  }

  void note(const Shell::Event& event) {
    if (const auto* opened = std::get_if<Opened>(&event)) {
      EXPECT_TRUE(origins.emplace(opened->peer, opened->from).second) << "opened twice";
    } else if (const auto* bytes = std::get_if<Bytes>(&event)) {
      EXPECT_TRUE(origins.contains(bytes->peer)) << "bytes before opened";
      EXPECT_FALSE(gone.contains(bytes->peer)) << "bytes after closed";
      received[bytes->peer] += bytes->bytes;
    } else if (const auto* closed = std::get_if<Closed>(&event)) {
      EXPECT_TRUE(gone.emplace(closed->peer, closed->why).second) << "closed twice";
    }
  }

  Address listen(Listener as = Listener::sip, Shell::Preface preface = Shell::Preface::none) {
    if (!shell) start();
    const auto bound = shell->listen(as, {"127.0.0.1", 0}, preface);
    EXPECT_TRUE(bound) << bound.error().detail;
    return bound.value();
  }

  /// A path for a Unix socket that goes away with the test.
  Address unix_path(const std::string& name) {
    if (directory.empty()) {
      std::string pattern = (std::filesystem::temp_directory_path() / "linebridge-net-XXXXXX").string();
      directory = ::mkdtemp(pattern.data());
    }
    return {directory + "/" + name, 0};
  }

  PeerId dial(const Address& to) { return shell->dial({.address = to, .proxy = {}}); }
  /// The peer that `listener` accepted, if it is one alone.
  PeerId accepted_by(Listener listener) const {
    PeerId found;
    for (const auto& [peer, from] : origins) {
      if (from.listener != listener) continue;
      EXPECT_FALSE(found) << "more than one";
      found = peer;
    }
    return found;
  }
  bool accepted(PeerId peer) const { return origins.at(peer).listener != Listener::none; }

  Counters counters;
  KeptLog log;
  std::optional<Shell> shell;
  std::map<PeerId, Origin> origins;
  std::map<PeerId, std::string> received;
  std::map<PeerId, Gone> gone;
  std::optional<TimePoint> until;
  std::optional<TimePoint> alarm;
  bool in_turn = false;
  std::string directory;
};

template <class T>
const T* as(const Shell::Event& event) {
  return std::get_if<T>(&event);
}

}  // namespace linebridge::net
