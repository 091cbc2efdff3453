#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/counters.hpp"
#include "cti/qbe/inventory.hpp"
#include "cti/qbe/job.hpp"
#include "cti/qbe/turn.hpp"

namespace linebridge::cti::qbe {

/// The lines that are open on one link, with the devices that had to be opened for them. Both are counted: the
/// first user of a line opens it, and the first line of a device the device; the last one closes it.
///
/// A line is told to its users (LineOpened) once its call events are on. Its events are handed up only then, in
/// the order they came; what came before the line's handle was known is kept for it, within a bound.
class Lines {
public:
  Lines(Jobs& jobs, Counters& counters, Duration answer_within)
      : jobs_(jobs), counters_(counters), answer_within_(answer_within) {}

  void start(driver::OperationId operation, const driver::OpenLine& wanted, Turn& turn);
  void start(driver::OperationId operation, const driver::CloseLine& wanted, Turn& turn);

  /// A response to one of our steps.
  void replied(const Job& job, const Reply& reply, Turn& turn);
  /// One of our steps was not answered in time.
  void expired(const Job& job, Turn& turn);
  /// The response to a step that had expired: what it opened is closed again.
  void replied_late(const Job& job, const Reply& reply, Turn& turn);

  /// An event about a line: of a call, or of its service.
  void line_event(driver::LineHandle handle, driver::Event event, Turn& turn);
  void device_in_service(Handle handle, Turn& turn) { device_service(handle, true, 0, turn); }
  void device_out_of_service(Handle handle, std::uint32_t reason, Turn& turn) {
    device_service(handle, false, reason, turn);
  }
  void device_closed(Handle handle, std::uint32_t reason, Turn& turn);
  void do_not_disturb_is(Handle handle, bool on, Turn& turn);
  /// The user may not control the device any more: its lines are closed.
  void device_taken(std::string_view name, std::uint32_t reason, Turn& turn);
  /// The lines of a device were listed anew: those that `inventory` does not have any more are closed.
  void device_listed(std::string_view name, const Inventory& inventory, Turn& turn);

  /// The directory number of an open line; null if it is not open.
  const std::string* number(driver::LineHandle handle) const;
  /// The device of an open line.
  Handle device_of(driver::LineHandle handle) const;
  /// Of the device of an open line; empty: not told yet.
  std::optional<bool> do_not_disturb(driver::LineHandle handle) const;
  std::size_t open_lines() const { return by_handle_.size(); }

private:
  static constexpr std::size_t most_held = 256;
  enum class State {
    waiting,  ///< For its device.
    opening,
    filtering,  ///< Open; its call events are being asked for.
    open,
    closing,
  };
  struct Line {
    std::uint64_t id = 0, device = 0;
    driver::OpenLine what;
    State state = State::waiting;
    TimePoint deadline;  ///< For all steps of opening.
    driver::LineHandle handle;
    std::size_t users = 0;
    std::vector<driver::OperationId> openers;
    bool in_service = false;
    std::vector<driver::Event> held;
  };
  struct Device {
    std::uint64_t id = 0;
    std::string name;
    State state = State::opening;
    Handle handle;
    bool filtered = false;
    bool out_of_service = false;
    std::optional<bool> do_not_disturb;
    std::set<std::uint64_t> lines;
  };
  /// What a device told before the response that gives its handle.
  struct Early {
    Handle handle;
    std::optional<bool> out_of_service, do_not_disturb;
  };
  using Key = std::tuple<std::string, std::string, std::string>;
  static Key key_of(const driver::OpenLine& what) { return {what.device, what.number, what.partition}; }
  static std::pair<std::uint32_t, std::uint32_t> pair_of(Handle handle) {
    return {handle.manager, handle.number};
  }

  // Lines.
  Line* line(std::uint64_t id);
  Line* line(driver::LineHandle handle);
  void begin(Line& line, Turn& turn);
  void request_open(Line& line);
  void line_opened(const Job& job, const Reply& reply, Turn& turn);
  void line_filtered(Line& line, Turn& turn);
  void line_gone(std::uint64_t id, driver::LineHandle handle, Turn& turn);
  void line_closed(Line& line, std::uint32_t reason, Turn& turn);
  void take_away(Line& line, std::uint32_t reason, Turn& turn);
  void fail(Line& line, const driver::Failure& why, Turn& turn);
  void drop(Line& line, Turn& turn);
  void request_close(const driver::LineHandle& handle, std::uint64_t entry, driver::OperationId operation,
                     TimePoint now);
  bool in_service(const Line& line) const;
  void set_service(Line& line, bool up, std::uint32_t reason, Turn& turn);
  void tell_service(const Line& line, bool before, std::uint32_t reason, Turn& turn);
  void call_event(Line& line, driver::Event event, Turn& turn);
  void no_longer_opening();

  // Devices.
  Device* device(std::uint64_t id);
  Device* device(Handle handle);
  const Device* device_under(driver::LineHandle handle) const;
  Device& device_for(Line& line);
  void request_open(Device& device, TimePoint deadline);
  void request_close(Handle handle, std::uint64_t entry, TimePoint now);
  void device_opened(const Job& job, const Reply& reply, Turn& turn);
  void device_gone(std::uint64_t id, Turn& turn);
  void fail(Device& device, const driver::Failure& why, Turn& turn);
  void erase(Device& device);
  void close_if_unused(std::uint64_t device_id, TimePoint now);
  Early* early(Handle handle);
  void device_service(Handle handle, bool up, std::uint32_t reason, Turn& turn);

  Jobs& jobs_;
  Counters& counters_;
  Duration answer_within_;
  std::uint64_t last_id_ = 0;
  std::map<std::uint64_t, Line> lines_;
  std::map<Key, std::uint64_t> line_by_key_;
  std::map<driver::LineHandle, std::uint64_t> by_handle_;
  std::map<std::uint64_t, Device> devices_;
  std::map<std::string, std::uint64_t, std::less<>> device_by_name_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint64_t> device_by_handle_;
  std::deque<Early> early_;
  std::size_t opening_ = 0;                                           ///< Lines whose handle is on its way.
  std::vector<std::pair<driver::LineHandle, driver::Event>> strays_;  ///< Perhaps theirs.
};

}  // namespace linebridge::cti::qbe
