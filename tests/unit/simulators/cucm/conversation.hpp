#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/time.hpp"

/// Conversations between a CTI client and a CTI Manager as bytes in a text file; tests/data/cti/README.md
/// explains the file. No codec is used to read them.
namespace linebridge::sim::cucm {

/// One frame of a conversation: bytes, and what each stretch of them means.
struct WrittenFrame {
  struct Mark {
    std::size_t at = 0;  ///< First byte of the stretch.
    std::string says;    ///< "state 8"
    int line = 0;
  };
  static constexpr std::int16_t any = -1;

  int line = 0;
  std::string title;                ///< "281 CallStateChangedEvent_V2"
  std::vector<std::int16_t> bytes;  ///< A byte's value, or `any`.
  std::vector<Mark> marks;
  bool any_rest = false;  ///< Any bytes may follow, up to the end of the frame.

  /// What stands at a byte; the last mark for those behind the end.
  const Mark& mark(std::size_t at) const;
  /// The bytes, with `version` where the file has its own version word.
  std::string in_version(std::uint32_t version) const;
};

struct Sends {
  WrittenFrame frame;
  bool held = false;    ///< Goes out together with the next one.
  bool single = false;  ///< Byte by byte.
};
struct Expects {
  WrittenFrame frame;
};
struct Orders {
  std::string command;
};
struct Passes {
  Duration time;
};
/// What follows is on this connection; it is opened when first named.
struct Speaks {
  int connection = 1;
  std::string manager;
};
struct ExpectsEnd {};
struct HangsUp {};

struct Step {
  std::string file;
  int line = 0;
  std::variant<Sends, Expects, Orders, Passes, Speaks, ExpectsEnd, HangsUp> what;
};

/// A conversation is not what it should be: the file, the line and why.
struct BadConversation : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Reads tests/data/cti/conversations/NAME.txt with those it begins with. Throws BadConversation.
std::vector<Step> read_conversation(const std::string& name);

/// The names of all conversations.
std::vector<std::string> conversation_names();

/// What is wrong with a frame that came, a line for each of the first few stretches that differ; empty:
/// nothing.
std::string compare(const WrittenFrame& wanted, std::string_view came, std::uint32_t version);

}  // namespace linebridge::sim::cucm
