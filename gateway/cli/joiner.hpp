#pragma once

#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "view/view.hpp"

namespace linebridge::cli {

/// Who traced something.
enum class Witness { client, front, node, other };

/// Puts what several processes traced into one order, a SIP message that several of them saw into one step of
/// it: same Call-ID, same direction, same method and status, in the order of time. Pure; times are handed in.
class Joiner {
public:
  /// How long a message waits for the other witnesses, in microseconds, before it stands alone. On a slow
  /// machine that may pass before they were asked again, so it waits for a second call of take() as well.
  static constexpr std::int64_t patience_us = 500'000;

  /// Whether messages of nodes are waited for at the front end: not if it cannot be asked.
  void expect_front(bool expected) { expect_front_ = expected; }
  /// What clients traced may come so much later than what others traced: every message waits so long for it,
  /// where else only those of a client do that is known to trace.
  void expect_clients_within(std::int64_t late_us);

  void add(view::Passed passed, Witness by);

  /// What is before `until_us` and complete, in the order of time. The first that still waits for a witness at
  /// `now_us` holds all behind it back.
  std::vector<view::Passed> take(std::int64_t until_us, std::int64_t now_us);
  /// All that is left.
  std::vector<view::Passed> take_all();

private:
  enum class Way { none, to_node, to_client };
  struct Step {
    view::Passed passed;
    Way way = Way::none;
    std::string kind;  ///< "INFO" or "200 INFO"
    bool client = false, front = false, node = false;
    std::uint64_t order = 0;  ///< Among those of one instant.
    std::uint64_t round = 0;  ///< Calls of take() before it came.
  };
  using Steps = std::list<Step>;
  static Way way_of(const view::Passed& passed);
  static bool joins(const Step& there, const Step& step);
  void merge(Step& there, Step step);
  bool complete(const Step& step) const;
  void sort();
  view::Passed take_first();

  Steps steps_;
  std::unordered_multimap<std::string, Steps::iterator> by_call_;  ///< Those that another witness may join.
  std::vector<std::string> client_dialogs_;  ///< Call-IDs whose client traces, too; the last ones.
  std::uint64_t orders_ = 0, rounds_ = 0;
  bool expect_front_ = false, expect_clients_ = false;
  std::int64_t waits_us_ = patience_us;
};

/// What a message is known by to all who trace it: "INFO" of "INFO MakeCall", "200 INFO" of "200 OK (INFO)
/// MakeCallResponse" and of "200 (INFO)".
std::string kind_of(std::string_view text);

}  // namespace linebridge::cli
