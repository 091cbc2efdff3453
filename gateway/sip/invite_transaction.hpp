#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/time.hpp"
#include "sip/message.hpp"

namespace linebridge::sip {

/// The newest INVITE of a dialog on a reliable transport, from its 2xx until the ACK (RFC 3261 section 17.2.1
/// with the Accepted state of RFC 6026). Nothing is sent again by itself: TCP and TLS lose nothing.
class InviteTransaction {
public:
  static constexpr Duration life = std::chrono::seconds(32);  ///< Timer L: 64 * T1.

  void answered(const Message& invite, TimePoint now);
  /// The same request once more, or the CANCEL of it: same branch (RFC 3261 section 17.2.3).
  bool is_of(const Message& request) const;
  /// The same INVITE once more, while it is remembered; acknowledged or not (RFC 6026 section 7.1).
  bool repeats(const Message& invite, TimePoint now) const { return now < answered_ + life && is_of(invite); }
  /// The same request by another way, section 8.2.2.2: same CSeq, another branch. Call-ID and From tag are the
  /// dialog's.
  bool merges(const Message& invite, TimePoint now) const;
  /// ACK came, or any later request of the client, which shows as well that it has the answer.
  void acknowledged() { until_.reset(); }
  bool waits_for_ack(TimePoint now) const { return until_ && now < *until_; }
  /// When the wait for the ACK is over; nothing once it came.
  std::optional<TimePoint> deadline() const { return until_; }

private:
  std::string branch_;
  std::uint32_t cseq_ = 0;
  TimePoint answered_;
  std::optional<TimePoint> until_;
};

}  // namespace linebridge::sip
