#include "cutter.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace linebridge::sim::ocs {
namespace {

constexpr std::string_view blank_line = "\r\n\r\n";

/// Content-Length of a head; 0 if there is none.
Result<std::size_t> body_size(std::string_view head) {
  take_until(head, '\n');
  while (!head.empty()) {
    std::string_view value = take_until(head, '\n');
    if (!same_name(trim(take_until(value, ':')), "Content-Length")) continue;
    const auto size = to_number<std::size_t>(trim(value));
    if (!size) return Error{Errc::malformed, "Content-Length is no number"};
    if (*size > Cutter::most_body) return Error{Errc::too_long, "body of " + std::to_string(*size) + " bytes"};
    return *size;
  }
  return std::size_t{0};
}

}  // namespace

Result<std::optional<Message>> Cutter::next() {
  if (searched_ == 0) taken_ = std::min(buffer_.find_first_not_of("\r\n", taken_), buffer_.size());
  const std::string_view rest = std::string_view(buffer_).substr(taken_);
  const std::size_t end = rest.find(blank_line, searched_);
  if (end == std::string::npos) {
    if (rest.size() > most_head)
      return Error{Errc::too_long, "head over " + std::to_string(most_head) + " bytes"};
    searched_ = rest.size() < blank_line.size() ? 0 : rest.size() - blank_line.size() + 1;
    return std::optional<Message>();
  }
  searched_ = end;
  const std::string_view head = rest.substr(0, end);
  const auto size = body_size(head);
  if (!size) return size.error();
  const std::size_t whole = end + blank_line.size() + size.value();
  if (rest.size() < whole) return std::optional<Message>();
  auto message = read_message(head, std::string(rest.substr(end + blank_line.size(), size.value())));
  if (!message) return message.error();
  taken_ += whole;
  searched_ = 0;
  return std::optional<Message>(std::move(message).value());
}

}  // namespace linebridge::sim::ocs
