#pragma once

#include <span>
#include <string>
#include <string_view>

#include "client.hpp"
#include "options.hpp"

namespace linebridge::sim::ocs {

/// Makes names by number: "u%05d@example.test" and 7 give "u00007@example.test".
class Pattern {
public:
  /// Errors: malformed (not just one %d or %0Nd).
  static Result<Pattern> parse(std::string_view text);
  std::string at(std::uint64_t number) const;

private:
  std::string before_, behind_;
  std::size_t width_ = 0;
};

struct LoadOptions : Place {
  std::uint64_t sessions = 0;
  std::uint64_t users = 0;   ///< Sessions take them in turn; 0: each session has a user of its own.
  std::uint64_t first = 1;   ///< Number of the first user.
  double rate = 0;           ///< Sessions begun a second; 0: as many as the window allows.
  std::uint64_t window = 0;  ///< Sessions at work at a time, without those that only hold; never 0 when read.
  std::uint64_t calls = 0, infos = 0;          ///< In each session.
  std::string number = "+15551234";            ///< Dialled; "line+1": the next user's line.
  Call::State until = Call::State::delivered;  ///< Then the call is hung up.
  Duration talk{};                             ///< Before that.
  Service info = Service::snapshot_device;
  bool echo = false;
  std::uint64_t body = 400;  ///< Bytes of an echoed text on average.
  bool holds = false;
  Duration hold{};                   ///< All sessions stay together for so long once the last is in.
  double info_rate = 0;              ///< Requests a second, over all held dialogs in turn.
  unsigned silent = 0, refused = 0;  ///< Percent of the sessions.
  bool may_refuse = false;           ///< 403 is fine for anybody.
  bool may_break = false;            ///< A dialog may end and its client come back.
  bool all_flavours = false;         ///< One after the other.
  Duration session{std::chrono::seconds(1800)};
  Duration limit{std::chrono::seconds(600)};  ///< For all.
  bool json = false;
  Pattern user, line, refused_user;
};

extern const std::string_view load_usage;

/// Reads the arguments behind "load". Errors: malformed, with a sentence for the person at the terminal.
Result<LoadOptions> read_load(std::span<const std::string_view> arguments);

}  // namespace linebridge::sim::ocs
