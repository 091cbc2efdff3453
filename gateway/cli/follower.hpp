#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "cli/joiner.hpp"
#include "view/view.hpp"

namespace linebridge::cli {

/// Follows some users through the traces of all processes: says what to ask each for, and makes of the answers
/// the steps of one ladder, with remarks on what it cannot see. Pure; who asks and what time it is comes in.
class Follower {
public:
  struct Settings {
    std::vector<std::string> users;               ///< "alice", "alice@example.test", "sip:alice@example.test"
    std::map<std::string, std::string> of_lines;  ///< Number of a line to the address of its user.
    std::int64_t since_us = 0;                    ///< Nothing older is shown.
    bool waits = true;                            ///< For what is still to come; else remarks do not say so.
    std::int64_t late_us = 0;                     ///< What also() gets may come so much later than the rest.
  };
  enum class Kind { node, front };

  explicit Follower(Settings settings);

  /// Value: its place, from 0 on. Nodes first: what they say explains the front end's lines.
  std::size_t add_source(std::string name, Kind kind);

  /// What to ask a source for next.
  std::string target(std::size_t source) const;
  void traced(std::size_t source, const Result<view::Trace>& answer, std::int64_t now_us);
  /// Whether a node's status is needed to know whose lines those are.
  bool wants_status(std::size_t source) const;
  void status(std::size_t source, const Result<view::Status>& answer);
  /// A line of a process that cannot be asked.
  void also(view::Passed passed);

  /// Once, after each source was asked: where the users are.
  std::vector<view::Passed> introduction(std::int64_t at_us) const;
  /// Everything before `until_us`, in order, as far as it is known; `now_us` ends what waits for too long.
  std::vector<view::Passed> ready(std::int64_t until_us, std::int64_t now_us);
  std::vector<view::Passed> rest();

private:
  struct Source {
    std::string name;
    Kind kind = Kind::node;
    bool asked = false;               ///< It answered, or was found silent.
    bool silent = false;              ///< The last answer was none.
    bool lapsed = false;              ///< There was no answer since the last lines: numbers may begin anew.
    std::uint64_t number = 0;         ///< Of the last line.
    std::int64_t at_us = 0;           ///< Of that line.
    bool status = false;              ///< Its status is wanted.
    std::vector<view::Passed> later;  ///< Lines of sessions that only the status tells.
    std::optional<view::TraceLine> refused;  ///< A request that was refused: its answer comes next.
  };
  struct Dialog {
    std::string user, session;
  };
  struct Present {
    std::string user, text;
  };

  bool wanted(std::string_view user) const;
  bool began_anew(const Source& source, const view::Trace& trace) const;
  void remark(std::int64_t at_us, std::string text);
  void forget(std::size_t source);
  void node_line(std::size_t source, const view::TraceLine& line);
  void without_session(Source& source, const view::TraceLine& line);
  void front_line(const view::TraceLine& line);
  void learn(std::size_t source, const std::string& session, const std::string& user,
             const std::string& call_id);
  void join(view::Passed passed, Witness by);
  void settle();
  std::vector<view::Passed> shown(std::vector<view::Passed> steps);

  Settings settings_;
  std::vector<Source> sources_;
  std::map<std::pair<std::size_t, std::string>, std::string> calls_of_sessions_;  ///< Call-ID of each.
  std::map<std::string, Dialog> dialogs_;                                         ///< By Call-ID.
  std::map<std::size_t, std::vector<Present>> present_;  ///< Whom each node's status showed.
  Joiner joiner_;
};

/// "alice@example.test" of "sip:Alice@example.test".
std::string plain_address(std::string_view address);

}  // namespace linebridge::cli
