#include "cli/hex_reader.hpp"

#include <algorithm>
#include <optional>

#include "base/text.hpp"

namespace linebridge::cli {
namespace {

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

std::size_t digits_in(std::string_view text) {
  std::size_t count = 0;
  while (count < text.size() && digit(text[count]) >= 0)
    ++count;
  return count;
}

struct DumpLine {
  std::uint64_t offset = 0;
  std::string_view rest;  ///< Behind the offset.
  bool colon = false;     ///< As xxd writes it: groups of any length, two blanks before the characters.
};

/// The line of a dump: four digits or more, then a colon or two blanks.
std::optional<DumpLine> dump_line(std::string_view text) {
  while (!text.empty() && blank(text.front()))
    text.remove_prefix(1);
  const std::size_t digits = digits_in(text);
  if (digits < 4 || digits > 16) return std::nullopt;
  const auto offset = to_number<std::uint64_t>(text.substr(0, digits), 16);
  if (!offset) return std::nullopt;
  const auto rest = text.substr(digits);
  if (rest.starts_with(":")) return DumpLine{*offset, rest.substr(1), true};
  if (rest.starts_with("  ")) return DumpLine{*offset, rest, false};
  return std::nullopt;
}

/// The bytes of a dump's line, up to where its characters begin.
std::string bytes_of(const DumpLine& line) {
  const std::size_t end_of_hex = line.colon ? 2 : 3;  // As many blanks end the hex.
  std::string out;
  std::string_view rest = line.rest;
  std::size_t blanks = 0;
  while (!rest.empty()) {
    if (blank(rest.front())) {
      if (++blanks >= end_of_hex && !out.empty()) break;
      rest.remove_prefix(1);
      continue;
    }
    blanks = 0;
    const std::size_t digits = digits_in(rest);
    const bool ends = digits == rest.size() || blank(rest[digits]);
    if (digits == 0 || digits % 2 != 0 || !ends || (!line.colon && digits != 2)) break;
    for (std::size_t i = 0; i < digits; i += 2)
      out.push_back(static_cast<char>(digit(rest[i]) * 16 + digit(rest[i + 1])));
    rest.remove_prefix(digits);
    if (!line.colon && out.size() == 16) break;
  }
  return out;
}

}  // namespace

Status HexReader::feed(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::size_t take = std::min({end, text.size(), most_line - line_.size()});
    line_.append(text.substr(0, take));
    text.remove_prefix(take);
    const bool ended = !text.empty() && text.front() == '\n';
    if (!ended && line_.size() < most_line) return Done{};
    if (auto status = line(line_); !status) return status;
    line_.clear();
    whole_line_ = ended;
    if (!ended) continue;
    text.remove_prefix(1);
    comment_ = false;
    ++number_;
  }
  return Done{};
}

Status HexReader::finish() {
  if (auto status = line(line_); !status) return status;
  line_.clear();
  flush_dump();
  if (nibble_ >= 0) return Error{Errc::malformed, "an odd number of hex digits"};
  return Done{};
}

Status HexReader::line(std::string_view text) {
  if (comment_) return Done{};
  const auto hash = text.find('#');
  // In a dump's characters a '#' is one of them.
  if (whole_line_ && dumped(text)) return Done{};
  comment_ = hash != std::string_view::npos;
  return plain(text.substr(0, hash));
}

bool HexReader::dumped(std::string_view text) {
  if (in_dump_ && trim(text).empty()) return true;
  if (in_dump_ && trim(text) == "*") {
    repeated_ = true;
    return true;
  }
  const auto found = dump_line(text);
  if (repeated_) repeat_until(found ? found->offset : to_number<std::uint64_t>(trim(text), 16).value_or(0));
  const auto last = trim(text);  // hexdump ends with an offset alone.
  if (in_dump_ && !found && last.size() >= 7 && to_number<std::uint64_t>(last, 16) == dumped_) return true;
  if (!found || nibble_ >= 0 || (found->offset != 0 && (!in_dump_ || found->offset != dumped_))) return false;
  const std::string bytes = bytes_of(*found);
  if (bytes.empty()) return false;
  if (found->offset == 0) flush_dump();
  in_dump_ = true;
  last_line_ = bytes;
  append(bytes);
  return true;
}

/// "*" stands for lines like the one before it, up to the offset of the next.
void HexReader::repeat_until(std::uint64_t offset) {
  repeated_ = false;
  for (std::uint64_t lines = 0; dumped_ + last_line_.size() <= offset && lines < most_repeated; ++lines)
    append(last_line_);
}

void HexReader::append(std::string_view bytes) {
  dumped_ += bytes.size();
  dump_ += bytes;
  if (dump_.size() > most_dump || long_dump_) {
    long_dump_ = true;
    sink_->bytes(dump_);
    dump_.clear();
  }
}

void HexReader::flush_dump() {
  if (in_dump_ && !dump_.empty()) sink_->dump(dump_);
  dump_.clear();
  dumped_ = 0;
  in_dump_ = long_dump_ = repeated_ = false;
}

Status HexReader::plain(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (blank(c)) continue;
    const int value = digit(c);
    if (value < 0)
      return Error{Errc::malformed,
                   "line " + std::to_string(number_) + ": '" + printable({&c, 1}) + "' is no hex"};
    if (nibble_ < 0) {
      nibble_ = value;
    } else {
      out.push_back(static_cast<char>(nibble_ * 16 + value));
      nibble_ = -1;
    }
  }
  if (out.empty()) return Done{};
  flush_dump();
  sink_->bytes(out);
  return Done{};
}

}  // namespace linebridge::cli
