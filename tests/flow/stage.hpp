#pragma once

#include <functional>
#include <list>
#include <string>

#include "tests/flow/world.hpp"

namespace linebridge::test {

class Talker;
struct Seen;

/// What goes wrong once in a conversation.
enum class Loss {
  none,
  leg,        ///< The client's leg of the front end closes; it comes back on another with the same key.
  direct,     ///< The same without a front end: the node learns of the new connection by the next request.
  called,     ///< As direct, but OCS takes the connection that the node makes for its requests.
  for_good,   ///< The client's leg closes, and it never comes back.
  link,       ///< The CTI link of the first session.
  all_links,  ///< All CTI links; they are back when the client has seen it, or soon.
  blocked,    ///< The client reads nothing for two seconds.
};
/// When it does, within a step.
enum class Moment {
  before,
  half,       ///< Half of a request has arrived.
  in_flight,  ///< It has happened, or was asked for, but nothing followed yet.
  after,      ///< The node has said what it has to say, but nobody has read it.
};

/// A client as a conversation names it.
struct Person {
  enum class Answers { at_once, late, never };  ///< To events; late: not before its next step.
  std::string name = "alice";                   ///< Of the client, in the conversation.
  std::string user = "alice";
  std::string line = "tel:1001;phone-context=dialstring";
  std::string epid = "b34afb6ebb23";
  Answers answers = Answers::at_once;
};

/// A World with people in it, in which one thing goes wrong at one moment.
class Stage : public World {
public:
  Stage();
  ~Stage() override;

  bool straight() const { return loss == Loss::none; }
  Loss loss = Loss::none;
  Moment moment = Moment::before;
  bool armed = false;  ///< The step at hand is the one in which it goes wrong.
  bool over = false;   ///< The clients are gone for good.

  /// Whether it goes wrong now.
  bool strikes(Moment now_is) const { return armed && moment == now_is; }
  /// Lets it go wrong, if now is the moment.
  void strike(Moment now_is);
  /// Something happens, and then what follows from it.
  void let(const std::function<void()>& happens);
  void everybody_hears();
  void pass(Duration by);
  /// Ends what goes wrong for a while only.
  void recover();

  Talker& talker(const Person& person);
  /// Whose dialog it is, by Call-ID; nullptr if nobody's.
  Talker* whose(const Seen& seen);
  const std::list<Talker>& everybody() const { return people_; }
  bool blocked() const { return blocked_; }
  std::size_t manager_of_first_session();

private:
  void begin_outage();

  std::list<Talker> people_;
  bool outage_ = false, blocked_ = false;
};

}  // namespace linebridge::test
