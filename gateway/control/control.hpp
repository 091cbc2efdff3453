#pragma once

#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <unordered_map>
#include <variant>
#include <vector>

#include "base/random.hpp"
#include "control/call_services.hpp"
#include "control/line.hpp"
#include "control/output.hpp"

namespace linebridge::control {

/// Call control of one node: lines, their calls, who monitors them; CSTA requests to CTI operations and CTI
/// events to CSTA events. Sees neither bytes nor XML. Everything it wants done is appended to the Actions
/// given.
class Control {
public:
  struct Settings {
    std::size_t monitors_per_session = 8;
  };
  Control(Settings settings, Random& random) : settings_(settings), random_(random) {}

  /// The session controls this appearance from now on, under the name `own` (its line URI). Opens the line if
  /// nobody has it open yet.
  void attach(model::SessionId session, cti::driver::LinkId link, const cti::driver::Appearance& where,
              model::DeviceId own, Actions& out);
  /// The session ends: its monitors stop, its requests are forgotten, the line closes with its last session.
  void detach(model::SessionId session, Actions& out);
  bool attached(model::SessionId session) const { return lines_of_.contains(session.value); }

  /// A CSTA request about calls or monitors. Answered by Respond, at once or later.
  void request(model::SessionId session, model::RequestId id, const model::Request& request, Actions& out);

  /// The order `ticket` became the operation `id` of its link.
  void issued(Ticket ticket, cti::driver::OperationId id);
  void event(cti::driver::LinkId link, const cti::driver::Event& event, Actions& out);
  /// The link is gone with all its lines. The sessions are not attached any more.
  void link_lost(cti::driver::LinkId link);

  /// The session an event is about, for the trace: the first one that watches its line; none if nobody does.
  model::SessionId concerns(cti::driver::LinkId link, const cti::driver::Event& event) const;
  std::size_t calls() const;
  /// The monitors of a session, for show.
  std::string monitors(model::SessionId session) const;

private:
  using Key = std::tuple<cti::driver::LinkId, std::string, std::string, std::string>;
  struct Waiting {  ///< A request that waits for the line to open.
    model::SessionId session;
    model::RequestId id;
    model::Request request;
  };
  struct Entry {
    Key key;
    Line line;
    std::vector<Waiting> waiting;
  };
  struct Opening {
    Key key;
  };
  struct Making {
    Key key;
    model::SessionId session;
    model::RequestId id;
    std::string dialled;
  };
  struct Serving {  ///< An operation on one call.
    Key key;
    model::SessionId session;
    model::RequestId id;
    const CallService* service;
    Awaited awaited;
  };
  struct Unwatched {};  ///< Nobody waits for the outcome.
  using Purpose = std::variant<Unwatched, Opening, Making, Serving>;

  void order(cti::driver::LinkId link, model::SessionId session, cti::driver::Operation operation,
             Purpose purpose, Actions& out);
  void perform(Entry& entry, model::SessionId session, model::RequestId id, const model::Request& request,
               Actions& out);
  void monitor_start(Entry& entry, model::SessionId session, model::RequestId id,
                     const model::MonitorStart& asked, Actions& out);
  void monitor_stop(Entry& entry, model::SessionId session, model::RequestId id,
                    const model::MonitorStop& asked, Actions& out);
  void snapshot_device(Entry& entry, model::SessionId session, model::RequestId id,
                       const model::SnapshotDevice& asked, Actions& out);
  void snapshot_call(Entry& entry, model::SessionId session, model::RequestId id,
                     const model::SnapshotCall& asked, Actions& out);
  void make_call(Entry& entry, model::SessionId session, model::RequestId id, const model::MakeCall& asked,
                 Actions& out);
  void serve(Entry& entry, model::SessionId session, model::RequestId id, const CallService& service,
             const model::ConnectionId& asked, Actions& out);
  void outcome(const cti::driver::Answered& answered, Actions& out);
  void line_opened(const Key& key, const cti::driver::Outcome& outcome, Actions& out);
  void call_made(const Making& making, const cti::driver::Outcome& outcome, Actions& out);
  void served(const Serving& serving, const cti::driver::Outcome& outcome, Actions& out);
  void line_event(cti::driver::LinkId link, const cti::driver::Event& event, Actions& out);
  void line_closed(Entry& entry, std::uint32_t reason, Actions& out);
  void forget(const Key& key);

  Entry* find(const Key& key) const;
  Entry* find(cti::driver::LinkId link, cti::driver::LineHandle handle) const;
  static Watcher* watcher(Entry& entry, model::SessionId session);

  Settings settings_;
  Random& random_;
  std::map<Key, std::unique_ptr<Entry>> lines_;
  std::map<std::pair<cti::driver::LinkId, cti::driver::LineHandle>, Entry*> by_handle_;
  std::unordered_map<std::uint64_t, Entry*> lines_of_;  ///< By session.
  std::map<Ticket, Purpose> tickets_;
  std::map<cti::driver::OperationId, Purpose> operations_;
  std::uint64_t last_ticket_ = 0;
};

}  // namespace linebridge::control
