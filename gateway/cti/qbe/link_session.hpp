#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/counters.hpp"
#include "base/log.hpp"
#include "base/random.hpp"
#include "cti/driver/driver.hpp"
#include "cti/qbe/calls.hpp"
#include "cti/qbe/census.hpp"
#include "cti/qbe/ending.hpp"
#include "cti/qbe/features.hpp"
#include "cti/qbe/frame.hpp"
#include "cti/qbe/inventory.hpp"
#include "cti/qbe/lines.hpp"
#include "cti/qbe/login.hpp"
#include "cti/qbe/turn.hpp"

namespace linebridge::cti::qbe {

/// One connection to one CTI Manager, from the moment it is up until it must be closed: log-in, heartbeats,
/// requests with their deadlines, the lines that are open, events in order. A machine: bytes and time come in,
/// bytes and events go out. After ended() says why, it takes and gives nothing more.
class LinkSession {
public:
  struct Settings {
    Login::Settings login;
    std::uint32_t protocol_version = 0x00100000;
    std::size_t outstanding = 256;
    std::size_t waiting = 4096;
    std::size_t frame_bytes = 1024 * 1024;
    std::string name;  ///< Of the link, for the log.
  };

  LinkSession(Settings settings, Random& random, Counters& counters, Log& log);
  LinkSession(const LinkSession&) = delete;

  void start(Turn turn);
  void received(std::string_view data, Turn turn);
  void tick(Turn turn);
  /// Answered by an Answered event, perhaps in this very turn.
  void request(driver::OperationId id, const driver::Operation& operation, Turn turn);
  /// Says good-bye. Open lines and devices are the CTI Manager's to clean up. The session is over then.
  void close(Turn turn);
  /// Answers every operation that is not answered yet: the link is lost.
  void abandon(std::vector<driver::Event>& events);

  std::optional<TimePoint> next_deadline() const;
  const std::optional<Ending>& ended() const { return ended_; }
  Login::Phase phase() const { return login_.phase(); }
  bool in_service() const { return !ended_ && login_.phase() == Login::Phase::done; }
  const Login::Learnt& learnt() const { return login_.learnt(); }
  /// Devices that are asked for, or will be.
  std::size_t devices_asked() const { return census_.waiting(); }
  const Inventory& inventory() const { return inventory_; }
  std::size_t open_lines() const { return lines_.open_lines(); }
  std::size_t outstanding() const { return jobs_.outstanding(); }

private:
  void message(const Frame& frame, Turn& turn, Sender& sender);
  void login_message(std::uint32_t id, const View& view, Turn& turn, Sender& sender);
  void listed(Turn& turn);
  void response(std::uint32_t id, const View& view, Turn& turn);
  void completion(const Layout& event, std::uint32_t seq, std::uint32_t code, const View& view, Turn& turn);
  void finish(std::uint32_t seq, const Reply& reply, Turn& turn);
  void finish_late(const Job& job, const Reply& reply, Turn& turn);
  bool provider_event(std::uint32_t id, const View& view, Turn& turn);
  bool device_event(std::uint32_t id, const View& view, Turn& turn);
  bool inventory_event(std::uint32_t id, const View& view, Turn& turn);
  bool completion_event(std::uint32_t id, const View& view, Turn& turn);
  bool line_event(std::uint32_t id, const View& view, Turn& turn);
  bool call_event(std::uint32_t id, const View& view, Turn& turn);
  void user_changed(const View& event, Turn& turn);
  void configuration_changed(const View& event);
  void tell(driver::LineHandle line, driver::Event event, Turn& turn);
  void refuse(driver::OperationId id, driver::Failure why, Turn& turn);
  void expire(Turn& turn);
  void pump(Turn& turn, Sender& sender);
  void settle(const std::vector<driver::Event>& events, std::size_t from);
  void end(Ending ending) { ended_ = std::move(ending); }
  void log_message(const LogKind& kind, std::uint32_t id, std::string_view reason);

  Settings settings_;
  Counters& counters_;
  Log& log_;
  Sender::Link wire_;
  FrameReader reader_;
  Login login_;
  Jobs jobs_;
  Lines lines_;
  Calls calls_;
  Features features_;
  Inventory inventory_;
  Census census_;
  std::set<driver::OperationId> unanswered_;
  std::set<std::uint32_t> unknown_;  ///< Message ids already logged.
  std::optional<Ending> ended_;
};

}  // namespace linebridge::cti::qbe
