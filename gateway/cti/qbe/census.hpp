#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/counters.hpp"
#include "cti/qbe/ending.hpp"
#include "cti/qbe/inventory.hpp"
#include "cti/qbe/job.hpp"
#include "cti/qbe/lines.hpp"
#include "cti/qbe/turn.hpp"

namespace linebridge::cti::qbe {

/// Keeps the inventory of one link true: asks again for devices told as changed, takes devices into control and
/// gives them back, and lists everything in single steps where the CTI Manager does not offer the list at once.
///
/// Single steps are: the devices page by page; then for each device its lines page by page. Once they were
/// needed, they are used for single devices too. Only a few devices are asked for at a time.
class Census {
public:
  Census(Jobs& jobs, Inventory& inventory, Lines& lines, Counters& counters, Duration answer_within)
      : jobs_(jobs), inventory_(inventory), lines_(lines), counters_(counters), answer_within_(answer_within) {}

  void list_in_steps(TimePoint now);
  /// That list is not complete yet.
  bool listing() const { return listing_; }
  /// It cannot be had.
  const std::optional<Ending>& failed() const { return failed_; }

  /// The device is asked for again, when pump() comes to it.
  void changed(std::string_view device) { want(device, {}); }
  /// So is this one, if it is not listed by then.
  void seen(std::string_view device) { want(device, {.only_unknown = true}); }
  void removed(std::string_view device, std::uint32_t reason, Turn& turn);
  /// DeviceLineInfoEvent.
  void listed(const View& event);
  /// ProviderDeviceDeAcquiredEvent.
  void de_acquired(const View& event, Turn& turn);

  void start(driver::OperationId operation, const driver::AcquireDevice& wanted, Turn& turn);
  void start(driver::OperationId operation, const driver::ReleaseDevice& wanted, Turn& turn);

  void replied(const Job& job, const Reply& reply, Turn& turn);
  void expired(const Job& job, Turn& turn);
  /// What it began or took is given back.
  void replied_late(const Job& job, const Reply& reply, TimePoint now);

  /// Asks for devices that wait, as many as may be asked for at a time.
  void pump(TimePoint now);
  /// Devices that wait or are asked for just now.
  std::size_t waiting() const { return wanted_.size() + active_; }

private:
  static constexpr std::size_t most_at_once = 16, most_wanted = 100'000;
  static constexpr std::uint32_t most_pages = 10'000;
  static constexpr unsigned most_tries = 3;
  struct Wanted {
    bool only_unknown = false;  ///< Not needed if it is listed meanwhile.
    bool described = false;     ///< Only its lines are not known.
    unsigned tries = 0;
  };

  void want(std::string_view device, Wanted wanted);
  void begin(const std::string& device, const Wanted& wanted, TimePoint now);
  void add(Job job, Step step, TimePoint now);
  void ask_again(const Job& job, Step step, TimePoint now);

  void device_done(const Job& job, Turn& turn);
  void device_refused(const Job& job, const Reply& reply, Turn& turn);
  void device_failed(const Job& job, const driver::Failure& why, Turn& turn);
  void finished(const Job& job);
  void give_back(const std::string& device, TimePoint now);

  void devices_listed(const Job& job, const Reply& reply, Turn& turn);
  void lines_listed(const Job& job, const Reply& reply, Turn& turn);
  void all_told();

  Jobs& jobs_;
  Inventory& inventory_;
  Lines& lines_;
  Counters& counters_;
  Duration answer_within_;
  bool in_steps_ = false;  ///< How devices are asked for.
  bool listing_ = false;
  bool devices_told_ = false;  ///< While listing: only lines are missing.
  std::optional<Ending> failed_;
  std::map<std::string, Wanted, std::less<>> wanted_;  ///< By device.
  std::deque<std::string> order_;                      ///< Of those.
  std::size_t active_ = 0;
};

}  // namespace linebridge::cti::qbe
