#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/door.hpp"

/// Somebody who misbehaves in front of a node, and the means to do it. Used by the flow tests, which look at
/// each answer, and by the memory driver, which repeats each kind many times.
namespace linebridge::test {

/// Connections to a node, whoever holds the node.
class Wire {
public:
  virtual ~Wire() = default;
  virtual PeerId open(std::string_view sender = "192.0.2.10") = 0;
  virtual void say(PeerId peer, std::string_view bytes) = 0;  ///< In one turn.
  virtual std::string heard(PeerId peer) = 0;                 ///< What the node wrote since the last call.
  virtual bool ended(PeerId peer) const = 0;                  ///< The node closed it.
  virtual void leave(PeerId peer) = 0;
  virtual void wait(Duration by) = 0;
  virtual void stop_reading(PeerId peer) = 0;  ///< What the node writes stays queued from now on.
};

/// One request in parts, each a whole line with its end, so that a kind of wrong input spoils the part it is
/// about.
struct Draft {
  std::string method, uri = "sip:ctigw@gw.example.test", version = "SIP/2.0";
  std::string via, from, to, call_id, cseq;
  std::string more = "Max-Forwards: 70\r\n";

  std::string head() const;                            ///< Without Content-Length and blank line.
  std::string text(std::string_view body = {}) const;  ///< With the Content-Length that fits.
};

/// The one who misbehaves: alice, signed in on line 1001, with one monitor; and strangers.
class Scene {
public:
  explicit Scene(Wire& to) : wire(to) {}

  /// Signs alice in on a connection of her own and starts a monitor. False: the node did not take her.
  bool begin();
  /// Keeps alice's session from expiring (RFC 4028). False: the node has it no more.
  bool refresh();
  /// Another session of alice, signed in and left to the caller; its To tag, empty if it was refused.
  std::string sign_in(PeerId on, const std::string& call_id, std::string_view epid);

  Draft options();                           ///< Outside of any dialog.
  Draft invite();                            ///< A sign-in of alice; see sign_in_body().
  Draft in_dialog(std::string_view method);  ///< In alice's dialog, next CSeq.
  Draft info();                              ///< The same with INFO and Content-Type of CSTA.
  static std::string sign_in_body(std::string_view line = "tel:1001;phone-context=dialstring");

  // What the node makes of bytes, in words: "400", "200 x100", "400 closed", "closed", "200 error", "ping", "".
  std::string stranger(std::string_view bytes,
                       std::string_view sender = "192.0.2.10");  ///< On a new connection.
  std::string neighbour(std::string_view bytes);  ///< On a connection that has been there for long.
  std::string member(std::string_view bytes);     ///< On alice's.
  std::string csta(
      std::string_view element);  ///< An INFO in alice's dialog with this element, namespace added.

  std::uint64_t next() { return ++count_; }

  Wire& wire;
  PeerId peer;          ///< Alice's connection.
  std::string monitor;  ///< Alice's.
  // What belongs to bob, on line 1002; made up where nobody says better.
  std::string foreign_monitor = "0123456789abcdef", foreign_call = "1-1";

private:
  std::string line_of(std::string_view name, std::string_view value) const;

  PeerId neighbour_;
  std::string tag_;
  std::uint32_t cseq_ = 1;
  std::uint64_t count_ = 0;
};

/// `element` with the namespace of edition 3 and an XML declaration.
std::string csta_body(std::string_view element);
/// Text of the first element of that name; empty if there is none.
std::string text_in(std::string_view body, std::string_view element);
std::string times(std::size_t count, std::string_view text);

}  // namespace linebridge::test
