#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace linebridge::sim::cucm {

/// A line of a script: a command of the control socket, when it is said, and how often.
struct ScriptLine {
  enum class Start : std::uint8_t {
    at,     ///< `time` after the script's start.
    after,  ///< `time` after the line before it was said for the last time.
    when,   ///< The first time that a message passes.
  };
  std::size_t number = 0;  ///< In the file, from 1.
  Start start = Start::at;
  Duration time{};
  std::int32_t message = 0;   ///< Of Start::when.
  std::string user, manager;  ///< Of Start::when; "any", or a name.
  std::uint32_t times = 1;    ///< How often it is said,
  Duration every{};           ///< at this interval.
  std::string command;
};

struct Script {
  std::string name;
  std::vector<ScriptLine> lines;
};

using ScriptProblems = std::vector<std::string>;  ///< "line 3: no such command: dance"

/// Reads a script: a line each, '#' before comments.
///   at TIME COMMAND; after TIME COMMAND; when MESSAGE from USER|any on NAME|any COMMAND;
///   repeat N every TIME COMMAND, by itself or behind one of the others.
/// `check` judges commands. The script, or every problem of the text at once.
std::variant<Script, ScriptProblems> parse_script(std::string_view text, std::string name,
                                                  const std::function<Status(std::string_view)>& check);

/// How scripts are written, for --help.
std::string_view script_help();

}  // namespace linebridge::sim::cucm
