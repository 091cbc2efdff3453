#pragma once

#include <chrono>
#include <cstdint>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "config/config.hpp"

/// The command `linebridge`: what may be typed, and what it means.
namespace linebridge::cli {

struct CheckConfig {
  std::string file;
  bool json = false;
};
struct ShowConfig {
  std::string file;
};
struct Render {
  std::string file;
  std::string directory;
  std::uint64_t descriptors = 0;  ///< What the HAProxy process may open; 0: as many as this process may.
};
/// Which nodes of which site are asked, and how the answer is shown.
struct Asked {
  std::string file;
  std::vector<config::Role> roles;
  bool json = false;
};
struct ShowStatus {
  Asked whom;
};
struct ShowTrace {
  Asked whom;
  std::string session;  ///< Empty: all.
  std::size_t most = 1000;
};
/// Show what passes of some users' sessions as a ladder.
struct FollowTrace {
  Asked whom;
  std::vector<std::string> users;  ///< At least one: "alice", "alice@example.test", "sip:alice@example.test".
  bool once = false;               ///< What is there already, and no more.
  bool relative = false;           ///< Seconds, not times of day.
  std::vector<std::string> also;   ///< Files in which other processes write what passed them.
  std::chrono::seconds late{0};    ///< So much later lines of those files may come.
};
/// Draw what FollowTrace wrote as JSON.
struct DrawTrace {
  std::string file;                ///< "-": standard input.
  std::vector<std::string> users;  ///< None: all.
  bool relative = false;
};
/// Keep new sessions away from one node.
struct Drain {
  Asked whom;
  std::chrono::seconds most{0};  ///< Then the sessions left are ended; 0: never.
  bool off = false;              ///< Take new sessions again.
};
/// What HAProxy thinks of the nodes.
struct ShowFront {
  std::string file;
  bool json = false;
};
/// Have HAProxy treat one node differently.
struct OrderFront {
  enum class What { drain, ready, end };
  What what = What::drain;
  std::string file;
  config::Role role = config::Role::publisher;
  std::chrono::seconds wait{0};  ///< For the last dialog of a drained node; 0: not at all.
  bool json = false;
};
/// Show the CTI/QBE frames of a capture.
struct DecodeCti {
  std::string file;  ///< "-": standard input.
  bool json = false;
  std::uint16_t port = 2748;
  std::set<std::uint32_t> only;  ///< Message ids; empty: all.
};
struct ShowVersion {};
using Command = std::variant<CheckConfig, ShowConfig, Render, ShowStatus, ShowTrace, FollowTrace, DrawTrace,
                             Drain, ShowFront, OrderFront, DecodeCti, ShowVersion>;

/// Nothing to run: help was asked for, or the words were wrong.
struct Exit {
  int code = 0;  ///< 0 or wrong_usage.
  std::string out;
  std::string error;
};

inline constexpr int wrong_usage = 2;

/// `words` are the arguments without the program's name.
std::variant<Command, Exit> parse(const std::vector<std::string>& words);

}  // namespace linebridge::cli
