#include <cerrno>
#include <cstdlib>

#include <sys/random.h>

#include "ops/system.hpp"

namespace linebridge::ops {

Random::Fill os_random() {
  return [](std::span<std::uint8_t> out) {
    while (!out.empty()) {
      const ssize_t got = getrandom(out.data(), out.size(), 0);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) std::abort();  // Without randomness tags and keys could be guessed.
      out = out.subspan(static_cast<std::size_t>(got));
    }
  };
}

}  // namespace linebridge::ops
