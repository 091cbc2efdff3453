#include "cti/qbe/describe.hpp"

#include <algorithm>
#include <array>

#include "cti/qbe/claims.hpp"
#include "cti/qbe/fields_said.hpp"
#include "cti/qbe/messages.hpp"
#include "cti/qbe/names.hpp"
#include "cti/qbe/wire.hpp"

namespace linebridge::cti::qbe {
namespace {

constexpr std::array<std::uint32_t, 2> known_versions = {0x00100000, 0x00110000};

void check_header(std::string_view frame, Description& out) {
  const auto differs = [&](std::size_t at, std::uint32_t wanted, std::string_view what) {
    const std::uint32_t word = load32(frame, at);
    if (word != wanted)
      out.mismatches.push_back(std::string(what) + " is " + std::to_string(word) + ", not " +
                               std::to_string(wanted));
  };
  differs(header::length, out.size - header::prefix_bytes, "the length in front");
  differs(header::header_size, header::bytes, "the size of the header");
  if (load32(frame, header::magic) != header::magic_value)
    out.mismatches.emplace_back("the magic number is wrong");
  if (std::find(known_versions.begin(), known_versions.end(), out.version) == known_versions.end())
    out.notes.emplace_back("a protocol version whose fields were not seen");
  if (load32(frame, 4) != 0) out.notes.emplace_back("the reserved word is not 0");
  if (frame.size() < out.size)
    out.mismatches.push_back(std::to_string(out.size - frame.size()) + " bytes are missing at the end");
}

/// The number by which requests find their answers.
void find_seq(std::string_view frame, const Layout& layout, Description& out) {
  const std::uint32_t fixed_at = load32(frame, header::header_size);
  for (const auto& field : layout.fields) {
    if (field.name != "seq" && field.name != "request_id") continue;
    const std::uint64_t at = std::uint64_t{fixed_at} + field.offset;
    if (field.type != Type::number || field.offset + 4 > out.fixed_size || at + 4 > frame.size()) continue;
    out.has_seq = true;
    out.seq = load32(frame, at);
    return;
  }
}

void describe_fields(std::string_view frame, const Layout& layout, Description& out) {
  out.known_fields = true;
  FieldReader reader(frame, part_of(out.name) == Part::request, out);
  out.fields = reader.message(layout);
  find_seq(frame, layout, out);
}

}  // namespace

Part part_of(std::string_view name) {
  if (name.ends_with("Request")) return Part::request;
  return name.ends_with("Response") ? Part::response : Part::event;
}

Description describe(std::string_view frame) {
  Description out;
  out.id = load32(frame, header::id);
  out.name = name_of(out.id);
  out.version = load32(frame, header::version);
  out.fixed_size = load32(frame, header::fixed_size);
  out.variable_size = load32(frame, header::var_size);
  out.size = load32(frame, header::header_size) + out.fixed_size + out.variable_size;
  check_header(frame, out);
  if (const Layout* const layout = messages::find(out.id))
    describe_fields(frame, *layout, out);
  else if (out.name.empty())
    out.mismatches.emplace_back("an unknown id");
  else
    out.notes.emplace_back("a message whose fields are not known");
  return out;
}

}  // namespace linebridge::cti::qbe
