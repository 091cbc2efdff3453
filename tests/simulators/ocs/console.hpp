#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/door.hpp"
#include "office.hpp"

namespace linebridge::sim::ocs {

/// What a `wait` waits for.
struct Condition {
  enum class What : std::uint8_t { signed_in, signed_out, refused, call, calls, event, times, refreshed };
  What what = What::signed_in;
  std::string name;         ///< A call's state or an event.
  std::uint64_t count = 0;  ///< Of calls, sign-ins or refreshes.
  Duration within{};
};
/// Reads "CONDITION [SECONDS]". Errors: malformed, with what can be said.
Result<Condition> parse_condition(const std::vector<std::string>& words);
/// How long the client of the console needs patience for this command.
Duration patience_of(const std::vector<std::string>& words);

/// The control socket: one command a line, answered by one line, "ok ..." or "error ...".
class Console {
public:
  explicit Console(Office& office) : office_(office) {}

  /// Takes an input of a control connection; false if it is none.
  bool on(const Server::Input& input, TimePoint now, Outbox& outbox);
  /// After every turn: answers the waits that hold now, or whose time is up.
  void look(TimePoint now, Outbox& outbox);
  std::optional<TimePoint> next_deadline() const;

  /// The commands with their meaning, a line each.
  static std::string_view help();

private:
  struct Waiter {
    PeerId peer;
    std::size_t client;
    Condition condition;
    TimePoint until;
  };
  using Counts = std::map<std::string, std::uint64_t, std::less<>>;
  using Words = std::vector<std::string>;

  void line(PeerId peer, std::string_view text, TimePoint now, Outbox& outbox);
  Result<std::string> obey(PeerId peer, const Words& words, TimePoint now, Outbox& outbox);
  Result<std::string> look_words(const Words& words, Outbox& outbox);
  Result<std::string> wish(const Words& words, TimePoint now, Outbox& outbox);
  Result<std::string> sign_all(const Words& words, TimePoint now, Outbox& outbox);
  Result<std::string> wait(PeerId peer, const Words& words, TimePoint now);
  bool holds(const Waiter& waiter);

  Office& office_;
  std::map<PeerId, std::string> peers_;  ///< With the line that is not whole yet.
  std::list<Waiter> waiters_;
  std::map<std::size_t, Counts> seen_;  ///< Events of a client up to its last command.
};

}  // namespace linebridge::sim::ocs
