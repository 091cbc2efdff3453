#include "cti/qbe/check.hpp"

#include <cstdint>
#include <string>

#include "cti/qbe/view.hpp"
#include "cti/qbe/wire.hpp"

namespace linebridge::cti::qbe {
namespace {

/// Walks the slots of one frame.
class Check {
public:
  explicit Check(const Frame& frame)
      : frame_(frame), steps_left_(frame.bytes.size() + 1024), bytes_left_(4 * frame.bytes.size() + 4096) {}

  Status part(const Layout& layout, std::uint64_t at, std::uint64_t size, unsigned depth) {
    if (depth > View::most_depth) return Error{Errc::too_long, "elements nested too deep"};
    for (std::uint32_t i = 0; i < layout.fields.size(); ++i) {
      const Slot slot = layout.at(i);
      if (slot.offset + slot_size(slot.type) > size) break;
      if (!spend(1)) return Error{Errc::too_long, "more fields than the frame can hold"};
      if (auto status = one(slot, at + slot.offset, depth); !status) {
        Error error = status.error();
        if (error.detail.empty())
          error.detail = std::string(layout.name) + "." + std::string(layout.fields[i].name);
        return error;
      }
    }
    return Done{};
  }

private:
  std::uint64_t word(std::uint64_t at, unsigned index) const { return load32(frame_.bytes, at + 4 * index); }

  /// A range of bytes may only lie behind the fixed part. An empty one has no place.
  bool inside(std::uint64_t offset, std::uint64_t bytes) const {
    return bytes == 0 || (offset >= frame_.variable_at() && offset + bytes <= frame_.bytes.size());
  }
  /// The data of a field. Fields may share it, but not so that reading them all costs many times the frame.
  Status data(std::uint64_t offset, std::uint64_t bytes) {
    if (!inside(offset, bytes)) return Error{Errc::malformed, {}};
    if (bytes > bytes_left_) return Error{Errc::too_long, {}};
    bytes_left_ -= bytes;
    return Done{};
  }
  /// What overlaps could be looked at again and again: there is a budget.
  bool spend(std::uint64_t steps) {
    if (steps > steps_left_) return false;
    steps_left_ -= steps;
    return true;
  }
  static bool flag_word(std::uint64_t value) { return value == 0 || value == 1 || value == 0xFFFFFFFF; }

  Status one(Slot slot, std::uint64_t at, unsigned depth) {
    switch (slot.type) {
      case Type::number:
      case Type::handle: return Done{};
      case Type::flag: return flag_word(word(at, 0)) ? Status(Done{}) : Status(Error{Errc::malformed, {}});
      case Type::text:
      case Type::bytes: return data(word(at, 0), word(at, 1));
      case Type::unicode: return items(at, 2);
      case Type::numbers: return items(at, 4);
      case Type::handles: return items(at, 8);
      case Type::flags: return flags(at);
      case Type::texts:
      case Type::blobs: return pieces(at);
      case Type::element: return element(*slot.inner, at, depth);
      case Type::elements: return elements(*slot.inner, at, depth);
    }
    return Error{Errc::malformed, {}};
  }

  /// offset, bytes, count, size of one. More bytes than the items need are allowed, fewer are not.
  Status items(std::uint64_t at, std::uint64_t size) {
    const std::uint64_t bytes = word(at, 1), count = word(at, 2);
    if (bytes == 0 || count == 0) return data(word(at, 0), bytes);
    if (word(at, 3) != size || count * size > bytes) return Error{Errc::malformed, {}};
    return data(word(at, 0), bytes);
  }

  Status flags(std::uint64_t at) {
    const std::uint64_t offset = word(at, 0), bytes = word(at, 1), count = word(at, 2);
    if (count * 4 > bytes || !inside(offset, bytes) || !spend(count)) return Error{Errc::malformed, {}};
    for (std::uint64_t i = 0; i < count; ++i)
      if (!flag_word(load32(frame_.bytes, offset + 4 * i))) return Error{Errc::malformed, {}};
    return Done{};
  }

  Status pieces(std::uint64_t at) {
    const std::uint64_t offset = word(at, 0), bytes = word(at, 1), count = word(at, 2);
    if (count * 8 > bytes || !inside(offset, bytes) || !spend(count)) return Error{Errc::malformed, {}};
    for (std::uint64_t i = 0; i < count; ++i)
      if (auto status = data(load32(frame_.bytes, offset + 8 * i), load32(frame_.bytes, offset + 8 * i + 4));
          !status)
        return status;
    return Done{};
  }

  Status element(const Layout& inner, std::uint64_t at, unsigned depth) {
    const std::uint64_t offset = word(at, 0), bytes = word(at, 1), fixed = word(at, 2);
    if (bytes == 0) return Done{};
    if (fixed > bytes || !inside(offset, bytes)) return Error{Errc::malformed, {}};
    return part(inner, offset, fixed, depth + 1);
  }

  Status elements(const Layout& inner, std::uint64_t at, unsigned depth) {
    const std::uint64_t offset = word(at, 0), bytes = word(at, 1), count = word(at, 2), fixed = word(at, 3);
    if (count == 0) return data(offset, bytes);
    if (fixed == 0 || count * fixed > bytes || !inside(offset, bytes) || !spend(count))
      return Error{Errc::malformed, {}};
    for (std::uint64_t i = 0; i < count; ++i)
      if (auto status = part(inner, offset + i * fixed, fixed, depth + 1); !status) return status;
    return Done{};
  }

  const Frame& frame_;
  std::uint64_t steps_left_;
  std::uint64_t bytes_left_;
};

}  // namespace

Status check_slots(const Frame& frame, const Layout& layout) {
  return Check(frame).part(layout, frame.fixed_at, frame.fixed_size, 0);
}

}  // namespace linebridge::cti::qbe
