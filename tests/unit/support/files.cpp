#include "tests/unit/support/files.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace linebridge::test {
namespace {

const std::filesystem::path root = LINEBRIDGE_SOURCE_DIR "/tests/data";

}  // namespace

std::string data(const std::string& path) {
  std::ifstream file(root / path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read tests/data/" + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> data_files(const std::string& folder) {
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::directory_iterator(root / folder))
    paths.push_back(folder + "/" + entry.path().filename().string());
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace linebridge::test
