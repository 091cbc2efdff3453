#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/flow/client.hpp"

namespace linebridge::test {

std::string root_of(std::string_view body);  ///< Name of the root element; empty if there is no body.

/// One message the node wrote to a client, read or lost on the way.
struct Told {
  enum class Kind { answer, event, other };
  Kind kind = Kind::other;
  std::string name;                   ///< Root element of the body; of one without body its start line.
  std::string branch;                 ///< Of an answer: which request it answers.
  int status = 0;                     ///< Of an answer.
  std::string monitor, call, device;  ///< Of an event or response, as far as it has them.
  std::string error;                  ///< The value of a CSTAErrorCode.
  std::string to_tag;
  std::size_t connections = 0;  ///< Of a SnapshotDeviceResponse: how many it lists.
  bool last = false;  ///< An event that leaves the client's own connection null: none follows for the call.
  bool arrived = true;

  static Told of(const Seen& seen, bool arrived);
  std::string text() const { return name + " " + call + " " + device; }
};

/// A request of a client, and how often it was answered for good.
struct Asked {
  std::string branch;
  std::string what;  ///< Method, or the service in its body.
  PeerId peer;
  bool lost = false;  ///< Its connection was lost before the answer was read.
  int answers = 0;
};

/// What one client was told, in the order in which the node wrote it, and what it had asked.
class Record {
public:
  std::vector<Told> told;
  std::vector<Asked> asked;

  void add(const Seen& seen, bool arrived);
  /// The final answer to this request, if it arrived.
  std::optional<Told> answer_to(std::string_view branch) const;

  /// The calls it was told of that are not over, in the order of first mention.
  std::vector<std::string> calls() const;
  /// What it was told, responses and events, as names, in order.
  std::vector<std::string> names() const;

  /// Rules that hold however connections and links fare. Empty: they hold; else what is wrong.
  ///
  /// Every request is answered once, or its connection was lost; nothing unasked is answered; no event of a
  /// monitor stands before the response that names the monitor, none of a call the client made before the
  /// response that names the call, none of a call after its last one.
  std::string faults() const;
  /// The events of each monitor that was told any, as text, in the order of first mention.
  std::vector<std::vector<std::string>> by_monitor() const;
};

}  // namespace linebridge::test
