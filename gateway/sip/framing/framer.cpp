#include "sip/framing/framer.hpp"

#include <cstring>

#include "base/text.hpp"
#include "sip/framing/head_view.hpp"

namespace linebridge::sip {
namespace {

/// The one usable Content-Length of a head (RFC 3261 sections 18.3 and 20.14); equal repeats are one.
Result<std::size_t> content_length(std::string_view head) {
  std::optional<std::size_t> length;
  head.remove_prefix(head.find('\n') + 1);
  for (HeaderLine line; take_header_line(head, line);) {
    if (!HeadView::same_name(line.name, "Content-Length")) continue;
    const auto value = to_number<std::size_t>(line.value);
    if (!value) return Error{Errc::malformed, "Content-Length is no number: " + printable(line.value, 40)};
    if (length && *length != *value) return Error{Errc::malformed, "two different Content-Length"};
    length = value;
  }
  if (!length) return Error{Errc::malformed, "no Content-Length"};
  return *length;
}

}  // namespace

void Framer::push(std::string_view bytes) {
  buffer_.erase(0, taken_);
  taken_ = 0;
  buffer_.append(bytes);
}

Framer::Item Framer::next() {
  if (!head_size_) {
    if (searched_ == 0) {
      if (auto item = skip_keep_alive()) return *item;
    }
    if (auto error = scan_head()) return *error;
    if (!head_size_) return NeedMore{};
  }
  const std::size_t size = *head_size_ + body_size_;
  if (buffer_.size() - taken_ < size) return NeedMore{};
  const std::string_view all = std::string_view(buffer_).substr(taken_, size);
  const Message message{all.substr(0, *head_size_), all.substr(*head_size_)};
  taken_ += size;
  head_size_.reset();
  searched_ = lines_ = line_start_ = 0;
  return message;
}

std::optional<Framer::Item> Framer::skip_keep_alive() {
  for (;;) {
    const std::string_view rest = std::string_view(buffer_).substr(taken_);
    if (rest.empty()) return NeedMore{};
    if (rest.front() != '\r') return std::nullopt;  // A message; a lone LF fails as its first line.
    if (rest.size() < 2) return NeedMore{};
    if (rest[1] != '\n') return Error{Errc::malformed, "a bare CR between messages"};
    if (rest.size() < 3) return NeedMore{};
    examined_ += 4;
    if (rest[2] != '\r') {
      taken_ += 2;
      continue;
    }
    if (rest.size() < 4) return NeedMore{};
    if (rest[3] != '\n') return Error{Errc::malformed, "a bare CR between messages"};
    taken_ += 4;
    return Ping{};
  }
}

std::optional<Error> Framer::scan_head() {
  const std::string_view rest = std::string_view(buffer_).substr(taken_);
  while (!head_size_) {
    const std::size_t end = rest.find('\n', searched_);
    examined_ += (end == std::string_view::npos ? rest.size() : end + 1) - searched_;
    searched_ = end == std::string_view::npos ? rest.size() : end + 1;
    if (searched_ > limits_.head_bytes) return Error{Errc::too_long, "head over its limit of bytes"};
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view line = rest.substr(line_start_, end - line_start_);
    if (line.empty() || line.back() != '\r' || line.find('\r') != line.size() - 1)
      return Error{Errc::malformed, "a line that does not end in CRLF"};
    if (line.find('\0') != std::string_view::npos) return Error{Errc::malformed, "a NUL in the head"};
    line_start_ = searched_;
    if (line.size() == 1) {
      head_size_ = searched_;
    } else if (++lines_ > limits_.head_lines + 1) {
      return Error{Errc::too_long, "head over its limit of lines"};
    }
  }
  const std::string_view head = rest.substr(0, *head_size_);
  const auto length = content_length(head);
  if (!length || length.value() > limits_.body_bytes) {
    failed_head_ = head;
    if (!length) return length.error();
    return Error{Errc::too_long, "body over its limit of bytes"};
  }
  body_size_ = length.value();
  return std::nullopt;
}

}  // namespace linebridge::sip
