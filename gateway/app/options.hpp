#pragma once

#include <string>
#include <variant>

#include "config/config.hpp"

namespace linebridge::app {

struct Options {
  std::string config;
  config::Role role = config::Role::publisher;
  bool json_log = false;
};
/// Something to print instead of running: help, version, or what is wrong with the command line.
struct Instead {
  std::string text;
  int exit_code;
};

std::variant<Options, Instead> read_options(int count, const char* const* words);

}  // namespace linebridge::app
