#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/address.hpp"
#include "server.hpp"

namespace linebridge::sim::ocs {

struct Options {
  Address listen;  ///< Port 0 takes a free one.
  Settings server;
  std::string log;  ///< File for every message; empty: none.
};

extern const std::string_view usage;

/// Reads the arguments behind "run". Errors: malformed, with a sentence for the person at the terminal.
Result<Options> read_options(std::span<const std::string_view> arguments);

}  // namespace linebridge::sim::ocs
