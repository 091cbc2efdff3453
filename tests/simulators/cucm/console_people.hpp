#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "tests/simulators/cucm/console.hpp"

namespace linebridge::sim::cucm {

class Exchange;

/// What people do at their phones, by control command. WHO is a phone, one of its numbers, or a number of the
/// world outside.
struct PeopleCommand {
  struct Context {
    Exchange& exchange;
    const std::vector<std::string>& words;  ///< [0] is the command, [1] is WHO.
    TimePoint now;
  };
  std::size_t least_words, most_words;
  Reply (*run)(const Context&);
  std::string_view usage, meaning;
};

const std::map<std::string_view, PeopleCommand>& people_commands();

/// A line for each, for --help.
std::string people_help();

}  // namespace linebridge::sim::cucm
