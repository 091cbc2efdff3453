#include "message.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace linebridge::sim::node {
namespace {

constexpr std::string_view blank_line = "\r\n\r\n";

/// A header line with the lines that continue it, taken off `rest`.
std::string_view take_header(std::string_view& rest) {
  std::size_t end = rest.find("\r\n");
  while (end != std::string_view::npos && end + 2 < rest.size() &&
         (rest[end + 2] == ' ' || rest[end + 2] == '\t'))
    end = rest.find("\r\n", end + 2);
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 2);
  return line;
}

void take(Message& message, std::string_view name, std::string_view value, std::string_view& length) {
  const auto is = [name](std::string_view whole, std::string_view compact = {}) {
    return iequals(name, whole) || (!compact.empty() && iequals(name, compact));
  };
  if (is("Via", "v"))
    message.vias.push_back(value);
  else if (is("Record-Route"))
    message.record_routes.push_back(value);
  else if (is("From", "f"))
    message.from = value;
  else if (is("To", "t"))
    message.to = value;
  else if (is("Call-ID", "i"))
    message.call_id = value;
  else if (is("CSeq"))
    message.cseq = value;
  else if (is("Contact", "m"))
    message.contact = value;
  else if (is("Content-Type", "c"))
    message.content_type = value;
  else if (is("Session-Expires", "x"))
    message.session_expires = value;
  else if (is("Supported", "k"))
    message.supported = value;
  else if (is("Content-Length", "l"))
    length = value;
}

/// Reads a head without its blank line. Value: the size of the body.
Result<std::size_t> read_head(std::string_view head, Message& message) {
  message.vias.clear();
  message.record_routes.clear();
  message.from = message.to = message.call_id = message.cseq = message.contact = message.content_type =
      message.session_expires = message.supported = {};
  message.start = take_header(head);
  std::string_view length;
  while (!head.empty()) {
    std::string_view value = take_header(head);
    const std::string_view name = trim(take_until(value, ':'));
    take(message, name, trim(value), length);
  }
  const auto size = to_number<std::size_t>(length);
  if (!size) return Error{Errc::malformed, "no usable Content-Length"};
  if (*size > Cutter::most_body) return Error{Errc::too_long, "a body of " + std::to_string(*size) + " bytes"};
  if (message.vias.empty() || message.from.empty() || message.to.empty() || message.call_id.empty() ||
      message.method().empty())
    return Error{Errc::malformed, "Via, From, To, Call-ID or CSeq is missing"};
  return *size;
}

}  // namespace

int Message::status() const {
  return is_response() ? to_number<int>(start.substr(8, 3)).value_or(0) : 0;
}

std::string_view Message::method() const {
  std::string_view value = cseq;
  take_until(value, ' ');
  return trim(value);
}

std::optional<std::string_view> parameter(std::string_view value, std::string_view name) {
  if (const auto end = value.rfind('>'); end != std::string_view::npos) value.remove_prefix(end + 1);
  take_until(value, ';');
  while (!value.empty()) {
    std::string_view content = take_until(value, ';');
    const std::string_view key = trim(take_until(content, '='));
    if (iequals(key, name)) return trim(content);
  }
  return std::nullopt;
}

std::string_view uri_in(std::string_view value) {
  const auto begin = value.find('<');
  if (begin == std::string_view::npos) return trim(value.substr(0, value.find(';')));
  return value.substr(begin + 1, value.find('>', begin) - begin - 1);
}

void Cutter::push(std::string_view bytes) {
  buffer_.erase(0, taken_);
  searched_ -= std::min(searched_, taken_);
  taken_ = 0;
  buffer_ += bytes;
}

Result<bool> Cutter::next(Message& message) {
  while (taken_ < buffer_.size() && (buffer_[taken_] == '\r' || buffer_[taken_] == '\n'))
    ++taken_;
  const std::size_t end = buffer_.find(blank_line, std::max(taken_, searched_));
  if ((end == std::string::npos ? buffer_.size() : end) - taken_ > most_head)
    return Error{Errc::too_long, "a head over " + std::to_string(most_head) + " bytes"};
  if (end == std::string::npos) {
    searched_ = std::max(taken_, buffer_.size() - std::min(buffer_.size(), blank_line.size() - 1));
    return false;
  }
  searched_ = end;
  const std::string_view whole(buffer_);
  const auto size = read_head(whole.substr(taken_, end - taken_), message);
  if (!size) return size.error();
  const std::size_t body = end + blank_line.size();
  if (whole.size() - body < size.value()) return false;
  message.body = whole.substr(body, size.value());
  taken_ = searched_ = body + size.value();
  return true;
}

}  // namespace linebridge::sim::node
