#pragma once

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "tests/flow/stage.hpp"
#include "tests/flow/talker.hpp"

namespace linebridge::test {

/// One thing that happens in a conversation, or (`quiet`) a look at what was heard, where nothing can go wrong.
struct Step {
  std::string what;
  std::function<void(Stage&)> act;
  bool quiet = false;
};

using Names = std::vector<std::string>;
using Which = Talker::Which;

/// A client, by what it does. What a step expects is looked at when all goes well; see Conversation.
struct Someone : Person {
  Step signs_in() const;
  Step signs_in_again() const;  ///< A new dialog of the same endpoint, without a word about the old one.
  Step signs_in_at_a_stroke() const;
  Step asks_features() const;
  Step monitors() const;
  Step sees_calls(std::size_t many) const;  ///< By SnapshotDevice.
  Step stops_monitor() const;
  Step calls(std::string_view number) const;
  Step is_refused(std::string_view number, std::string_view error) const;  ///< Calls, and is refused so.
  Step asks_for_call(std::string_view number) const;                       ///< Without an answer yet.
  /// Of one of its calls, by AnswerCall, HoldCall, RetrieveCall and ClearConnection.
  Step picks_up(Which which = Which::newest) const;
  Step holds(Which which = Which::newest) const;
  Step retrieves(Which which = Which::newest) const;
  Step hangs_up(Which which = Which::newest) const;
  /// One of these, by the name of the service: it is refused so, or has no answer yet.
  Step tries(std::string_view service, std::string_view error, Which which = Which::newest) const;
  Step asks_for(std::string_view service, Which which = Which::newest) const;
  /// All responses, errors and events so far, in order.
  Step was_told(Names all) const;
  Step was_refused(std::string_view error) const;  ///< The last answer that arrived is this error.
  Step refreshes() const;                          ///< Re-INVITE with RequestSystemStatus.
  Step refreshes_without_body() const;
  Step updates() const;
  Step hears(Names events) const;  ///< Since it was asked last; names without "Event".
  Step signs_out() const;
  Step leaves() const;   ///< BYE at once, whatever still waits.
  Step is_gone() const;  ///< The node has ended its session.
};

/// A phone, by its number; one of the world outside too.
struct Phone {
  std::string number;
  Step answers() const;
  Step hangs_up() const;
  Step holds() const;
  Step retrieves() const;
  Step calls(std::string_view destination) const;  ///< From outside.
  Step unregisters() const;
  Step registers() const;
};

Step passes(Duration time);
Step cti_falls_silent();        ///< The CTI Manager of the first session reads and says nothing.
Step cti_goes_deaf();           ///< It reads nothing.
Step cti_is_well_again();       ///< It finds what was sent meanwhile.
Step cti_tells_events_first();  ///< Before it answers the operation that caused them.
Step node_stops();
/// A look at the node.
Step then(std::string_view what, std::function<void(Stage&)> look);

/// A conversation of clients, phones and a node, played as often as one likes, each time in a world of its own.
class Conversation {
public:
  Conversation(std::initializer_list<Step> steps) : steps_(steps) {}

  /// Plays it straight, with what each step expects.
  void run();
  /// Plays it once for every step and every moment of it in which this can go wrong. Holds after each: the
  /// record of every client has no faults, and nothing is left in the node once the clients have gone. If only
  /// connections were lost, each monitor was told what it is told when all goes well.
  void replay_with(Loss loss);
  /// Straight, then with everything that can go wrong.
  void replay();

private:
  using Heard = std::vector<std::vector<std::string>>;
  bool play(Stage& stage, std::size_t broken) const;
  void finish(Stage& stage) const;
  void compare(const Stage& stage) const;

  std::vector<Step> steps_;
  std::map<std::string, Heard> straight_;  ///< By client.
  bool ran_ = false;
};

}  // namespace linebridge::test
