#include "tests/simulators/cucm/script.hpp"

#include <optional>
#include <utility>

#include "base/text.hpp"
#include "tests/simulators/cucm/fault.hpp"
#include "tests/simulators/cucm/span_of_time.hpp"

namespace linebridge::sim::cucm {
namespace {

constexpr std::size_t most_lines = 1000;
constexpr std::uint32_t most_times = 1'000'000;

Error wrong(std::string what) {
  return {Errc::malformed, std::move(what)};
}

/// The next word; `rest` becomes what follows it.
std::string_view take_word(std::string_view& rest) {
  const std::string_view word = trim(take_until(rest, ' '));
  rest = trim(rest);
  return word;
}

bool take_if(std::string_view& rest, std::string_view wanted) {
  std::string_view behind = rest;
  if (take_word(behind) != wanted) return false;
  rest = behind;
  return true;
}

Status read_time(std::string_view& rest, Duration& time) {
  const std::string_view word = take_word(rest);
  const auto read = to_duration(word);
  if (!read) return wrong("a time like 200ms or 1.5s, not '" + printable(word, 40) + "'");
  time = *read;
  return Done{};
}

Status read_when(std::string_view& rest, ScriptLine& line) {
  const std::string_view message = take_word(rest);
  const auto id = message_id(message);
  if (!id) return wrong("no such message: " + printable(message, 60));
  line.message = *id;
  if (!take_if(rest, "from") && !take_if(rest, "to"))
    return wrong("say: when MESSAGE from USER|any on NAME|any");
  line.user = take_word(rest);
  if (!take_if(rest, "on")) return wrong("say: when MESSAGE from USER|any on NAME|any");
  line.manager = take_word(rest);
  return Done{};
}

Status read_start(std::string_view& rest, ScriptLine& line, bool& found) {
  found = true;
  if (take_if(rest, "at")) return read_time(rest, line.time);
  if (take_if(rest, "after")) {
    line.start = ScriptLine::Start::after;
    return read_time(rest, line.time);
  }
  if (take_if(rest, "when")) {
    line.start = ScriptLine::Start::when;
    return read_when(rest, line);
  }
  found = false;
  return Done{};
}

Status read_repeat(std::string_view& rest, ScriptLine& line, bool& found) {
  if (!take_if(rest, "repeat")) return Done{};
  found = true;
  const std::string_view word = take_word(rest);
  const auto times = to_number<std::uint32_t>(word);
  if (!times || *times == 0 || *times > most_times) {
    return wrong("repeat how often? Not '" + printable(word, 40) + "'");
  }
  line.times = *times;
  if (!take_if(rest, "every")) return wrong("say: repeat N every TIME");
  const Status read = read_time(rest, line.every);
  return read && line.every == Duration::zero() ? Status(wrong("repeat every how long?")) : read;
}

Status read_line(std::string_view rest, ScriptLine& line,
                 const std::function<Status(std::string_view)>& check) {
  bool started = false, repeated = false;
  if (const Status read = read_start(rest, line, started); !read) return read;
  if (const Status read = read_repeat(rest, line, repeated); !read) return read;
  if (!started && !repeated) return wrong("begins with at, after, when or repeat");
  if (rest.empty()) return wrong("no command");
  line.command = rest;
  return check(rest);
}

}  // namespace

std::variant<Script, ScriptProblems> parse_script(std::string_view text, std::string name,
                                                  const std::function<Status(std::string_view)>& check) {
  Script script{std::move(name), {}};
  ScriptProblems problems;
  for (std::size_t number = 1; !text.empty(); ++number) {
    std::string_view whole = take_until(text, '\n');
    const std::string_view content = trim(take_until(whole, '#'));
    if (content.empty()) continue;
    ScriptLine line;
    line.number = number;
    const std::string where = "line " + std::to_string(number) + ": ";
    if (script.lines.size() == most_lines) {
      problems.push_back(where + "more than " + std::to_string(most_lines) + " commands");
      break;
    }
    if (const Status read = read_line(content, line, check); !read)
      problems.push_back(where + read.error().detail);
    script.lines.push_back(std::move(line));
  }
  if (!problems.empty()) return problems;
  return script;
}

std::string_view script_help() {
  return "Scripts, a line each, '#' before comments. All lines are checked before the first is said; what "
         "each\n"
         "brought goes to the log:\n"
         "  at TIME COMMAND             so long after the script's start\n"
         "  after TIME COMMAND          so long after the line before it\n"
         "  when MESSAGE from USER|any on NAME|any COMMAND\n"
         "                              the first time that the message passes, either way: before a request "
         "is\n"
         "                              handled, after an answer or event is given (a fault may hold or lose "
         "it)\n"
         "  repeat N every TIME COMMAND  by itself from the start on, or behind one of the others\n";
}

}  // namespace linebridge::sim::cucm
