#include "tests/unit/simulators/cucm/conversation.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/text.hpp"
#include "tests/unit/support/files.hpp"

namespace linebridge::sim::cucm {
namespace {

constexpr std::string_view folder = "cti/conversations";
constexpr std::string_view written_version{"\x00\x00\x10\x00", 4};
constexpr std::size_t version_at = 12, id_at = 16;
constexpr int deepest = 16;

std::optional<int> nibble(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return std::nullopt;
}

class Reader {
public:
  Reader(std::vector<Step>& steps, std::string name, int depth)
      : steps_(steps), name_(std::move(name)), depth_(depth) {}

  void read() {
    if (depth_ > deepest) fail("begins with itself");
    const std::string text = test::data(std::string(folder) + "/" + name_ + ".txt");
    std::string_view rest = text;
    while (!rest.empty()) {
      ++line_;
      const std::string_view line = trim(take_until(rest, '\n'));
      if (line.empty() || line.starts_with("#")) continue;
      nibble(line.front()) || line.front() == '.' || line.front() == '*' ? bytes(line) : word(line);
    }
    finish();
  }

private:
  [[noreturn]] void fail(const std::string& why) const {
    throw BadConversation(name_ + ".txt:" + std::to_string(line_) + ": " + why);
  }

  void add(decltype(Step::what) what) { steps_.push_back({name_ + ".txt", line_, std::move(what)}); }

  void word(std::string_view line) {
    finish();
    const std::size_t blank = line.find(' ');
    const std::string_view sign = line.substr(0, blank);
    const std::string rest(trim(blank == std::string_view::npos ? "" : line.substr(blank)));
    if (sign == ">" || sign == ">+" || sign == ">.") {
      add(Sends{begin(rest), sign == ">+", sign == ">."});
    } else if (sign == "<") {
      add(Expects{begin(rest)});
    } else if (sign == "!") {
      add(Orders{rest});
    } else if (sign == "~") {
      add(Passes{duration(rest)});
    } else if (sign == "@") {
      speaks(rest);
    } else if (sign == "x") {
      add(ExpectsEnd{});
    } else if (sign == "^") {
      add(HangsUp{});
    } else if (sign == "&") {
      Reader(steps_, rest, depth_ + 1).read();
    } else {
      fail("what is '" + std::string(sign) + "'?");
    }
  }

  WrittenFrame begin(const std::string& title) {
    open_ = true;
    return {line_, title, {}, {}, false};
  }

  WrittenFrame& frame() {
    auto& what = steps_.back().what;
    return std::holds_alternative<Sends>(what) ? std::get<Sends>(what).frame : std::get<Expects>(what).frame;
  }

  /// A frame's head must say what its title says.
  void finish() {
    if (!std::exchange(open_, false)) return;
    const WrittenFrame& done = frame();
    if (done.title.starts_with("-")) return;  // Wrong on purpose.
    std::string bytes = done.in_version(0);
    if (bytes.size() < id_at + 4) fail("the frame above has no head");
    const auto id = static_cast<std::uint8_t>(bytes[id_at]) + 256 * static_cast<std::uint8_t>(bytes[id_at + 1]);
    if (!done.title.starts_with(std::to_string(id) + " ")) fail("the frame above is a " + std::to_string(id));
  }

  void bytes(std::string_view line) {
    if (!open_) fail("bytes of no frame");
    std::string_view meanings = line;
    const std::string_view hex = trim(take_until(meanings, '#'));
    const auto words = split(hex, ' ');
    const auto says = split(meanings, ';');
    if (words.size() != says.size()) {
      fail(std::to_string(words.size()) + " stretches, " + std::to_string(says.size()) + " meanings");
    }
    for (std::size_t at = 0; at < words.size(); ++at)
      stretch(words[at], says[at]);
  }

  /// What a stretch means begins with its offset.
  void stretch(std::string_view hex, std::string_view says) {
    WrittenFrame& to = frame();
    std::string_view rest = says;
    const auto offset = to_number<std::size_t>(take_until(rest, ' '));
    if (offset != to.bytes.size())
      fail("this is byte " + std::to_string(to.bytes.size()) + ", not " + std::string(says));
    to.marks.push_back({to.bytes.size(), std::string(rest), line_});
    if (hex == "*") {
      to.any_rest = true;
      return;
    }
    if (hex.size() % 2 != 0) fail("half a byte in " + std::string(hex));
    for (std::size_t at = 0; at < hex.size(); at += 2) {
      const auto high = nibble(hex[at]), low = nibble(hex[at + 1]);
      const bool free = hex.substr(at, 2) == "..";
      if (!free && (!high || !low)) fail("no hex: " + std::string(hex));
      to.bytes.push_back(free ? WrittenFrame::any : static_cast<std::int16_t>(16 * *high + *low));
    }
  }

  Duration duration(std::string_view text) const {
    const bool milli = text.ends_with("ms");
    if (!milli && !text.ends_with("s")) fail("how long is " + std::string(text) + "?");
    const auto count = to_number<int>(text.substr(0, text.size() - (milli ? 2 : 1)));
    if (!count) fail("how long is " + std::string(text) + "?");
    return std::chrono::milliseconds(milli ? *count : 1000 * *count);
  }

  void speaks(std::string_view rest) {
    const auto number = to_number<int>(take_until(rest, ' '));
    if (!number) fail("which connection?");
    add(Speaks{*number, rest.empty() ? "cti1" : std::string(rest)});
  }

  std::vector<Step>& steps_;
  std::string name_;
  int depth_;
  int line_ = 0;
  bool open_ = false;
};

}  // namespace

const WrittenFrame::Mark& WrittenFrame::mark(std::size_t at) const {
  const auto after = std::upper_bound(marks.begin(), marks.end(), at,
                                      [](std::size_t wanted, const Mark& mark) { return wanted < mark.at; });
  return after == marks.begin() ? marks.front() : *(after - 1);
}

std::string WrittenFrame::in_version(std::uint32_t version) const {
  std::string out;
  for (const std::int16_t byte : bytes)
    out.push_back(static_cast<char>(byte == any ? 0 : byte));
  if (out.size() < version_at + 4 || std::string_view(out).substr(version_at, 4) != written_version) return out;
  for (std::size_t at = 0; at < 4; ++at)
    out[version_at + at] = static_cast<char>(version >> (8 * at));
  return out;
}

std::vector<Step> read_conversation(const std::string& name) {
  std::vector<Step> steps;
  Reader(steps, name, 0).read();
  return steps;
}

std::vector<std::string> conversation_names() {
  std::vector<std::string> names;
  for (const std::string& path : test::data_files(std::string(folder))) {
    if (!path.ends_with(".txt")) continue;
    const std::size_t slash = path.rfind('/') + 1;
    names.push_back(path.substr(slash, path.size() - slash - 4));
  }
  return names;
}

std::string compare(const WrittenFrame& wanted, std::string_view came, std::uint32_t version) {
  const std::string want = wanted.in_version(version);
  std::string out;
  int told = 0;
  constexpr int most_told = 6;
  const std::size_t end = wanted.any_rest ? want.size() : std::max(want.size(), came.size());
  for (std::size_t at = 0; at < end && told < most_told; ++at) {
    const bool there = at < came.size() && at < want.size();
    if (there && (wanted.bytes[at] == WrittenFrame::any || want[at] == came[at])) continue;
    const WrittenFrame::Mark& mark = wanted.mark(at);
    const auto next = std::find_if(wanted.marks.begin(), wanted.marks.end(),
                                   [&](const WrittenFrame::Mark& other) { return other.at > mark.at; });
    const std::size_t stop = next == wanted.marks.end() ? end : next->at;
    const std::string_view got = came.substr(std::min(mark.at, came.size()), stop - mark.at);
    out += "  byte " + std::to_string(at) + ", line " + std::to_string(mark.line) + ", wanted " + mark.says +
           ": came " + to_hex({reinterpret_cast<const std::uint8_t*>(got.data()), got.size()}) + "\n";
    ++told;
    at = std::max(at, stop - 1);
  }
  return out;
}

}  // namespace linebridge::sim::cucm
