#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace linebridge::sip {

/// The headers that decide something here; every other one is `other`.
enum class HeaderId : std::uint8_t {
  other,
  via,
  from,
  to,
  call_id,
  cseq,
  contact,
  max_forwards,
  route,
  record_route,
  require,
  expires,
  session_expires,
  min_se,
  content_length,
  content_type,
  content_encoding,
  content_disposition,
  count_
};

/// A header line as it stands, name in any case or short form, value trimmed (folding kept).
struct HeaderLine {
  std::string_view name;
  std::string_view value;
  HeaderId id = HeaderId::other;  ///< Filled in by HeadView.
};

/// Takes the next header line, folded ones whole, off the front of `rest`; false at the blank line. A line
/// without a colon has an empty name.
bool take_header_line(std::string_view& rest, HeaderLine& line);

/// A message head without a parser: its lines, by name, byte for byte. Views into the head; no allocation but
/// the vector of lines, which is reused. Knows the short forms of RFC 3261 section 7.3.3 and RFC 4028 (`x`).
class HeadView {
public:
  /// Splits a head as Framer hands it out. It reads what it can: after an error the lines are there still, for
  /// an answer; only what is no SIP leaves nothing. A request of another version is no error.
  /// Errors: malformed (no start line of SIP, a status outside of 100 to 699, a line without a name).
  Status read(std::string_view head);

  bool is_response() const { return response_; }
  /// Whether it can be answered: a request other than ACK with a Via (RFC 3261 section 8.2.6). The answer lacks
  /// what the request does.
  bool answerable() const;
  std::string_view method() const { return method_; }    ///< Of a request; of a response that in CSeq.
  std::string_view request_uri() const { return uri_; }  ///< Of a request.
  int status() const { return status_; }                 ///< Of a response.
  std::string_view reason() const { return uri_; }       ///< Of a response.
  std::string_view version() const {
    return version_;
  }  ///< "SIP/2.0", in any case; empty if read() found no SIP.
  std::string_view start_line() const { return start_; }

  /// The value of the first header of this (long) name, if there is one.
  std::optional<std::string_view> first(std::string_view name) const;
  std::size_t count(std::string_view name) const;
  const std::vector<HeaderLine>& lines() const { return lines_; }
  static bool same_name(std::string_view header, std::string_view long_name);
  static HeaderId id_of(std::string_view header);  ///< Of a name in any case or form.

  std::string_view call_id() const;   ///< Empty if absent.
  std::string_view from_tag() const;  ///< Empty if absent.
  std::string_view to_tag() const;    ///< Empty if absent.
  std::optional<std::uint32_t> cseq_number() const;
  std::string_view top_via_branch() const;  ///< Parameter of the first value of the first Via; empty if absent.
  std::string_view top_via_sent_by() const;

private:
  Status read_start_line();
  std::string_view first_or_empty(HeaderId id) const;
  std::string_view top_via() const;

  std::vector<HeaderLine> lines_;
  std::string_view start_, method_, uri_, version_;
  int status_ = 0;
  bool response_ = false;
};

/// The value of a header parameter (`;name=value`, outside <> and quotes), without quotes; nothing if it is
/// absent.
std::optional<std::string_view> header_parameter(std::string_view value, std::string_view name);

/// The URI inside `<>` of a name-addr, or the whole value up to `;` of an addr-spec.
std::string_view uri_of(std::string_view name_addr);

/// The first value of a comma-separated list, not cut inside <> or quotes; `rest` becomes what follows the
/// comma.
std::string_view take_value(std::string_view& rest);

}  // namespace linebridge::sip
