#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string_view>

#include "base/log.hpp"
#include "base/time.hpp"

namespace linebridge::ops {

/// Where a program's log lines go: standard error, one line each, "time level id text name=value ..." or JSON.
/// Under systemd, which knows the time, each line begins with its syslog priority ("<4>") instead.
///
/// A kind that repeats is held to `burst` lines a second; what was left out is told in its next line, in a line
/// of its own once a second has passed without one, or at the end.
class LogOutput final : public Log {
public:
  struct Settings {
    Level least = Level::info;
    bool json = false;
    bool journal = false;  ///< Standard error is systemd's journal.
    unsigned burst = 20;
  };
  /// `sink` gets whole lines without their end; by default they are written to standard error.
  explicit LogOutput(Settings settings, std::function<void(std::string_view)> sink = {});
  ~LogOutput() override;

  void write(const LogKind& kind, std::initializer_list<LogField> fields) override;
  void set_least(Level least);

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// "debug" to "alarm"; nothing for another word.
std::optional<Level> level_of(std::string_view word);
/// Whether standard error is the journal (JOURNAL_STREAM is set).
bool under_journal();

}  // namespace linebridge::ops
