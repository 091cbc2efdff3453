#include "tests/simulators/cucm/fault.hpp"

#include <map>
#include <utility>

#include "base/text.hpp"
#include "tests/simulators/cucm/layout.hpp"
#include "tests/simulators/cucm/message_ids.hpp"
#include "tests/simulators/cucm/span_of_time.hpp"

namespace linebridge::sim::cucm {
namespace {

constexpr std::int32_t largest_id = 1000;
constexpr std::uint32_t most_added = 64 * 1024;
constexpr Duration longest_wait = std::chrono::hours(1);

Error wrong(std::string what) {
  return {Errc::malformed, std::move(what)};
}

/// Takes the words of one fault from the front on.
class FaultWords {
public:
  explicit FaultWords(std::span<const std::string> words) : words_(words) {}

  bool empty() const { return words_.empty(); }
  std::string_view peek() const { return empty() ? std::string_view{} : std::string_view(words_.front()); }
  std::string_view take() {
    const std::string_view word = peek();
    if (!empty()) words_ = words_.subspan(1);
    return word;
  }
  bool take_if(std::string_view word) {
    if (peek() != word) return false;
    take();
    return true;
  }

private:
  std::span<const std::string> words_;
};

using Read = Status (*)(FaultWords& words, Fault& fault);

Status nothing(FaultWords&, Fault&) {
  return Done{};
}

Status read_number(FaultWords& words, std::uint32_t& number, std::uint32_t most, std::string_view what) {
  const std::string_view word = words.take();
  const bool hex = istarts_with(word, "0x");
  const auto read = to_number<std::uint32_t>(hex ? word.substr(2) : word, hex ? 16 : 10);
  if (!read || *read > most) return wrong("which " + std::string(what) + "? Not '" + std::string(word) + "'");
  number = *read;
  return Done{};
}

Status read_bytes(FaultWords& words, Fault& fault) {
  const Status read = read_number(words, fault.number, most_added, "number of bytes");
  return read && fault.number == 0 ? Status(wrong("at least one byte")) : read;
}

Status read_time(FaultWords& words, Fault& fault) {
  const std::string_view word = words.take();
  const auto time = to_duration(word);
  if (!time || *time == Duration::zero() || *time > longest_wait) {
    return wrong("a time like 200ms or 1.5s, up to an hour, not '" + std::string(word) + "'");
  }
  fault.time = *time;
  return Done{};
}

Status read_drip(FaultWords& words, Fault& fault) {
  const Status bytes = read_bytes(words, fault);
  return bytes ? read_time(words, fault) : bytes;
}

Status read_refuse(FaultWords& words, Fault& fault) {
  if (words.empty() || words.peek() == "next") return Done{};
  const std::string_view request = words.take();
  const auto id = message_id(request);
  if (!id && request != "any") return wrong("no such message: " + std::string(request));
  fault.kind = FaultKind::refuse_request;
  fault.what = id ? MessageMatch{MessageMatch::Group::one, *id} : MessageMatch{};
  if (!words.take_if("with")) return wrong("say: refuse REQUEST with CODE");
  return read_number(words, fault.number, 0xFFFFFFFF, "code");
}

Status read_half(FaultWords& words, Fault& fault) {
  fault.stays = words.take_if("stay");
  if (!fault.stays) words.take_if("close");
  fault.left = 1;
  if (!words.take_if("at")) return Done{};
  fault.number_given = true;
  return read_number(words, fault.number, most_added, "byte");
}

Status read_garbage(FaultWords& words, Fault& fault) {
  static const std::map<std::string_view, Spoil> kinds = {{"magic", Spoil::magic},
                                                          {"length", Spoil::length},
                                                          {"sizes", Spoil::sizes},
                                                          {"oversized", Spoil::oversized}};
  const auto found = kinds.find(words.take());
  if (found == kinds.end()) return wrong("say garbage magic, length, sizes or oversized");
  fault.spoil = found->second;
  return Done{};
}

Status read_order(FaultWords& words, Fault& fault) {
  static const std::map<std::string_view, Order> orders = {
      {"pairs", Order::pairs}, {"answers-first", Order::answers_first}, {"answers-last", Order::answers_last}};
  if (const auto found = orders.find(words.peek()); found != orders.end()) {
    words.take();
    fault.order = found->second;
    return Done{};
  }
  fault.order = Order::seed;
  if (!words.take_if("seed")) return wrong("say reorder pairs, seed NUMBER, answers-first or answers-last");
  return read_number(words, fault.number, 0xFFFFFFFF, "seed");
}

Status read_late(FaultWords&, Fault& fault) {
  fault.order = Order::answers_last;
  return Done{};
}

Status read_heartbeat(FaultWords&, Fault& fault) {
  fault.what = {MessageMatch::Group::one, id::heartbeat};
  return Done{};
}

Status read_drop(FaultWords& words, Fault& fault) {
  if (!words.empty()) fault.kind = FaultKind::cut;
  return Done{};
}

Status read_reason(FaultWords& words, Fault& fault) {
  return read_number(words, fault.number, 0x7FFFFFFF, "reason");
}

Status read_unknown(FaultWords& words, Fault& fault) {
  constexpr std::uint32_t nobodys = 9999;
  fault.number = nobodys;
  return words.empty() ? Status(Done{}) : read_number(words, fault.number, 0x7FFFFFFF, "id");
}

/// What may stand behind the words of its own: which messages, and how many of them.
enum Tail : std::uint8_t { none = 0, sent = 1, received = 2, one_needed = 4, count = 8 };

struct Grammar {
  FaultKind kind;
  Read read;
  std::uint8_t tail;
};

const std::map<std::string_view, Grammar>& grammar() {
  using K = FaultKind;
  static const std::map<std::string_view, Grammar> table = {
      {"refuse", {K::refuse, read_refuse, count}},
      {"stall", {K::stall, nothing, none}},
      {"silence", {K::silence, nothing, received | count}},
      {"deaf", {K::deaf, read_heartbeat, count}},
      {"no-heartbeat", {K::omit, read_heartbeat, count}},
      {"omit", {K::omit, nothing, sent | one_needed | count}},
      {"repeat", {K::repeat, nothing, sent | one_needed | count}},
      {"garbage", {K::garbage, read_garbage, sent | count}},
      {"longer", {K::longer, read_bytes, sent | count}},
      {"shorter", {K::shorter, read_bytes, sent | count}},
      {"half", {K::half, read_half, sent | count}},
      {"reorder", {K::reorder, read_order, count}},
      {"late-response", {K::reorder, read_late, sent | count}},
      {"delay", {K::delay, read_time, sent | count}},
      {"drip", {K::drip, read_drip, sent | count}},
      {"drop", {K::drop, read_drop, sent | count}},
      {"close", {K::close, read_reason, none}},
      {"unknown", {K::unknown, read_unknown, none}},
  };
  return table;
}

Status read_messages(FaultWords& words, Fault& fault, std::uint8_t tail) {
  using Group = MessageMatch::Group;
  if (words.empty() || words.peek() == "next") {
    return (tail & one_needed) != 0 ? Status(wrong("which message?")) : Status(Done{});
  }
  const std::string_view word = words.take();
  if (word == "any") return Done{};
  if ((tail & sent) != 0 && word == "answers") return fault.what = {Group::answers, 0}, Done{};
  if ((tail & sent) != 0 && word == "events") return fault.what = {Group::events, 0}, Done{};
  const auto id = message_id(word);
  if (!id) return wrong("no such message: " + std::string(word));
  const bool from_client = message_name(*id).ends_with("Request");
  if (from_client && (tail & received) == 0)
    return wrong(std::string(word) + " is nothing a CTI Manager sends");
  fault.what = {Group::one, *id};
  return Done{};
}

Status read_count(FaultWords& words, Fault& fault) {
  if (!words.take_if("next")) return Done{};
  const std::string_view word = words.take();
  const auto number = to_number<std::uint64_t>(word);
  if (!number || *number == 0) return wrong("next how many? Not '" + std::string(word) + "'");
  fault.left = *number;
  return Done{};
}

}  // namespace

bool is_answer(std::int32_t message) {
  return message == id::failure || message_name(message).ends_with("Response");
}

bool MessageMatch::takes(std::int32_t message) const {
  switch (group) {
    case Group::any: return true;
    case Group::answers: return is_answer(message);
    case Group::events: return !is_answer(message);
    case Group::one: return message == id;
  }
  return false;
}

std::optional<std::int32_t> message_id(std::string_view word) {
  if (const auto number = to_number<std::int32_t>(word)) return number;
  std::optional<std::int32_t> newer;
  for (std::int32_t id = 0; id <= largest_id; ++id) {
    if (!message_layout(id)) continue;
    std::string_view name = message_name(id);
    if (iequals(name, word)) return id;
    if (name.ends_with("_V2")) name.remove_suffix(3);
    if (iequals(name, word)) newer = id;
  }
  return newer;
}

Result<Fault> parse_fault(std::span<const std::string> given) {
  FaultWords words(given);
  Fault fault;
  fault.manager = words.take();
  const std::string_view kind = words.take();
  const auto found = grammar().find(kind);
  if (found == grammar().end()) return wrong("no such fault: " + printable(kind, 60));
  const Grammar& rule = found->second;
  fault.kind = rule.kind;
  if (const Status read = rule.read(words, fault); !read) return read.error();
  if ((rule.tail & (sent | received)) != 0) {
    if (const Status read = read_messages(words, fault, rule.tail); !read) return read.error();
  }
  if ((rule.tail & count) != 0) {
    if (const Status read = read_count(words, fault); !read) return read.error();
  }
  if (!words.empty()) return wrong("too much: " + printable(words.peek(), 60));
  for (const std::string& word : given.subspan(1))
    fault.text.append(fault.text.empty() ? "" : " ").append(word);
  return fault;
}

}  // namespace linebridge::sim::cucm
