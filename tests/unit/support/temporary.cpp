#include "tests/unit/support/temporary.hpp"

#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace linebridge::test {

TemporaryDirectory::TemporaryDirectory() {
  std::string pattern = (std::filesystem::temp_directory_path() / "lb-XXXXXX").string();
  if (!mkdtemp(pattern.data())) throw std::runtime_error("no temporary directory");
  where_ = pattern;
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(where_, ignored);
}

std::string TemporaryDirectory::write(const std::string& name, const std::string& content) const {
  std::ofstream(where_ / name, std::ios::binary) << content;
  return path(name);
}

}  // namespace linebridge::test
