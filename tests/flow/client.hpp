#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/flow/world.hpp"

namespace linebridge::test {

/// One SIP message the node sent.
struct Seen {
  std::string start;  ///< Start line.
  std::string head, body;
  int status() const;  ///< 0 for a request.
  std::string header(std::string_view name) const;
};

/// A client of TR/87 behind an OCS proxy, as the node sees it; what it sends is shaped like pidgin-sipe's
/// messages.
class Client {
public:
  Client(World& world, std::string name, std::string line, std::string call_id,
         std::string epid = "b34afb6ebb23");

  void connect(std::string_view sender = "192.0.2.10") { peer = world_.connect(call_id_, sender); }
  /// Signs in and acknowledges; the status of the answer.
  int sign_in();
  /// Sends an INFO with this body; its answer.
  Seen info(std::string_view body);
  std::string monitor();  ///< MonitorStart for the own line: the monitorCrossRefID, empty if refused.
  Seen call(std::string_view number);
  Seen request(std::string_view method, std::string_view body = {}, std::string_view extra = {});
  /// The request itself, with a branch and a CSeq of its own, for tests that send by themselves.
  std::string compose(std::string_view method, std::string_view body = {}, std::string_view extra = {});
  std::string ack() const;  ///< For the 200 to the INVITE.
  /// CSeq begins anew, as pidgin-sipe does it after each final answer to an INVITE.
  void rewind() { cseq_ = 1; }
  int bye() { return request("BYE").status(); }
  /// Events that came since, as names of their root elements; answered with 200 unless `silent`.
  std::vector<std::string> events(bool answer = true);
  /// Everything the node said on this client's connection since.
  std::vector<Seen> take();

  const std::string& line() const { return line_; }
  std::string invite(std::string_view request_uri = "sip:ctigw@gw.example.test") const;
  std::string to_tag;
  std::vector<Seen> unread;  ///< Requests of the node that came among answers.
  PeerId peer;

private:
  Seen answer_to(std::string_view method);

  World& world_;
  std::string name_, line_, call_id_, epid_;
  int cseq_ = 1, branch_ = 0;
};

std::string answer_200(const Seen& request);  ///< The answer to a request of the node.
std::string csta(std::string_view element);   ///< With namespace; `element` is "<MonitorStop>...".
std::string inside(std::string_view text, std::string_view element);  ///< Text of the first such element.

}  // namespace linebridge::test
