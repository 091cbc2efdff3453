#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/address.hpp"
#include "base/result.hpp"
#include "node.hpp"

namespace linebridge::sim::node {

struct Options {
  Settings node;
  Address listen;
  Address agent;        ///< Host empty: none.
  std::string control;  ///< Path of a socket; empty: none.
  bool proxy = true;    ///< Each connection begins with a PROXY header.
};

extern const std::string_view usage;

/// Errors: malformed, with what is wrong in words.
Result<Options> read_options(std::span<const std::string_view> arguments);

}  // namespace linebridge::sim::node
