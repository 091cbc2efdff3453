#include "cli/lines_file.hpp"

#include <fstream>
#include <iterator>
#include <utility>

namespace linebridge::cli {
namespace {

constexpr std::size_t longest_line = 64 * 1024;

}  // namespace

std::vector<std::string> LinesFile::fresh() {
  std::ifstream file(path_, std::ios::binary | std::ios::ate);
  if (!file) return {};
  const auto size = static_cast<std::uint64_t>(file.tellg());
  if (size < read_) {
    read_ = 0;
    part_.clear();
  }
  file.seekg(static_cast<std::streamoff>(read_));
  const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  read_ += bytes.size();
  std::vector<std::string> lines;
  for (const char c : bytes) {
    if (c == '\n') {
      lines.push_back(std::exchange(part_, {}));
    } else if (part_.size() < longest_line) {
      part_ += c;
    }
  }
  return lines;
}

}  // namespace linebridge::cli
