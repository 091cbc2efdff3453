#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "tests/simulators/cucm/words.hpp"

namespace linebridge::sim::cucm {

/// What a CTI Manager can be made to do wrong.
enum class FaultKind : std::uint8_t {
  refuse,          ///< New connections are closed at once.
  stall,           ///< Nothing is read and nothing sent. All of it goes on when the fault ends.
  silence,         ///< What comes is read and thrown away; for all messages: nothing is sent either.
  deaf,            ///< The application's heartbeats do not count.
  refuse_request,  ///< A failure with `number` as its code instead of what was asked for.
  omit,            ///< Never sent.
  repeat,          ///< Sent twice.
  garbage,         ///< Sent with its frame spoiled.
  longer,          ///< `number` bytes of zero behind the fixed part.
  shorter,         ///< The last `number` bytes of the fixed part belong to the variable part.
  half,            ///< Half of it, or its first `number` bytes, is sent and then nothing more.
  cut,             ///< Instead of it the connection is cut.
  reorder,         ///< What one turn sends leaves in another order.
  delay,           ///< Sent `time` later; what stands behind it in its group waits too.
  drip,            ///< `number` bytes at a time, one portion every `time`.
  drop,            ///< At once: all connections are cut.
  close,           ///< At once: ProviderClosedEvent with `number` as its reason, then closed.
  unknown,         ///< At once: a message that nobody knows, `number` is its id.
};

enum class Spoil : std::uint8_t { magic, length, sizes, oversized };
enum class Order : std::uint8_t { seed, pairs, answers_first, answers_last };

/// Which messages a fault is about. Answers are responses and failures, events are all else that is sent.
struct MessageMatch {
  enum class Group : std::uint8_t { any, answers, events, one };
  Group group = Group::any;
  std::int32_t id = 0;  ///< Of Group::one.
  bool takes(std::int32_t message) const;
};

bool is_answer(std::int32_t message);
/// By name without case (the _V2 of newer messages may be left out), or by number. Nothing: no message is
/// called so.
std::optional<std::int32_t> message_id(std::string_view word);

struct Fault {
  FaultKind kind = FaultKind::refuse;
  std::string manager;  ///< "all", or the name of a CTI Manager.
  MessageMatch what;
  std::optional<std::uint64_t> left;  ///< How many more messages (or connections) it meets.
  std::uint32_t number = 0;
  bool number_given = false;  ///< Of half.
  Duration time{};
  Spoil spoil = Spoil::magic;
  Order order = Order::pairs;
  bool stays = false;  ///< half: the connection stays open afterwards.
  std::string text;    ///< As it was given.

  bool concerns(std::string_view name) const { return manager == "all" || manager == name; }
  /// Done once when given; there is nothing to keep.
  bool is_momentary() const { return kind >= FaultKind::drop; }
};

/// Reads "MANAGER KIND ..." as fault_help() says. Errors: malformed, with words for people.
Result<Fault> parse_fault(std::span<const std::string> words);
/// The faults with their meaning, a line each.
std::string_view fault_help();

}  // namespace linebridge::sim::cucm
