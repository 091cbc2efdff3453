#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

/// What the fuzz targets share. A target is one .cpp with LLVMFuzzerTestOneInput (libFuzzer's entry); the
/// program `fuzz_replay` holds all of them under names of their own and runs kept inputs without libFuzzer.

/// A property that must hold for every input. Unlike assert it is there in every build.
#define LINEBRIDGE_CHECK(condition) \
  do { \
    if (!(condition)) ::linebridge::fuzz::broken(__FILE__, __LINE__, #condition); \
  } while (false)

namespace linebridge::fuzz {

[[noreturn]] inline void broken(const char* file, int line, const char* what) {
  std::fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
  std::abort();
}

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// Takes `most` bytes or what is there off the front.
inline std::string_view take(std::string_view& rest, std::size_t most) {
  const std::string_view front = rest.substr(0, most);
  rest.remove_prefix(front.size());
  return front;
}

/// How a stream is cut into pieces, chosen by the first bytes of an input: four sizes, used in turn.
class Cuts {
public:
  static constexpr std::size_t bytes = 4;

  explicit Cuts(std::string_view& input) : sizes_(take(input, bytes)) {}

  /// The next piece of `rest`, empty only if that is.
  std::string_view next(std::string_view& rest) {
    const auto byte = sizes_.empty() ? 0U : static_cast<unsigned char>(sizes_[turn_++ % sizes_.size()]);
    return take(rest, byte < 128 ? byte + 1 : (byte - 127) * std::size_t{64});
  }

private:
  std::string_view sizes_;
  std::size_t turn_ = 0;
};

}  // namespace linebridge::fuzz
