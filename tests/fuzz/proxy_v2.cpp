// The PROXY header: every front part of it is answered like the whole, and what was read can be written again.

#include "net/proxy_v2.hpp"

#include <variant>

#include "net/socket.hpp"
#include "tests/fuzz/target.hpp"

namespace linebridge::net::proxy_v2 {
namespace {

using Item = std::variant<NeedMore, Decoded, Error>;

/// A front part is not whole yet, or is what the whole is; nothing that was refused becomes right.
void check_front(std::string_view front, const Item& whole) {
  const Item item = decode(front);
  if (const auto* more = std::get_if<NeedMore>(&item)) {
    LINEBRIDGE_CHECK(more->bytes > 0);
    const auto* decoded = std::get_if<Decoded>(&whole);
    if (decoded) LINEBRIDGE_CHECK(front.size() + more->bytes <= decoded->length);
    return;
  }
  LINEBRIDGE_CHECK(item.index() == whole.index());
  if (const auto* error = std::get_if<Error>(&item)) {
    LINEBRIDGE_CHECK(error->code == std::get<Error>(whole).code);
    LINEBRIDGE_CHECK(!error->detail.empty());
    return;
  }
  LINEBRIDGE_CHECK(front.size() >= std::get<Decoded>(whole).length);
  LINEBRIDGE_CHECK(std::get<Decoded>(item).header == std::get<Decoded>(whole).header);
}

/// Addresses that encode() has a family for.
bool writable(const ProxyHeader& header) {
  if (header.source.is_unix() && header.destination.is_unix()) return true;
  return !ip_bytes(header.source.host).empty() && !ip_bytes(header.destination.host).empty();
}

void check_written_again(ProxyHeader header) {
  const auto item = decode(encode(header));
  const auto* again = std::get_if<Decoded>(&item);
  LINEBRIDGE_CHECK(again != nullptr);
  if (!writable(header)) header.source = header.destination = {};
  LINEBRIDGE_CHECK(again->header == header);
}

}  // namespace
}  // namespace linebridge::net::proxy_v2

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace linebridge;
  namespace proxy = net::proxy_v2;
  const std::string_view bytes = fuzz::text_of(data, size);
  const proxy::Item whole = proxy::decode(bytes);
  const std::size_t step = bytes.size() / 256 + 1;
  for (std::size_t cut = 0; cut < bytes.size(); cut += step)
    proxy::check_front(bytes.substr(0, cut), whole);
  if (const auto* decoded = std::get_if<proxy::Decoded>(&whole)) {
    LINEBRIDGE_CHECK(decoded->length <= bytes.size() && decoded->length <= proxy::most_bytes);
    proxy::check_front(bytes.substr(0, decoded->length - 1), whole);
    proxy::check_front(bytes.substr(0, decoded->length), whole);
    proxy::check_written_again(decoded->header);
  }
  return 0;
}
