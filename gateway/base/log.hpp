#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace linebridge {

enum class Level { debug, info, notice, warning, error, alarm };

std::string_view level_name(Level level);

/// A kind of log line. All kinds stand in base/catalogue.hpp; the id never changes once released.
struct LogKind {
  std::string_view id;  ///< Stable, for people who search and for alarms: "LB-SIP-003".
  Level level;
  std::string_view text;  ///< One sentence without values; the values stand in fields behind it.
};

/// A value of a log line. Names are lower case with underscores: user, peer, line, link, session, rule, reason.
struct LogField {
  std::string_view name;
  std::string_view value;
};

/// Where log lines go. The shell's writes them out; tests keep them.
class Log {
public:
  virtual ~Log() = default;
  virtual void write(const LogKind& kind, std::initializer_list<LogField> fields) = 0;
};

/// "text name=value name="value with blanks""; values are made printable and cut to 300 bytes.
std::string render(const LogKind& kind, std::initializer_list<LogField> fields);

/// Throws everything away.
class NoLog final : public Log {
public:
  void write(const LogKind&, std::initializer_list<LogField>) override {}
};

}  // namespace linebridge
