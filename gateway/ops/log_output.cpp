#include "ops/log_output.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <map>
#include <string>
#include <utility>

#include <spdlog/details/null_mutex.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "base/text.hpp"

namespace linebridge::ops {
namespace {

constexpr Duration window = std::chrono::seconds(1);

constexpr std::array levels = {Level::debug,   Level::info,  Level::notice,
                               Level::warning, Level::error, Level::alarm};

/// Syslog priorities (RFC 5424 section 6.2.1).
int priority(Level level) {
  switch (level) {
    case Level::debug: return 7;
    case Level::info: return 6;
    case Level::notice: return 5;
    case Level::warning: return 4;
    case Level::error: return 3;
    case Level::alarm: return 1;
  }
  return 6;
}

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : printable(text, 1000)) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
}

/// "2026-11-22T15:04:05.678Z"
std::string utc_now() {
  const auto now = std::chrono::system_clock::now();
  const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() % 1000;
  char text[32] = {};
  const std::size_t used = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
  std::snprintf(text + used, sizeof text - used, ".%03dZ", static_cast<int>(ms));
  return text;
}

std::string json_line(const LogKind& kind, std::initializer_list<LogField> fields, std::uint64_t left_out) {
  std::string out = "{\"at\":\"" + utc_now() + "\",\"level\":";
  append_quoted(out, level_name(kind.level));
  out += ",\"id\":";
  append_quoted(out, kind.id);
  out += ",\"text\":";
  append_quoted(out, kind.text);
  for (const auto& field : fields) {
    out += ',';
    append_quoted(out, field.name);
    out += ':';
    append_quoted(out, field.value);
  }
  if (left_out > 0) out += ",\"left_out\":" + std::to_string(left_out);
  return out + "}";
}

/// Hands whole lines to a function.
class CallbackSink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
public:
  explicit CallbackSink(std::function<void(std::string_view)> to) : to_(std::move(to)) {}

private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    to_({message.payload.data(), message.payload.size()});
  }
  void flush_() override {}

  std::function<void(std::string_view)> to_;
};

}  // namespace

struct LogOutput::Impl {
  struct Repeats {
    LogKind kind;
    TimePoint since;
    unsigned written = 0;
    std::uint64_t left_out = 0;
  };

  /// How many lines of this kind were left out before this one; nothing if this one is left out too.
  std::optional<std::uint64_t> admit(const LogKind& kind, TimePoint now) {
    Repeats& repeats = kinds.try_emplace(kind.id, Repeats{kind, now}).first->second;
    if (now - repeats.since >= window) {
      repeats.since = now;
      repeats.written = 0;
    }
    if (repeats.written >= settings.burst) {
      if (repeats.left_out++ == 0) ++kinds_left_out;
      return std::nullopt;
    }
    ++repeats.written;
    if (repeats.left_out > 0) --kinds_left_out;
    return std::exchange(repeats.left_out, 0);
  }

  /// Says how many were left out of those kinds that have come no more since.
  void tell_left_out(TimePoint now) {
    for (auto& [id, repeats] : kinds) {
      if (repeats.left_out == 0 || now - repeats.since < window) continue;
      --kinds_left_out;
      put(repeats.kind, {}, std::exchange(repeats.left_out, 0));
    }
  }

  void put(const LogKind& kind, std::initializer_list<LogField> fields, std::uint64_t left_out);

  Settings settings;
  std::shared_ptr<spdlog::logger> logger;
  std::map<std::string_view, Repeats> kinds;  ///< By id; the texts of a kind are literals of the catalogue.
  std::size_t kinds_left_out = 0;             ///< Of which lines were left out and not told yet.
};

void LogOutput::Impl::put(const LogKind& kind, std::initializer_list<LogField> fields, std::uint64_t left_out) {
  std::string line;
  if (settings.json) {
    line = json_line(kind, fields, left_out);
  } else {
    line = settings.journal ? "<" + std::to_string(priority(kind.level)) + ">"
                            : std::string(level_name(kind.level)) + " ";
    line.append(kind.id).append(" ").append(render(kind, fields));
    if (left_out > 0) line += " (" + std::to_string(left_out) + " such lines left out)";
  }
  logger->log(spdlog::level::info, "{}", line);
}

LogOutput::LogOutput(Settings settings, std::function<void(std::string_view)> sink)
    : impl_(std::make_unique<Impl>()) {
  impl_->settings = settings;
  spdlog::sink_ptr to;
  if (sink) {
    to = std::make_shared<CallbackSink>(std::move(sink));
  } else {
    to = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  }
  impl_->logger = std::make_shared<spdlog::logger>("linebridge", to);
  impl_->logger->set_pattern(settings.journal || settings.json ? "%v" : "%Y-%m-%dT%H:%M:%S.%e%z %v");
  impl_->logger->set_level(spdlog::level::trace);
}

LogOutput::~LogOutput() {
  if (impl_->kinds_left_out > 0) impl_->tell_left_out(std::chrono::steady_clock::now() + window);
}

void LogOutput::write(const LogKind& kind, std::initializer_list<LogField> fields) {
  if (kind.level < impl_->settings.least) return;
  const TimePoint now = std::chrono::steady_clock::now();
  const auto left_out = impl_->admit(kind, now);
  if (left_out) impl_->put(kind, fields, *left_out);
  if (impl_->kinds_left_out > 0) impl_->tell_left_out(now);
}

void LogOutput::set_least(Level least) {
  impl_->settings.least = least;
}

std::optional<Level> level_of(std::string_view word) {
  for (const Level level : levels)
    if (level_name(level) == word) return level;
  return std::nullopt;
}

bool under_journal() {
  return std::getenv("JOURNAL_STREAM") != nullptr;
}

}  // namespace linebridge::ops
