// CTI/QBE fields: a layout, a size of its fixed part and the rest are the input's. What opens can be read by
// field to its last element, written again in either version, and reads the same; its description names nothing
// out of reach, and whatever does not open is named in it.

#include "tests/fuzz/qbe_fields.hpp"

#include <string>

#include "cti/qbe/describe.hpp"
#include "cti/qbe/frame.hpp"
#include "cti/qbe/messages.hpp"
#include "cti/qbe/wire.hpp"
#include "tests/fuzz/target.hpp"

namespace linebridge::cti::qbe {
namespace {

std::string frame_of(const Layout& layout, std::string_view body, std::uint32_t fixed) {
  std::string bytes(header::bytes, '\0');
  bytes += body;
  store32(bytes, header::length, static_cast<std::uint32_t>(bytes.size()) - header::prefix_bytes);
  store32(bytes, header::magic, header::magic_value);
  store32(bytes, header::version, 0x00110000);
  store32(bytes, header::id, layout.id);
  store32(bytes, header::header_size, header::bytes);
  store32(bytes, header::fixed_size, fixed);
  store32(bytes, header::var_size, static_cast<std::uint32_t>(body.size()) - fixed);
  return bytes;
}

View opened(const std::string& bytes, const Layout& layout) {
  std::string_view rest = bytes;
  FrameReader reader(1024 * 1024);
  const auto item = reader.next(rest);
  LINEBRIDGE_CHECK(std::holds_alternative<Frame>(item) && rest.empty());
  const auto view = View::open(std::get<Frame>(item), layout);
  LINEBRIDGE_CHECK(static_cast<bool>(view));
  return view.value();
}

std::size_t shown(const std::vector<Said>& fields) {
  std::size_t sum = 0;
  for (const auto& field : fields)
    sum += 4 + field.text.size() + shown(field.parts);
  return sum;
}

void check(const Layout& layout, const std::string& bytes) {
  const Description description = describe(bytes);
  LINEBRIDGE_CHECK(shown(description.fields) <= 40 * bytes.size() + 65536);
  LINEBRIDGE_CHECK(description.mismatches.size() <= 64);
  std::string_view rest = bytes;
  FrameReader reader(1024 * 1024);
  const auto item = reader.next(rest);
  const auto view = View::open(std::get<Frame>(item), layout);
  if (!view) {
    LINEBRIDGE_CHECK(!description.mismatches.empty());
    return;
  }
  LINEBRIDGE_CHECK(fuzzed::weight(view.value(), layout) <= 20 * bytes.size() + 8192);
  for (const std::uint32_t version : {0x00100000u, 0x00110000u}) {
    std::string written;
    fuzzed::copy_fields(view.value(), layout, Writer(written, dialect(version), layout));
    LINEBRIDGE_CHECK(fuzzed::same(view.value(), opened(written, layout), layout));
    // What we write ourselves lies one behind the other, all of it claimed.
    for (const auto& mismatch : describe(written).mismatches)
      LINEBRIDGE_CHECK(mismatch.find("shares") == std::string::npos &&
                       mismatch.find("no known field") == std::string::npos &&
                       mismatch.find("fixed part") == std::string::npos);
  }
}

}  // namespace
}  // namespace linebridge::cti::qbe

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace linebridge;
  namespace qbe = cti::qbe;
  std::string_view input = fuzz::text_of(data, size);
  const auto which = fuzz::take(input, 2);
  if (which.size() < 2) return 0;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(which[i]); };
  const auto all = qbe::messages::all();
  const qbe::Layout& layout = *all[byte(0) % all.size()];
  // As long as it is known, or some slots shorter or longer.
  const auto by = static_cast<std::int64_t>(static_cast<std::int8_t>(byte(1))) * 4;
  const auto fixed = std::clamp<std::int64_t>(static_cast<std::int64_t>(layout.size) + by, 0,
                                              static_cast<std::int64_t>(input.size()));
  qbe::check(layout, qbe::frame_of(layout, input, static_cast<std::uint32_t>(fixed)));
  return 0;
}
