#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/flow/stage.hpp"
#include "tests/flow/told.hpp"

namespace linebridge::test {

using Answer = std::optional<Told>;

/// A client that keeps to its conversation whatever happens: it comes back on a new connection when it has
/// something to say, asks again what was not answered, signs in anew when its dialog is no more, and keeps a
/// record of all it was told.
class Talker {
public:
  Talker(Stage& stage, Person person);

  /// Each is done as far as the node lets it; nothing if no answer arrived.
  Answer sign_in();
  Answer monitor();
  Answer stop_monitor();
  Answer call(std::string_view number);
  enum class Which { newest, oldest };
  /// AnswerCall, ClearConnection, HoldCall or RetrieveCall of a call it was told of and that is not over.
  /// Nothing if there is none.
  Answer handle(std::string_view service, Which which);
  Answer features();
  Answer snapshot();
  Answer refresh(std::string_view method, bool with_status);
  Answer bye();
  /// ACK, GetCSTAFeatures and MonitorStart in one segment, as pidgin-sipe sends them.
  void sign_in_at_a_stroke();

  /// Comes back if its connection is lost, and lets the node tell what it has for it.
  void settle();
  void hear();
  /// The names of the events that arrived since the last call.
  std::vector<std::string> news();
  void lose_connection();

  const Person person;
  Record record;
  PeerId peer() const { return client_ ? client_->peer : PeerId{}; }
  std::string faults() const { return faults_ + record.faults(); }

private:
  struct Request {
    std::string method, body, extra;
  };
  enum class Again { no, yes };
  using Compose = std::function<std::vector<std::string>()>;

  Answer ask(const Request& request, Again again = Again::yes);
  /// Sends what `compose` writes, in one segment; the answer to the last of it.
  Answer say(const Compose& compose, Again again);
  void note(const std::string& message);
  void come_back();
  void sign_in_anew();
  std::string monitor_start() const;
  void listen(PeerId peer, bool arrived);
  /// What stands for anybody on a connection that the node made.
  void listen_to_node(PeerId peer);
  void take_in(PeerId peer, const Seen& seen, bool arrived);
  void answer(PeerId peer, const Seen& seen);

  Stage& stage_;
  std::unique_ptr<Client> client_;
  std::vector<PeerId> lost_;    ///< Connections that are gone.
  std::vector<PeerId> former_;  ///< Those of dialogs before this one.
  std::vector<std::pair<PeerId, std::string>> answers_;
  std::string monitor_, faults_;
  bool monitors_ = false;  ///< It has asked for a monitor and not for its end.
  int dialogs_ = 0;
  std::size_t read_ = 0;
};

}  // namespace linebridge::test
