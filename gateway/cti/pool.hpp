#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/counters.hpp"
#include "base/door.hpp"
#include "base/log.hpp"
#include "base/random.hpp"
#include "cti/driver/driver.hpp"

namespace linebridge::cti {

/// The links of one node: one to every configured CTI Manager. Connects to all at start, reconnects for ever
/// with exponential backoff and full jitter, enumerates, heartbeats, and says whose turn the next session is.
///
/// A machine: bytes and time come in, bytes and happenings go out; it holds no socket. `index` is always the
/// place of a CTI Manager in Settings::managers. A link that asked for its connection to be closed dials again
/// only after closed().
///
/// When a link is lost, each of its operations that is not answered yet is answered link_lost, then LinkLost
/// follows. LinkInService and LinkLost come in pairs; a link that fails before it is in service gives no event.
class Pool {
public:
  struct Settings {
    std::vector<Address> managers;  ///< 1 to 8, order = priority.
    std::string user;
    std::string password;
    std::string application = "Linebridge";         ///< applicationID; ends with the node's name.
    std::string client = "Linebridge";              ///< What we call ourselves; ends with the version.
    Duration heartbeat = std::chrono::seconds(30);  ///< What we ask the CTI Manager to send at.
    Duration answer_within = std::chrono::seconds(10);
    Duration backoff_first = std::chrono::seconds(1);
    Duration backoff_most = std::chrono::seconds(30);
    Duration refused_backoff = std::chrono::seconds(60);                      ///< After refused credentials.
    std::vector<std::uint32_t> protocol_versions = {0x00100000, 0x00110000};  ///< Tried in order on 0x8CCC0050.
    std::size_t outstanding = 256;  ///< Requests in flight on a link; more wait.
    std::size_t waiting = 4096;     ///< Operations that may wait; more are refused.
    std::size_t frame_bytes = 1024 * 1024;
  };
  struct Happened {
    driver::LinkId link;
    driver::Event event;
  };
  /// What a call wants done. The caller gives a cleared one and keeps it for the next call.
  struct Output {
    std::vector<std::size_t> dial;   ///< Connect to managers[index]; then call opened() or closed().
    std::vector<std::size_t> close;  ///< Close the connection after what was written; closed() follows.
    std::vector<Happened> events;
    void clear() { dial.clear(), close.clear(), events.clear(); }
  };
  enum class State { waiting, connecting, logging_in, enumerating, in_service, refused };
  struct LinkView {
    Address manager;
    State state = State::waiting;
    std::uint32_t life = 0;
    std::size_t devices = 0, lines = 0, open_lines = 0, outstanding = 0;
    /// While enumerating: how many devices will be listed, as the CTI Manager said; 0: it did not.
    std::size_t devices_expected = 0;
    std::size_t devices_asked = 0;  ///< Asked for one by one, or to be.
    bool controls_any_device = false;
    std::uint32_t most_devices_open = 0;  ///< 0: not told.
    std::optional<std::uint32_t> days_until_password_expires;
    std::uint64_t losses = 0;
    std::string last_error;  ///< Empty while all is well.
  };

  Pool(Settings settings, Random& random, Counters& counters, Log& log);
  ~Pool();

  void start(TimePoint now, Output& out);
  void opened(std::size_t index, TimePoint now, std::string& bytes, Output& out);
  void received(std::size_t index, std::string_view data, TimePoint now, std::string& bytes, Output& out);
  /// The connection closed, or the dial failed.
  void closed(std::size_t index, Gone why, TimePoint now, Output& out);
  /// Orderly end of one link: closes the provider; the connection follows in `out.close`.
  void stop(std::size_t index, TimePoint now, std::string& bytes, Output& out);

  std::optional<TimePoint> next_deadline() const;
  /// A link with something due; call tick() for it until there is none.
  std::optional<std::size_t> due(TimePoint now) const;
  void tick(std::size_t index, TimePoint now, std::string& bytes, Output& out);

  /// Starts an operation. Answered by an event, in `out` of this call or of a later one. An operation for a
  /// link that is not in service in that life is answered link_lost at once.
  ///
  /// After LineOpened a line counts as out of service until LineInService says otherwise; it follows at once if
  /// the line is in service, also for a second user of a line that was open.
  driver::OperationId request(driver::LinkId link, const driver::Operation& operation, TimePoint now,
                              std::string& bytes, Output& out);

  /// Whose turn a new session is: round robin over the links in service, in configured order; nothing if none
  /// is.
  std::optional<driver::LinkId> next_turn() const;
  /// A session began on `link`: the next turn is that of the one behind it.
  void turn_taken(driver::LinkId link);
  bool in_service(driver::LinkId link) const;
  bool any_in_service() const;
  /// The line appearances the link lists for a directory number, in the order listed.
  std::vector<driver::Appearance> appearances(driver::LinkId link, std::string_view number) const;

  std::size_t size() const;
  LinkView view(std::size_t index) const;

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace linebridge::cti
