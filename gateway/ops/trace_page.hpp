#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "trace/ring.hpp"

namespace linebridge::ops {

/// Appends `text` as a JSON string with its quotes (RFC 8259 section 7). Bytes that are not UTF-8 become
/// U+FFFD.
void append_json(std::string& out, std::string_view text);

/// Which lines of a trace.
struct TraceQuery {
  std::uint64_t after = 0;  ///< Those with a greater number, oldest first; 0: the newest.
  std::size_t most = 1000;  ///< 1 to 100000.
};

/// Reads "after=7&most=100", in any order, each optional. Errors: malformed.
Result<TraceQuery> read_trace_query(std::string_view query);

/// {"lines":[{"number","at_us","session","from","to","text","detail"}]}, oldest first. `session` is empty: who
/// shows a trace so has none.
std::string trace_page(const trace::Ring& ring, const TraceQuery& query);

}  // namespace linebridge::ops
