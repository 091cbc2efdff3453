#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "cti/qbe/frame.hpp"
#include "cti/qbe/layout.hpp"

namespace linebridge::cti::qbe {

class Elements;

/// A pair of numbers in one field (cch).
struct Handle {
  std::uint32_t manager = 0, number = 0;
  friend bool operator==(const Handle&, const Handle&) = default;
};

/// A message, or an element in one, that can be read by field:
/// view.number(messages::line_open_response["line_id"]).
///
/// open() has checked every slot, so reading cannot fail and copies nothing. A field behind the end of the
/// fixed part (an older sender) reads as zero, false or empty, and so does everything in an element that is
/// null. Lives as long as the frame's bytes.
class View {
public:
  static constexpr unsigned most_depth = 4;  ///< Elements in elements.

  /// Errors: malformed (an offset, length, count or flag is out of range), too_long (nested too deep, or more
  /// slots or data than the frame can honestly hold).
  static Result<View> open(const Frame& frame, const Layout& layout);

  std::uint32_t number(Slot slot) const;
  bool flag(Slot slot) const;
  /// Up to the first NUL; empty if null.
  std::string_view text(Slot slot) const;
  std::string_view bytes(Slot slot) const;
  /// As UTF-8, up to the first NUL.
  std::string unicode(Slot slot) const;
  Handle handle(Slot slot) const;
  std::vector<std::uint32_t> numbers(Slot slot) const;
  std::vector<Handle> handles(Slot slot) const;
  std::vector<bool> flags(Slot slot) const;
  std::vector<std::string_view> texts(Slot slot) const;
  std::vector<std::string_view> blobs(Slot slot) const;
  View element(Slot slot) const;
  Elements elements(Slot slot) const;
  /// Whether the sender's fixed part reaches that far.
  bool has(Slot slot) const;

private:
  friend class Elements;
  View(std::string_view frame, std::uint32_t at, std::uint32_t size) : frame_(frame), at_(at), size_(size) {}

  std::uint32_t word(Slot slot, unsigned index) const;
  std::vector<std::string_view> pieces(Slot slot) const;

  std::string_view frame_;
  std::uint32_t at_ = 0;    ///< Of the fixed part.
  std::uint32_t size_ = 0;  ///< Of the fixed part, as sent.
};

/// Elements in a row, each as long as its sender made it.
class Elements {
public:
  Elements(std::string_view frame, std::uint32_t at, std::uint32_t count, std::uint32_t stride)
      : frame_(frame), at_(at), count_(count), stride_(stride) {}
  std::size_t size() const { return count_; }
  View operator[](std::size_t index) const {
    return {frame_, at_ + static_cast<std::uint32_t>(index) * stride_, stride_};
  }

private:
  std::string_view frame_;
  std::uint32_t at_, count_, stride_;
};

}  // namespace linebridge::cti::qbe
