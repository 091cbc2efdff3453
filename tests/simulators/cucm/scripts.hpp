#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/simulators/cucm/script.hpp"

namespace linebridge::sim::cucm {

/// The scripts that run. Says which command is due; the caller obeys it.
class Scripts {
public:
  struct Due {
    std::string script;
    std::size_t line = 0;
    std::string command;
  };
  struct Running {
    struct Line {
      std::optional<TimePoint> at;  ///< When it is said next; nothing: it waits, or is done.
      std::uint32_t said = 0;
    };
    Script script;
    std::vector<Line> lines;
    std::size_t open = 0;  ///< Lines not done.
  };
  static constexpr std::size_t most = 8;

  /// Errors: too_long (too many run).
  Status start(Script script, TimePoint now);
  /// All, or those of that name. Gives how many there were.
  std::size_t stop(std::string_view name);

  /// Whether a line waits for a message.
  bool watching() const { return watching_ > 0; }
  void saw(std::int32_t message, std::string_view user, std::string_view manager, TimePoint now);

  /// The line due first, taken to be said now; nothing: none is due. What ended is forgotten.
  std::optional<Due> take_due(TimePoint now);
  std::optional<TimePoint> next_deadline() const;
  const std::vector<Running>& running() const { return running_; }

private:
  void said(Running& running, std::size_t line, TimePoint now);
  void count_watching();

  std::vector<Running> running_;
  std::size_t watching_ = 0;
};

}  // namespace linebridge::sim::cucm
