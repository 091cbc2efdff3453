#pragma once

#include <concepts>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "cti/qbe/dialect.hpp"
#include "cti/qbe/layout.hpp"
#include "cti/qbe/view.hpp"

namespace linebridge::cti::qbe {

class ElementsWriter;

/// Writes one message, or one element of it, straight behind what is in `out`.
///
/// Fields are put in the order of their layout, because their data stands in that order; those passed over are
/// zero, false or null. A field that the dialect does not have is passed over silently. Call finish() once,
/// after the last field; of an element before the next field of its message.
class Writer {
public:
  Writer(std::string& out, const Dialect& dialect, const Layout& message);

  template <std::same_as<std::uint32_t> N>
  void put(Slot slot, N value) {
    put_number(slot, value);
  }
  template <std::same_as<bool> B>
  void put(Slot slot, B value) {
    put_flag(slot, value);
  }
  /// text: 8-bit with a NUL behind; bytes: as it is; unicode: UTF-8 in, UTF-16 without a NUL out.
  void put(Slot slot, std::string_view value);
  void put(Slot slot, Handle value);
  /// numbers. Four times the bytes needed are taken, as peers do that measure this.
  void put(Slot slot, std::span<const std::uint32_t> values);
  void put(Slot slot, std::span<const Handle> values);
  void put(Slot slot, std::span<const bool> values);
  void put(Slot slot, std::span<const std::string_view> values);
  /// One NUL: how unicode says "empty" to a peer that stumbles over null.
  void put_empty_unicode(Slot slot);

  Writer element(Slot slot);
  ElementsWriter elements(Slot slot, std::uint32_t count);

  void finish();

private:
  friend class ElementsWriter;
  struct Place {
    std::size_t frame;  ///< Where the frame begins in `out`.
    std::size_t fixed;  ///< Where our fixed part begins in `out`.
    std::size_t total;  ///< Where the slot is that wants our total length; none in a message.
  };
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  Writer(std::string& out, const Dialect& dialect, const Layout& layout, Place place);

  void put_number(Slot slot, std::uint32_t value);
  void put_flag(Slot slot, bool value);
  bool claim(Slot slot);
  void pass_over_until(std::uint32_t index);
  void word(Slot slot, unsigned index, std::uint32_t value);
  std::uint32_t here() const { return static_cast<std::uint32_t>(out_->size() - place_.frame); }
  void append_number(std::uint32_t value);

  std::string* out_;
  Dialect dialect_;
  const Layout* layout_;
  Place place_;
  std::uint32_t fields_;    ///< How many this dialect has.
  std::uint32_t next_ = 0;  ///< First field not yet settled.
};

/// Writes elements in a row: next() gives each in turn; finish() it before the next, finish() this at the end.
class ElementsWriter {
public:
  Writer next();
  void finish();

private:
  friend class Writer;
  ElementsWriter(Writer& owner, Slot slot, std::uint32_t count, std::uint32_t stride);

  Writer* owner_;
  Slot slot_;
  std::size_t first_;  ///< Where the first fixed part begins in the output.
  std::uint32_t stride_;
  std::uint32_t given_ = 0;
};

/// Bytes of the fixed part in a dialect.
std::uint32_t fixed_size(const Dialect& dialect, const Layout& layout);

}  // namespace linebridge::cti::qbe
