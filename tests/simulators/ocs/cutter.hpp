#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "message.hpp"

namespace linebridge::sim::ocs {

/// Cuts a SIP stream into messages; line ends between messages (keep-alives) are skipped in silence, as OCS
/// does. After an Error the stream cannot go on: close it.
class Cutter {
public:
  static constexpr std::size_t most_head = 64 * 1024;
  static constexpr std::size_t most_body = 256 * 1024;

  void push(std::string_view bytes) {
    buffer_.erase(0, std::exchange(taken_, 0));
    buffer_ += bytes;
  }

  /// The next whole message, nothing if more bytes are needed. Errors: malformed, too_long.
  Result<std::optional<Message>> next();

private:
  std::string buffer_;
  std::size_t taken_ = 0;     ///< Handed out already.
  std::size_t searched_ = 0;  ///< No blank line begins before here, counted from taken_.
};

}  // namespace linebridge::sim::ocs
