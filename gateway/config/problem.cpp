#include "config/config.hpp"

namespace linebridge::config {

std::string to_text(const std::string& file, const Problem& problem) {
  std::string out = file + ":";
  if (problem.line > 0) out += std::to_string(problem.line) + ":";
  if (!problem.key.empty()) out += " " + problem.key + ":";
  return out + " " + problem.what;
}

}  // namespace linebridge::config
