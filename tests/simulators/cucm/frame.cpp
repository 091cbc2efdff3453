#include "tests/simulators/cucm/frame.hpp"

namespace linebridge::sim::cucm {
namespace {

constexpr std::size_t at_length = 0, at_magic = 8, at_version = 12, at_id = 16, at_header = 20, at_fixed = 24,
                      at_variable = 28;

bool is_negative(std::uint32_t size) {
  return size > 0x7FFFFFFF;
}

}  // namespace

void FrameReader::push(std::string_view bytes) {
  buffer_.erase(0, taken_);
  taken_ = 0;
  buffer_.append(bytes);
}

FrameReader::Item FrameReader::next() {
  const std::string_view rest = std::string_view(buffer_).substr(taken_);
  if (rest.size() >= at_magic + 4 && read_u32(rest, at_magic) != frame_magic) {
    return Error{Errc::malformed, "bad magic"};
  }
  if (rest.size() < header_bytes) return NeedMore{};
  const std::uint32_t header = read_u32(rest, at_header), fixed = read_u32(rest, at_fixed),
                      variable = read_u32(rest, at_variable);
  if (is_negative(header) || is_negative(fixed) || is_negative(variable) || header < header_bytes) {
    return Error{Errc::malformed, "bad header sizes"};
  }
  const std::uint64_t total = std::uint64_t{header} + fixed + variable;
  if (total > most_bytes_) return Error{Errc::too_long, "frame of " + std::to_string(total) + " bytes"};
  if (read_u32(rest, at_length) != total - 8) return Error{Errc::malformed, "length does not match the sizes"};
  if (rest.size() < total) return NeedMore{};
  taken_ += static_cast<std::size_t>(total);
  return Frame{read_u32(rest, at_version), static_cast<std::int32_t>(read_u32(rest, at_id)), header, fixed,
               rest.substr(0, static_cast<std::size_t>(total))};
}

}  // namespace linebridge::sim::cucm
