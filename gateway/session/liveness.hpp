#pragma once

#include <chrono>
#include <optional>

#include "base/time.hpp"

namespace linebridge::session {

/// Whether the client of one session is still there. Three ways: it refreshes in time (RFC 4028); it asked us
/// to refresh; or it knows no session timer and is asked by OPTIONS inside the dialog.
class Liveness {
public:
  enum class Way { client_refreshes, we_refresh, we_ask };
  enum class Due {
    nothing,
    ask,      ///< Send OPTIONS.
    refresh,  ///< Send UPDATE with Session-Expires.
    expired,  ///< The session ends.
  };
  static constexpr std::chrono::minutes ask_every{15};
  static constexpr unsigned silences = 2;  ///< So many in a row end the session.

  Liveness() = default;
  /// Also at every refresh, which may agree on something else. `interval`: of the session timer.
  void agreed(Way way, std::chrono::seconds interval, TimePoint now);
  /// Call when deadline() has passed.
  Due due(TimePoint now);
  /// A request of the client came, or an answer to what we asked.
  void heard() { unanswered_ = 0; }
  /// What we asked was not answered. True: once too often, the session ends.
  bool silence() { return way_ != Way::client_refreshes && ++unanswered_ >= silences; }

  std::optional<TimePoint> deadline() const { return deadline_; }

private:
  Way way_ = Way::client_refreshes;
  std::chrono::seconds interval_{};
  TimePoint expires_;
  std::optional<TimePoint> deadline_;
  unsigned unanswered_ = 0;
};

}  // namespace linebridge::session
