#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace linebridge::cli {

/// The lines of a file that another process appends to.
class LinesFile {
public:
  explicit LinesFile(std::string path) : path_(std::move(path)) {}

  /// Whole lines that came since the last call, without their ends; none while there is no such file. A file
  /// that is shorter than before is read from its beginning.
  std::vector<std::string> fresh();

private:
  std::string path_;
  std::uint64_t read_ = 0;
  std::string part_;  ///< Of a line whose end is not there yet.
};

}  // namespace linebridge::cli
