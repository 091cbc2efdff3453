#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "config/config.hpp"
#include "view/view.hpp"

/// What nodes answered, for people to read. Pure text: nothing here asks anybody.
namespace linebridge::cli {

/// One node's answer, or why there is none.
template <class T>
struct Answered {
  std::string node;    ///< "publisher" or "subscriber"
  std::string socket;  ///< Where it was asked.
  Result<T> answer;
};

/// Nodes, links and sessions. A node without an answer is shown as such.
std::string status_report(const std::vector<Answered<view::Status>>& nodes);

/// How each node that answered stands after an order to drain, one line each.
std::string drain_report(const std::vector<Answered<view::Drainage>>& nodes);

/// One line for each trace line of all nodes, in the order of time. Times are UTC.
std::string ladder(const std::vector<Answered<view::Trace>>& nodes);

/// "45 s", "12 min", "3 h 20 min", "2 d 3 h".
std::string duration_text(std::int64_t seconds);

}  // namespace linebridge::cli
