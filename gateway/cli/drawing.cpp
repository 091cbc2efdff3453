#include "cli/drawing.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/text.hpp"
#include "cli/joiner.hpp"
#include "cli/time_text.hpp"

namespace linebridge::cli {
namespace {

constexpr std::array<std::string_view, 5> names = {"client", "front", "node", "CTI", "phone"};
constexpr std::size_t front = 1, cti = 3;
constexpr std::size_t margin = 3;  ///< Beside the outer lanes, for half of their names.
constexpr std::size_t clock_width = 12, seconds_width = 8;
constexpr std::string_view dim = "2", red = "31", bold = "1";
constexpr std::array<std::string_view, 5> palette = {"36", "33", "32", "35", "34"};

/// Nothing for who has no lane.
std::optional<std::size_t> lane_of(std::string_view who) {
  if (who.starts_with("cti")) return cti;
  const auto found = std::find(names.begin(), names.end(), who);
  if (found == names.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names.begin());
}

bool failed(std::string_view text) {
  return (!text.empty() && text.front() >= '3' && text.front() <= '6') || text == "link lost" ||
         text == "refused" || text.find("CSTAErrorCode") != std::string_view::npos;
}

std::string cut(std::string text, std::size_t room) {
  if (text.size() <= room) return text;
  text.resize(room);
  if (room > 2) text.replace(room - 2, 2, "..");
  return text;
}

/// "200 INFO MakeCallResponse" of "200 OK (INFO) MakeCallResponse".
std::string shorter(const std::string& text) {
  const std::size_t close = text.find(')');
  if (close == std::string::npos || text.find('(') > close || text.front() < '1' || text.front() > '6')
    return text;
  return kind_of(text) + text.substr(close + 1);
}

std::string id_of(const view::Passed& passed) {
  const std::string user = passed.user.substr(0, passed.user.find('@'));
  const std::string& first = passed.session.empty() ? passed.line : passed.session;
  return printable(first) + (first.empty() || user.empty() ? "" : " ") + printable(user);
}

}  // namespace

/// What lanes and arrows are made of.
struct Drawing::Signs {
  std::string_view lane, dash, through, from_left, from_right, right, left, itself, rule;
};

Drawing::Drawing(Style style) : style_(style) {
  constexpr std::size_t wide = 116, middling = 96;
  if (style_.width == 0 || style_.width >= wide) return;
  apart_ = style_.width >= middling ? 6 : 4;
  id_width_ = style_.width >= middling ? 12 : 11;
}

std::size_t Drawing::lane_at(std::size_t lane) const {
  return margin + lane * apart_;
}

std::size_t Drawing::before_words() const {
  return (style_.relative ? seconds_width : clock_width) + 1 + id_width_ + 1 + lane_at(names.size() - 1) +
         margin + 1;
}

std::string Drawing::painted(std::string_view colour, std::string text) const {
  if (!style_.colour || colour.empty() || text.empty()) return text;
  return "\033[" + std::string(colour) + "m" + text + "\033[0m";
}

std::string Drawing::head() const {
  const std::size_t time_width = style_.relative ? seconds_width : clock_width;
  std::string first = style_.relative ? "SECONDS" : "TIME (UTC)";
  first.resize(time_width, ' ');
  first += " SESSION";
  first.resize(time_width + 1 + id_width_ + 1, ' ');
  const std::size_t lanes = first.size();
  std::string second(lanes, ' ');
  // Names that do not fit beside each other take turns on two lines.
  const bool two = apart_ < names[0].size();
  for (std::size_t lane = 0; lane < names.size(); ++lane) {
    std::string& line = two && lane % 2 == 1 ? second : first;
    line.resize(lanes + lane_at(lane) - names[lane].size() / 2, ' ');
    line += names[lane];
  }
  first.resize(before_words(), ' ');
  first += "MESSAGE";
  return painted(bold, first) + "\n" + (two ? painted(bold, second) + "\n" : "");
}

std::string Drawing::time(std::int64_t at_us) {
  if (!first_us_) first_us_ = at_us;
  if (!style_.relative) return time_text(at_us).substr(11, clock_width);
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%8.3f", static_cast<double>(at_us - *first_us_) / 1e6);
  return text.data();
}

std::string_view Drawing::colour_of(const std::string& id) {
  if (id.empty()) return {};
  constexpr std::size_t most = 1000;
  if (ids_.size() == most) ids_.clear();
  return palette[ids_.emplace(id, ids_.size()).first->second % palette.size()];
}

std::string Drawing::lanes(const view::Passed& passed, std::string_view colour) const {
  static constexpr Signs lines = {"│", "─", "┼", "├", "┤", "▶", "◀", "●", "──"};
  static constexpr Signs ascii = {"|", "-", "+", "|", "|", ">", "<", "*", "--"};
  const Signs& signs = style_.unicode ? lines : ascii;
  const auto from = lane_of(passed.from), to = lane_of(passed.to);
  std::vector<std::string> cells(lane_at(names.size() - 1) + margin, " ");
  for (std::size_t lane = 0; lane < names.size(); ++lane)
    cells[lane_at(lane)] = painted(dim, std::string(signs.lane));
  const auto put = [&](std::size_t at, std::string_view sign) {
    cells[at] = painted(colour, std::string(sign));
  };
  if (from && to && *from == *to) put(lane_at(*from), signs.itself);
  if (from && to && *from != *to) {
    const std::size_t begin = std::min(lane_at(*from), lane_at(*to)),
                      end = std::max(lane_at(*from), lane_at(*to));
    for (std::size_t at = begin + 1; at < end; ++at)
      put(at, signs.dash);
    const bool front_saw = passed.seen.find("front") != std::string::npos;
    if (front_saw && begin < lane_at(front) && lane_at(front) < end) put(lane_at(front), signs.through);
    const bool right = *from < *to;
    put(lane_at(*from), right ? signs.from_left : signs.from_right);
    put(right ? end - 1 : begin + 1, right ? signs.right : signs.left);
  }
  // Which CTI Manager.
  for (const std::string& who : {passed.from, passed.to})
    if (who.size() == 4 && who.starts_with("cti")) put(lane_at(cti), who.substr(3));
  std::string out;
  for (const std::string& cell : cells)
    out += cell;
  return out;
}

std::string Drawing::words(const view::Passed& passed, std::size_t room) const {
  std::string text = printable(passed.text);
  if (apart_ < 6) text = shorter(text);
  if (!lane_of(passed.from) || !lane_of(passed.to))
    text = printable(passed.from) + " -> " + printable(passed.to) + " " + text;
  std::string detail = printable(passed.detail);
  if (style_.width > 0) {
    text = cut(text, room);
    detail = room > text.size() + 4 ? cut(detail, room - text.size() - 2) : std::string();
  }
  const bool bad = failed(passed.text);
  return painted(bad ? red : std::string_view(), text) + (detail.empty() ? "" : "  " + painted(dim, detail));
}

std::string Drawing::line(const view::Passed& passed) {
  std::string out;
  const std::string date = time_text(passed.at_us).substr(0, 10);
  if (!style_.relative && date_ != date) {
    if (!date_.empty()) out += painted(dim, date) + "\n";
    date_ = date;
  }
  out += painted(dim, time(passed.at_us)) + " ";
  if (passed.from.empty() && passed.to.empty()) {
    const std::size_t used = (style_.relative ? seconds_width : clock_width) + 1;
    const std::string text = std::string(style_.unicode ? "──" : "--") + " " + printable(passed.text);
    const std::size_t room = style_.width > used ? style_.width - used : 1;
    // A sign outside ASCII is more bytes than columns.
    return out +
           painted(bold, style_.width == 0 || text.size() <= room || style_.unicode ? text : cut(text, room)) +
           "\n";
  }
  std::string id = cut(id_of(passed), id_width_);
  const std::string_view colour = colour_of(id);
  id.resize(id_width_, ' ');
  const std::size_t room = style_.width > before_words() ? style_.width - before_words() : 1;
  return out + painted(colour, id) + " " + lanes(passed, colour) + " " + words(passed, room) + "\n";
}

}  // namespace linebridge::cli
