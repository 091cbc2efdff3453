#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "cti/qbe/view.hpp"
#include "cti/qbe/wire.hpp"
#include "cti/qbe/writer.hpp"
#include "support.hpp"

/// Fills and reads whole layouts, whatever fields they have.
namespace linebridge::cti::qbe::every {

/// Servers count a NUL behind unicode, clients do not.
inline bool unicode_with_nul = false;

/// Writes something into each field that the dialect has; no two fields of a kind get the same.
inline void fill(Writer& writer, const Layout& layout, const Dialect& dialect, unsigned& count);

inline void fill_one(Writer& writer, Slot slot, const Dialect& dialect, unsigned& count) {
  const std::string word = "w" + std::to_string(++count);
  const std::array<std::uint32_t, 2> numbers = {count, 1000 + count};
  const std::array<Handle, 2> handles = {Handle{count, 1}, Handle{count, 2}};
  const std::array<bool, 2> flags = {true, false};
  const std::array<std::string_view, 2> words = {word, "second"};
  switch (slot.type) {
    case Type::number: return writer.put(slot, count);
    case Type::flag: return writer.put(slot, true);
    case Type::unicode:
      return writer.put(slot, unicode_with_nul ? std::string_view(word.c_str(), word.size() + 1) : word);
    case Type::text:
    case Type::bytes: return writer.put(slot, std::string_view(word));
    case Type::handle: return writer.put(slot, Handle{count, 7});
    case Type::numbers: return writer.put(slot, std::span<const std::uint32_t>(numbers));
    case Type::handles: return writer.put(slot, std::span<const Handle>(handles));
    case Type::flags: return writer.put(slot, std::span<const bool>(flags));
    case Type::texts:
    case Type::blobs: return writer.put(slot, std::span<const std::string_view>(words));
    case Type::element: {
      Writer inner = writer.element(slot);
      fill(inner, *slot.inner, dialect, count);
      return inner.finish();
    }
    case Type::elements: {
      auto list = writer.elements(slot, 2);
      for (int i = 0; i < 2; ++i) {
        Writer inner = list.next();
        fill(inner, *slot.inner, dialect, count);
        inner.finish();
      }
      return list.finish();
    }
  }
}

inline void fill(Writer& writer, const Layout& layout, const Dialect& dialect, unsigned& count) {
  for (std::uint32_t i = 0; i < dialect.fields(layout); ++i)
    fill_one(writer, layout.at(i), dialect, count);
}

inline std::string written(const Layout& layout, const Dialect& dialect) {
  std::string out;
  unsigned count = 0;
  Writer writer(out, dialect, layout);
  fill(writer, layout, dialect, count);
  writer.finish();
  return out;
}

/// What each field says, as text.
inline std::vector<std::string> read(const View& view, const Layout& layout);

inline std::string joined(const std::vector<std::string>& parts) {
  std::string text = "(";
  for (const auto& part : parts)
    text += part + ",";
  return text + ")";
}

inline std::string read_one(const View& view, Slot slot) {
  std::vector<std::string> parts;
  switch (slot.type) {
    case Type::number: return std::to_string(view.number(slot));
    case Type::flag: return view.flag(slot) ? "yes" : "no";
    case Type::text: return std::string(view.text(slot));
    case Type::bytes: return std::string(view.bytes(slot));
    case Type::unicode: return view.unicode(slot);
    case Type::handle:
      return std::to_string(view.handle(slot).manager) + "|" + std::to_string(view.handle(slot).number);
    case Type::element: return joined(read(view.element(slot), *slot.inner));
    case Type::numbers:
      for (const auto number : view.numbers(slot))
        parts.push_back(std::to_string(number));
      return joined(parts);
    case Type::handles:
      for (const auto handle : view.handles(slot))
        parts.push_back(std::to_string(handle.manager) + "|" + std::to_string(handle.number));
      return joined(parts);
    case Type::flags:
      for (const bool flag : view.flags(slot))
        parts.emplace_back(flag ? "yes" : "no");
      return joined(parts);
    case Type::texts:
    case Type::blobs:
      for (const auto piece : slot.type == Type::texts ? view.texts(slot) : view.blobs(slot))
        parts.emplace_back(piece);
      return joined(parts);
    case Type::elements:
      for (std::size_t i = 0; i < view.elements(slot).size(); ++i)
        parts.push_back(joined(read(view.elements(slot)[i], *slot.inner)));
      return joined(parts);
  }
  return {};
}

inline std::vector<std::string> read(const View& view, const Layout& layout) {
  std::vector<std::string> out;
  for (std::uint32_t i = 0; i < layout.fields.size(); ++i)
    out.push_back(read_one(view, layout.at(i)));
  return out;
}

/// Reads a frame; an empty answer means that it was refused.
inline std::vector<std::string> read_frame(std::string_view bytes, const Layout& layout) {
  const auto view = View::open(frame_of(bytes), layout);
  return view ? read(view.value(), layout) : std::vector<std::string>{};
}

/// Layouts made while a test runs. They live as long as this.
class Made {
public:
  /// `layout` as a later version might have it: each element in it, and it itself, with three fields more.
  const Layout& grown(const Layout& layout) {
    auto fields = std::make_unique<std::vector<Field>>(layout.fields.begin(), layout.fields.end());
    for (auto& field : *fields)
      if (field.inner != nullptr) field.inner = &grown(*field.inner);
    for (const auto type : {Type::number, Type::text, Type::unicode})
      fields->push_back({"later", type, nullptr, size_of(*fields)});
    return keep(layout.name, layout.id, std::move(fields));
  }
  /// A message that holds `element` once and in a row, with a number behind.
  const Layout& around(const Layout& element) {
    auto fields = std::make_unique<std::vector<Field>>();
    fields->push_back({"one", Type::element, &element, 0});
    fields->push_back({"many", Type::elements, &element, size_of(*fields)});
    fields->push_back({"last", Type::number, nullptr, size_of(*fields)});
    return keep("around", 9000, std::move(fields));
  }

private:
  const Layout& keep(std::string_view name, std::uint32_t id, std::unique_ptr<std::vector<Field>> fields) {
    fields_.push_back(std::move(fields));
    layouts_.push_back(std::make_unique<Layout>(Layout{name, id, *fields_.back(), size_of(*fields_.back())}));
    return *layouts_.back();
  }

  std::vector<std::unique_ptr<std::vector<Field>>> fields_;
  std::vector<std::unique_ptr<Layout>> layouts_;
};

}  // namespace linebridge::cti::qbe::every
