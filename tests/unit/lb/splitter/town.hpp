#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "sip/framing/framer.hpp"
#include "sip/framing/head_view.hpp"
#include "tests/unit/lb/splitter/bench.hpp"

namespace linebridge::lb::splitter {

/// A splitter between an OCS of two hosts with several connections each and two nodes behind a place, all of
/// them scripted. What is said, where it is cut and what breaks follows from a seed. Each message that arrives
/// is held to those that were sent: byte for byte, where it may arrive, how often.
class Town {
public:
  enum class Loss { client, leg, place, node };

  Town(std::uint64_t seed, std::size_t calls, Duration longest_step = 40ms);

  void step();           ///< Something is said, or some bytes arrive.
  void lose(Loss what);  ///< Some connection, or all of the place or of a node, which lose what they know.
  void reload();         ///< HAProxy; legs stay where they are.
  void finish();         ///< Everything arrives, everybody answers, time passes, all go home.
  std::size_t dialogs() const { return accepted_; }
  std::uint64_t count(Counter counter) const { return bench_.count(counter); }

private:
  struct Call {
    std::string id, tag;
    int cseq = 0;
    std::size_t host = 0;
    bool inviting = false;
  };
  struct Sent {
    std::string text;
    PeerId peer;       ///< Was said on this connection ...
    PeerId passed_to;  ///< ... and came out on this one.
    std::size_t arrived = 0;
    bool answered = false;
    bool excused = false;  ///< A connection that its answer needs went.
  };
  struct Wire {
    enum class End { client, node } end = End::client;
    std::size_t host = 0;  ///< Of a client.
    std::string node, key;
    sip::Framer framer;     ///< Of what the splitter writes.
    std::string under_way;  ///< To the splitter.
  };
  using Id = std::string;  ///< Call-ID, CSeq and who asked.

  std::size_t pick(std::size_t among) { return static_cast<std::size_t>(chance_.number() % among); }
  std::string words();
  PeerId connect(std::size_t host);
  PeerId client_of(std::size_t host);
  void gone(PeerId peer, Gone why);
  void close_wires(const std::function<bool(const Wire&)>& which);

  void ocs_speaks();
  void ocs_asks(Call& call, std::string method);
  void node_speaks();
  void arrive(std::size_t most);
  void look();
  void place_dial(const test::RecordingOutbox::Dial& dial);
  std::string choose(const ProxyHeader& header);
  void heard(PeerId peer, Wire& wire, std::string_view bytes);
  void client_hears(PeerId peer, Wire& wire, const sip::Framer::Message& message);
  void client_answered(PeerId peer, const Wire& wire, std::string_view text);
  void node_hears(PeerId peer, Wire& wire, const sip::Framer::Message& message);
  void node_request(PeerId peer, Wire& wire, std::string_view body);
  void answer(Wire& wire, int status, const std::string& tag, std::string body);
  Id id_of(bool of_node) const;

  Bench bench_;
  Random chance_;
  Duration longest_step_;
  sip::HeadView head_;
  std::vector<Call> calls_;
  std::size_t last_call_ = 0, accepted_ = 0, last_tag_ = 0;
  std::uint64_t last_peer_ = 0;
  std::map<PeerId, Wire> wires_;
  std::map<PeerId, std::size_t> hosts_;                              ///< Of all clients there ever were.
  std::map<std::string, std::map<std::string, std::string>> known_;  ///< Of each node: tags by Call-ID.
  std::map<std::string, std::string> stick_;
  std::map<std::string, int> node_cseq_;
  std::map<Id, Sent> asked_;  ///< Requests of OCS and of nodes.
  std::set<std::string, std::less<>> said_by_nodes_, said_by_ocs_;
  std::size_t seen_dials_ = 0, seen_closes_ = 0, turn_ = 0;
};

}  // namespace linebridge::lb::splitter
