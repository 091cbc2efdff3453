#include "cti/qbe/fields_said.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"
#include "cti/qbe/meanings.hpp"
#include "cti/qbe/messages.hpp"
#include "cti/qbe/unicode.hpp"
#include "cti/qbe/view.hpp"
#include "cti/qbe/wire.hpp"

namespace linebridge::cti::qbe {
namespace {

using Kind = Said::Kind;

constexpr std::size_t most_mismatches = 40;
constexpr std::size_t most_names = 6;
constexpr std::uint32_t most_text = 4096;  ///< Shown of one text.

constexpr std::array<std::string_view, 6> secrets = {
    "password", "encrypted_key_data", "encrypted_single_sign_on_data", "sso_ticket", "fac_code", "cmc_code"};

bool is_secret(std::string_view field) {
  return std::find(secrets.begin(), secrets.end(), field) != secrets.end();
}

std::string count_of(std::uint64_t count, std::string_view what) {
  return std::to_string(count) + " " + std::string(what) + (count == 1 ? "" : "s");
}

std::string hex(std::string_view bytes, std::size_t most) {
  const auto shown = bytes.substr(0, most);
  return to_hex({reinterpret_cast<const std::uint8_t*>(shown.data()), shown.size()}) +
         (shown.size() < bytes.size() ? "..." : "");
}

/// 8-bit text has no known character set beyond ASCII.
std::string ascii(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, most_text)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80)
      out.push_back(c);
    else
      out.append("\\x").append(to_hex({&byte, 1}));
  }
  return out;
}

/// Whether two neighbouring numbers are one handle, and what it is called then: line_call_manager_id and
/// line_id are "line".
std::string_view handle_name(const Layout& layout, std::uint32_t index) {
  const Field& first = layout.fields[index];
  if (first.type != Type::number || index + 1 >= layout.fields.size()) return {};
  if (!first.name.ends_with("call_manager_id") && !first.name.ends_with("gcm_id")) return {};
  const Field& second = layout.fields[index + 1];
  if (second.type != Type::number) return {};
  for (const std::string_view end : {"line_id", "device_id", "call_id", "call_leg_id", "gcc_id"})
    if (second.name.ends_with(end)) return second.name.substr(0, second.name.size() - 3);
  return {};
}

std::string within(const std::string& path, std::string_view field) {
  return path.empty() ? std::string(field) : path + "." + std::string(field);
}

}  // namespace

FieldReader::FieldReader(std::string_view frame, bool from_client, Description& out)
    : frame_(frame),
      from_client_(from_client),
      out_(out),
      steps_left_(frame.size() + 1024),
      bytes_left_(4 * frame.size() + 4096) {}

std::uint32_t FieldReader::word(std::uint64_t at, unsigned index) const {
  return at + 4 * index + 4 <= frame_.size() ? load32(frame_, at + 4 * index) : 0;
}

void FieldReader::wrong(const std::string& path, std::string_view what) {
  if (out_.mismatches.size() < most_mismatches)
    out_.mismatches.push_back((path.empty() ? "" : path + ": ") + std::string(what));
  else if (out_.mismatches.size() == most_mismatches)
    out_.mismatches.emplace_back("and more");
}

/// What overlaps could be read again and again: there is a budget.
bool FieldReader::spend(std::uint64_t steps, std::uint64_t bytes) {
  if (steps <= steps_left_ && bytes <= bytes_left_) {
    steps_left_ -= steps;
    bytes_left_ -= bytes;
    return true;
  }
  if (!exhausted_) wrong({}, "more fields or data than a frame of its size can honestly hold; not read on");
  exhausted_ = true;
  return false;
}

FieldReader::Data FieldReader::data(std::uint64_t offset, std::uint64_t bytes, const std::string& path) {
  if (bytes == 0) return {};
  if (offset < variable_at_ || offset > frame_.size()) {
    wrong(path, "points " +
                    std::string(offset > frame_.size() ? "behind the frame" : "before the variable part") +
                    ": offset " + std::to_string(offset) + ", " + count_of(bytes, "byte"));
    return {};
  }
  if (offset + bytes > frame_.size()) {
    wrong(path, "ends " + count_of(offset + bytes - frame_.size(), "byte") + " behind the frame");
    bytes = frame_.size() - offset;
  }
  if (!spend(0, bytes)) return {};
  claims_.add(offset, bytes, path);
  reached_ = std::max(reached_, offset + bytes);
  return {offset, bytes};
}

std::vector<Said> FieldReader::message(const Layout& layout) {
  const std::uint64_t fixed_at = load32(frame_, header::header_size);
  variable_at_ = std::min<std::uint64_t>(fixed_at + out_.fixed_size, frame_.size());
  hide_ = layout.id == messages::provider_open_request.id;
  if (fixed_at > frame_.size()) return {};
  auto fields =
      part(layout, fixed_at, std::min<std::uint64_t>(out_.fixed_size, frame_.size() - fixed_at), {}, 0);
  report_claims();
  return fields;
}

void FieldReader::report_claims() {
  if (exhausted_) return;
  claims_.settle(variable_at_, frame_.size());
  for (const auto& overlap : claims_.overlaps())
    wrong(overlap.second, "shares " + count_of(overlap.bytes, "byte") + " with " + overlap.first);
  for (const auto& gap : claims_.gaps()) {
    const std::string what = count_of(gap.bytes, "byte") + " of the variable part at offset " +
                             std::to_string(gap.at) + " that no known field points to";
    if (grown_)
      out_.notes.push_back(what);
    else
      wrong({}, what);
    if (out_.notes.size() > most_mismatches) return;
  }
}

std::vector<Said> FieldReader::part(const Layout& layout, std::uint64_t at, std::uint64_t size,
                                    const std::string& path, unsigned depth) {
  std::vector<Said> out;
  if (depth > View::most_depth) {
    wrong(path, "elements nested too deep");
    return out;
  }
  compare(layout, at, size, path);
  for (std::uint32_t i = 0; i < layout.fields.size(); ++i) {
    const Field& field = layout.fields[i];
    if (field.offset + slot_size(field.type) > size || !spend(1, 0)) break;
    const auto pair = handle_name(layout, i);
    if (!pair.empty() && layout.at(i + 1).offset + 4 <= size) {
      out.push_back(
          {std::string(pair), Kind::handle, word(at + field.offset, 0), word(at + field.offset, 1), {}, {}});
      ++i;
      continue;
    }
    out.push_back(one(layout, i, at + field.offset, within(path, field.name), depth));
    out.back().name = field.name;
  }
  return out;
}

/// The size of a fixed part as it came, against the one that is known.
void FieldReader::compare(const Layout& layout, std::uint64_t at, std::uint64_t size, const std::string& path) {
  if (size == layout.size) return;
  const bool filter = layout.name.ends_with("_filter");
  const std::string sizes = (filter ? "a filter of " : "a fixed part of ") + count_of(size, "byte") + ", " +
                            std::to_string(layout.size) + " are known";
  if (size > layout.size) {
    const auto extra = frame_.substr(at + layout.size, size - layout.size);
    grown_ = true;
    const std::string what =
        sizes + "; behind: " + (hide_ ? count_of(extra.size(), "byte") : hex(extra, Said::most_bytes_shown));
    // Later releases append one array to this event.
    if (layout.id == messages::call_attribute_info_event.id && extra.size() == 16)
      out_.notes.push_back(what);
    else
      wrong(path, what);
    return;
  }
  std::string names;
  std::size_t missing = 0;
  for (const auto& field : layout.fields)
    if (field.offset + slot_size(field.type) > size && ++missing <= most_names)
      names.append(missing == 1 ? "" : ", ").append(field.name);
  if (missing > most_names) names += " and " + std::to_string(missing - most_names) + " more";
  wrong(path, sizes + "; without: " + names);
}

Said FieldReader::one(const Layout& layout, std::uint32_t index, std::uint64_t at, const std::string& path,
                      unsigned depth) {
  const Field& field = layout.fields[index];
  switch (field.type) {
    case Type::number: {
      const std::uint32_t value = word(at, 0);
      return {{}, Kind::number, value, 0, meaning(layout.name, field.name, value), {}};
    }
    case Type::handle: return {{}, Kind::handle, word(at, 0), word(at, 1), {}, {}};
    case Type::flag: return flag(at, path);
    case Type::text: return text(at, path, is_secret(field.name));
    case Type::bytes: return bytes(at, path, is_secret(field.name));
    case Type::unicode: return unicode(at, path);
    case Type::numbers:
    case Type::handles: return items(layout, index, at, path);
    case Type::texts:
    case Type::blobs:
    case Type::flags: return pieces(field.type, at, path);
    case Type::element: return element(*field.inner, at, path, depth);
    case Type::elements: return elements(*field.inner, at, path, depth);
  }
  return {};
}

Said FieldReader::flag(std::uint64_t at, const std::string& path) {
  const std::uint32_t value = word(at, 0);
  if (value != 0 && value != 1 && value != 0xFFFFFFFF)
    wrong(path, "a flag that is neither 0 nor -1 nor 1 but " + std::to_string(value));
  return {{}, Kind::flag, value == 0 ? 0u : 1u, 0, {}, {}};
}

Said FieldReader::text(std::uint64_t at, const std::string& path, bool secret) {
  if (word(at, 1) == 0) return {};
  const auto all = view(data(word(at, 0), word(at, 1), path));
  const auto nul = all.find('\0');
  if (!all.empty() && nul == std::string_view::npos)
    wrong(path, "a text without its NUL");
  else if (nul + 1 < all.size())
    wrong(path, "a text with " + count_of(all.size() - nul - 1, "byte") + " behind its NUL");
  if (secret && word(at, 1) > 1) return {{}, Kind::secret, word(at, 1), 0, {}, {}};
  return {{}, Kind::text, 0, 0, ascii(all.substr(0, nul)), {}};
}

Said FieldReader::bytes(std::uint64_t at, const std::string& path, bool secret) {
  if (word(at, 1) == 0) return {};
  const auto all = view(data(word(at, 0), word(at, 1), path));
  if (secret) return {{}, Kind::secret, word(at, 1), 0, {}, {}};
  return {{}, Kind::bytes, word(at, 1), 0, std::string(all.substr(0, Said::most_bytes_shown)), {}};
}

Said FieldReader::unicode(std::uint64_t at, const std::string& path) {
  const std::uint64_t length = word(at, 1), count = word(at, 2);
  if (length == 0) {
    // The published client misreads all behind it.
    if (!from_client_) wrong(path, "null, where clients need one NUL");
    return {};
  }
  const auto all = view(data(word(at, 0), length, path));
  if (word(at, 3) != 2) wrong(path, "characters of " + count_of(word(at, 3), "byte") + " instead of 2");
  if (count * 2 != length) wrong(path, count_of(count, "character") + " in " + count_of(length, "byte"));
  const auto counted = all.substr(0, std::min<std::uint64_t>(count * 2, std::uint64_t{2} * most_text));
  const std::string full = utf8_of_utf16(counted);
  const auto nul = full.find('\0');
  // A client drops the last character of what it gets.
  if (!from_client_ && nul == std::string::npos && counted.size() == count * 2)
    wrong(path, "unicode without its NUL");
  return {{}, Kind::text, 0, 0, full.substr(0, nul), {}};
}

Said FieldReader::items(const Layout& layout, std::uint32_t index, std::uint64_t at, const std::string& path) {
  const Field& field = layout.fields[index];
  const std::uint64_t size = field.type == Type::numbers ? 4 : 8;
  const std::uint64_t length = word(at, 1), count = word(at, 2);
  Said out{{}, Kind::list, 0, 0, {}, {}};
  if (length == 0 && count == 0) return out;
  const Data all = data(word(at, 0), length, path);
  if (word(at, 3) != size) wrong(path, "items of " + count_of(word(at, 3), "byte"));
  // Clients take four times the room for numbers.
  if (length != count * size && !(field.type == Type::numbers && length == 16 * count))
    wrong(path, count_of(count, "item") + " in " + count_of(length, "byte"));
  for (std::uint64_t i = 0; i < count && (i + 1) * size <= all.bytes; ++i) {
    const std::uint32_t first = word(all.offset + i * size, 0);
    if (field.type == Type::numbers)
      out.parts.push_back({{}, Kind::number, first, 0, meaning(layout.name, field.name, first), {}});
    else
      out.parts.push_back({{}, Kind::handle, first, word(all.offset + i * size, 1), {}, {}});
  }
  return out;
}

/// Arrays of texts, byte strings and flags: no message that is known has one.
Said FieldReader::pieces(Type type, std::uint64_t at, const std::string& path) {
  const std::uint64_t count = word(at, 2), size = type == Type::flags ? 4 : 8;
  Said out{{}, Kind::list, 0, 0, {}, {}};
  if (count == 0) return out;
  const auto total = std::min<std::uint64_t>(word(at, 1), type == Type::flags ? word(at, 1) : count * 8);
  const Data table = data(word(at, 0), total, path);
  if (count * size > table.bytes) wrong(path, count_of(count, "item") + " in " + count_of(word(at, 1), "byte"));
  for (std::uint64_t i = 0; i < count && (i + 1) * size <= table.bytes && spend(1, 0); ++i) {
    const std::uint64_t place = table.offset + i * size;
    const std::string item = path + "[" + std::to_string(i) + "]";
    out.parts.push_back(type == Type::flags   ? flag(place, item)
                        : type == Type::texts ? text(place, item, false)
                                              : bytes(place, item, false));
  }
  return out;
}

/// An element says how long it is with its data, which stands right behind its fixed part.
void FieldReader::check_total(std::uint64_t offset, std::uint64_t total, const std::string& path) {
  if (exhausted_ || (grown_ && reached_ < offset + total)) return;
  if (reached_ != offset + total)
    wrong(path,
          count_of(total, "byte") + " in all, but its fields reach to " + std::to_string(reached_ - offset));
}

Said FieldReader::element(const Layout& inner, std::uint64_t at, const std::string& path, unsigned depth) {
  const std::uint64_t total = word(at, 1);
  std::uint64_t fixed = word(at, 2);
  if (total == 0) return {};
  if (fixed > total) {
    wrong(path, "a fixed part of " + count_of(fixed, "byte") + " in an element of " + std::to_string(total));
    fixed = total;
  }
  const std::uint64_t before = std::exchange(reached_, word(at, 0));
  const Data own = data(word(at, 0), fixed, path);
  Said out{{}, Kind::element, 0, 0, {}, {}};
  if (own.bytes != 0 || fixed == 0) {
    out.parts = part(inner, own.offset, own.bytes, path, depth + 1);
    check_total(word(at, 0), total, path);
  }
  reached_ = std::max(before, reached_);
  return out;
}

Said FieldReader::elements(const Layout& inner, std::uint64_t at, const std::string& path, unsigned depth) {
  const std::uint64_t total = word(at, 1), count = word(at, 2), fixed = word(at, 3);
  Said out{{}, Kind::list, 0, 0, {}, {}};
  if (count == 0) {
    if (total != 0) wrong(path, count_of(total, "byte") + " for no element");
    return out;
  }
  if (fixed == 0 || count * fixed > total) {
    wrong(path,
          count_of(count, "element") + " of " + count_of(fixed, "byte") + " in " + count_of(total, "byte"));
    if (fixed == 0) return out;
  }
  const std::uint64_t before = std::exchange(reached_, word(at, 0));
  const Data all = data(word(at, 0), std::min(count * fixed, total), path);
  for (std::uint64_t i = 0; i < count && (i + 1) * fixed <= all.bytes && spend(1, 0); ++i) {
    const std::string item = path + "[" + std::to_string(i) + "]";
    out.parts.push_back(
        {{}, Kind::element, 0, 0, {}, part(inner, all.offset + i * fixed, fixed, item, depth + 1)});
  }
  if (all.bytes != 0) check_total(word(at, 0), total, path);
  reached_ = std::max(before, reached_);
  return out;
}

}  // namespace linebridge::cti::qbe
