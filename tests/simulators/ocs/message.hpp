#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

/// The simulated home server. It reads and writes SIP with code of its own, so that a fault of the gateway's
/// SIP cannot hide in it.
namespace linebridge::sim::ocs {

struct Header {
  std::string name;
  std::string value;
};

/// A whole SIP message. Header order and spelling are kept; Via, Route and Record-Route stand one value a
/// header, which RFC 3261 section 7.3.1 calls the same.
struct Message {
  std::string start;  ///< Request line or status line.
  std::vector<Header> headers;
  std::string body;

  bool is_response() const { return start.starts_with("SIP/2.0 "); }
  std::string_view method() const;  ///< Of the request line, or of CSeq in a response.
  std::string_view uri() const;     ///< Of a request.
  int status() const;               ///< Of a response.

  /// The first value of this header (long or short form, any case); empty if there is none.
  std::string_view get(std::string_view name) const;
  Header* find(std::string_view name);
  void put_first(std::string_view name, std::string value);  ///< Above all other headers.
  void add(std::string_view name, std::string value);
  bool remove_first(std::string_view name);
  void remove_all(std::string_view name);
};

/// Reads a head (start line and headers, without the blank line) and gives it the body. Errors: malformed.
Result<Message> read_message(std::string_view head, std::string body);

/// The message as bytes, with a Content-Length of its own.
std::string to_text(const Message& message);
void append_text(std::string& out, const Message& message);

/// What of a request an answer needs: its start, Via, From, To, Call-ID and CSeq.
Message skeleton(const Message& request);

/// An answer to a request: Via, From, To, Call-ID and CSeq copied, a tag put on To unless it has one.
Message answer_to(const Message& request, int status, std::string_view reason, std::string_view tag);

/// Short and long form are the same name.
bool same_name(std::string_view name, std::string_view long_name);
/// The URI of a name-addr or an addr-spec.
std::string_view uri_in(std::string_view value);
/// A header parameter outside `<>`, without quotes; nothing if it is absent.
std::optional<std::string_view> parameter(std::string_view value, std::string_view name);
/// A URI parameter; nothing if it is absent.
std::optional<std::string_view> uri_parameter(std::string_view uri, std::string_view name);
/// Where a SIP URI leads: maddr, else its host, and its port (5060 unless given). Errors: malformed.
struct HostPort {
  std::string host;
  std::uint16_t port = 5060;
  friend bool operator==(const HostPort&, const HostPort&) = default;
};
Result<HostPort> destination(std::string_view uri);

}  // namespace linebridge::sim::ocs
