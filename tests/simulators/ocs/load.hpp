#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "load_options.hpp"
#include "office.hpp"
#include "report.hpp"

namespace linebridge::sim::ocs {

/// When the next session may begin: at a rate, or whenever the window has room.
class Pace {
public:
  Pace(double rate, std::uint64_t window) : rate_(rate), window_(window) {}

  /// How many may begin now, with `done` begun already and `at_work` not finished.
  std::uint64_t allowed(TimePoint now, std::uint64_t done, std::uint64_t at_work);
  /// When one more is due; nothing if only the window decides.
  std::optional<TimePoint> next(std::uint64_t done) const;

private:
  double rate_;
  std::uint64_t window_;
  std::optional<TimePoint> begin_;
};

/// The load driver: gives each client its work, one thing after the other, and counts what comes of it. A
/// machine like the office that it drives; call look() after each turn of that.
class Load {
public:
  Load(LoadOptions options, Office& office, Random& random);

  void look(TimePoint now, Outbox& outbox);
  std::optional<TimePoint> next_deadline() const;
  bool finished() const { return finished_ == options_.sessions; }
  /// Ends early: what is not finished is an error.
  void give_up(std::string_view why, TimePoint now);

  const Report& report() const { return report_; }
  Report::Totals totals() const;
  /// One line for who waits.
  std::string progress() const;

private:
  enum class Phase : std::uint8_t { coming, working, talking, clearing, holding, leaving, done };
  struct Session {
    Phase phase = Phase::coming;
    std::string node;  ///< Beginning of its tag.
    bool may_come = true;
    std::uint64_t calls = 0, infos = 0;  ///< Still to do.
    unsigned returns = 0;
    std::string call;   ///< The one that we made.
    TimePoint until{};  ///< Talk ends, or the call should have got on.
    Deadlines<std::size_t>::Id alarm;
    std::uint64_t asked = 0;  ///< Paced requests under way.
  };

  void begin_sessions(TimePoint now, Outbox& outbox);
  void begin(TimePoint now, Outbox& outbox);
  std::uint64_t user_of(std::uint64_t session) const;  ///< Its number.
  ClientSettings settings_of(std::uint64_t number) const;
  void happened(std::size_t number, const Happening& happening, TimePoint now, Outbox& outbox);
  void signed_in(std::size_t number, const Happening& happening, TimePoint now, Outbox& outbox);
  void answered(std::size_t number, const Happening& happening, TimePoint now, Outbox& outbox);
  void refused(std::size_t number, const Happening& happening, TimePoint now);
  void broken(std::size_t number, const Happening& happening, TimePoint now, Outbox& outbox);
  void work(std::size_t number, TimePoint now, Outbox& outbox);
  void call_moved(std::size_t number, TimePoint now, Outbox& outbox);
  void alarms(TimePoint now, Outbox& outbox);
  void holds(TimePoint now, Outbox& outbox);
  void paced(TimePoint now, Outbox& outbox);
  void leave(std::size_t number, TimePoint now, Outbox& outbox);
  void finish(std::size_t number, TimePoint now);
  void error(std::string_view kind, std::string_view text) { report_.error(kind, text); }
  Status send_info(std::size_t number, TimePoint now, Outbox& outbox);
  std::string text_to_echo();
  void set_alarm(std::size_t number, TimePoint at);
  std::string_view address_of(std::size_t number) const {
    return office_.client(number).settings().user.address;
  }

  LoadOptions options_;
  Office& office_;
  Random& random_;
  Pace come_, go_, ask_;
  Report report_;
  std::vector<Session> sessions_;
  Deadlines<std::size_t> alarms_;
  std::deque<std::size_t> held_;
  std::string pool_;  ///< Echoed texts are cut out of it.
  std::uint64_t at_work_ = 0, leaving_ = 0, finished_ = 0, left_ = 0, paced_ = 0, texts_ = 0;
  std::uint64_t signed_in_ = 0, refused_ = 0, returned_ = 0, calls_ = 0, most_held_ = 0;
  std::optional<TimePoint> begun_, last_sign_in_, last_, hold_ends_;
};

}  // namespace linebridge::sim::ocs
