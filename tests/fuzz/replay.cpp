// fuzz_replay TARGET PATH...: runs kept inputs through one target without libFuzzer. A folder stands for the
// files in it; one that is not there holds none. Fails if there was no input at all; a property that does not
// hold aborts, with the input's path as the last line but one.

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "tests/fuzz/target.hpp"

#define X(name) extern "C" int fuzz_##name(const std::uint8_t* data, std::size_t size);
LINEBRIDGE_FUZZ_TARGETS
#undef X

namespace linebridge::fuzz {
namespace {

struct Target {
  std::string_view name;
  int (*run)(const std::uint8_t*, std::size_t);
};

#define X(name) Target{#name, fuzz_##name},
constexpr auto targets = std::to_array<Target>({LINEBRIDGE_FUZZ_TARGETS});
#undef X

std::vector<std::filesystem::path> files_of(const std::filesystem::path& path) {
  if (!std::filesystem::is_directory(path)) return {path};
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(path))
    if (entry.is_regular_file()) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

/// False if the file cannot be read.
bool replay(const Target& target, const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return false;
  const std::vector<char> input{std::istreambuf_iterator<char>(file), {}};
  std::fprintf(stderr, "%s\n", path.c_str());
  target.run(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
  return true;
}

int run(const Target& target, const std::vector<std::string>& paths) {
  std::size_t inputs = 0;
  for (const auto& path : paths) {
    if (!std::filesystem::exists(path)) continue;
    for (const auto& file : files_of(path)) {
      if (!replay(target, file)) {
        std::fprintf(stderr, "cannot read %s\n", file.c_str());
        return 1;
      }
      ++inputs;
    }
  }
  std::printf("%.*s: %zu inputs\n", static_cast<int>(target.name.size()), target.name.data(), inputs);
  return inputs > 0 ? 0 : 1;
}

}  // namespace
}  // namespace linebridge::fuzz

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  const auto& targets = linebridge::fuzz::targets;
  const auto found = std::find_if(targets.begin(), targets.end(), [&](const auto& target) {
    return !words.empty() && target.name == words.front();
  });
  if (found == targets.end()) {
    std::fputs("Usage: fuzz_replay TARGET PATH...\nTargets:", stderr);
    for (const auto& target : targets)
      std::fprintf(stderr, " %.*s", static_cast<int>(target.name.size()), target.name.data());
    std::fputc('\n', stderr);
    return 2;
  }
  return linebridge::fuzz::run(*found, {words.begin() + 1, words.end()});
}
