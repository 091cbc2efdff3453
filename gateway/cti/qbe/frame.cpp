#include "cti/qbe/frame.hpp"

#include <algorithm>
#include <limits>

#include "cti/qbe/wire.hpp"

namespace linebridge::cti::qbe {
namespace {

Frame view_of(std::string_view bytes) {
  return {.version = load32(bytes, header::version),
          .id = load32(bytes, header::id),
          .bytes = bytes,
          .fixed_at = load32(bytes, header::header_size),
          .fixed_size = load32(bytes, header::fixed_size)};
}

bool negative(std::uint32_t size) {
  return size > std::numeric_limits<std::int32_t>::max();
}

}  // namespace

std::variant<std::size_t, Error> FrameReader::measure(std::string_view head) const {
  if (load32(head, header::magic) != header::magic_value) return Error{Errc::malformed, "not a CTI/QBE frame"};
  const std::uint32_t header_size = load32(head, header::header_size);
  const std::uint32_t fixed = load32(head, header::fixed_size);
  const std::uint32_t variable = load32(head, header::var_size);
  if (negative(header_size) || negative(fixed) || negative(variable))
    return Error{Errc::malformed, "negative size in a frame's header"};
  if (header_size < header::bytes) return Error{Errc::malformed, "a frame's header is said to be too short"};
  const std::size_t size = std::size_t{header_size} + fixed + variable;
  if (size > most_) return Error{Errc::too_long, "frame of " + std::to_string(size) + " bytes"};
  return size;
}

bool FrameReader::gather(std::string_view& input, std::size_t wanted) {
  const std::size_t take = std::min(wanted - partial_.size(), input.size());
  partial_.append(input.substr(0, take));
  input.remove_prefix(take);
  return partial_.size() == wanted;
}

FrameReader::Item FrameReader::next(std::string_view& input) {
  if (handed_out_) {
    partial_.clear();
    handed_out_ = false;
  }
  if (partial_.empty() && input.size() >= header::bytes) {
    const auto size = measure(input);
    if (const auto* error = std::get_if<Error>(&size)) return *error;
    const std::size_t whole = std::get<std::size_t>(size);
    if (input.size() >= whole) {
      const Frame frame = view_of(input.substr(0, whole));
      input.remove_prefix(whole);
      return frame;
    }
  }
  if (partial_.size() < header::bytes && !gather(input, header::bytes)) return NeedMore{};
  const auto size = measure(partial_);
  if (const auto* error = std::get_if<Error>(&size)) return *error;
  if (!gather(input, std::get<std::size_t>(size))) return NeedMore{};
  handed_out_ = true;
  return view_of(partial_);
}

}  // namespace linebridge::cti::qbe
