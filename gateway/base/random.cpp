#include "base/random.hpp"

#include <array>
#include <cstring>
#include <vector>

#include "base/text.hpp"

namespace linebridge {

std::uint64_t Random::number() {
  std::array<std::uint8_t, 8> raw{};
  fill_(raw);
  std::uint64_t value = 0;
  std::memcpy(&value, raw.data(), sizeof value);
  return value;
}

std::string Random::hex(unsigned bits) {
  std::vector<std::uint8_t> raw(bits / 8);
  fill_(raw);
  return to_hex(raw);
}

std::string Random::letters(unsigned count) {
  static constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  std::string out;
  out.reserve(count);
  while (out.size() < count) {
    std::uint8_t byte = 0;
    fill_({&byte, 1});
    // 248 is the largest multiple of 62 below 256: what lies above would favour the first letters.
    if (byte < 248) out.push_back(alphabet[byte % alphabet.size()]);
  }
  return out;
}

Duration Random::up_to(Duration most) {
  if (most <= Duration::zero()) return Duration::zero();
  const auto range = static_cast<std::uint64_t>(most.count()) + 1;
  return Duration(static_cast<Duration::rep>(number() % range));
}

Random::Fill repeatable(std::uint64_t seed) {
  return [state = seed](std::span<std::uint8_t> out) mutable {
    for (auto& byte : out) {
      state += 0x9E3779B97F4A7C15ULL;
      std::uint64_t z = state;
      z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
      z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
      byte = static_cast<std::uint8_t>((z ^ (z >> 31)) & 0xFF);
    }
  };
}

}  // namespace linebridge
