#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/text.hpp"
#include "cti/driver/driver.hpp"
#include "cti/qbe/view.hpp"

namespace linebridge::cti::qbe {

/// The devices and lines that the application user may control on one link, kept up to date by what the CTI
/// Manager tells about them.
class Inventory {
public:
  /// DeviceLineInfoEvent: one device, with some or all of its lines.
  void device_listed(const View& event);
  /// DeviceRegisteredEventWithLineInfo.
  void device_registered_with_lines(const View& event);
  /// DeviceRegisteredEvent, DeviceUnregisteredEvent: their DeviceInfo.
  void device_registered(const View& info, bool registered);
  void device_removed(std::string_view name);

  // The list in single steps: a device, then its lines, page by page.
  /// DeviceInfo of a device that the user controls. It says nothing of its registration: a device seen for the
  /// first time counts as registered until an event says otherwise.
  void device_described(const View& info);
  /// A list of lines begins: the first page replaces what is known.
  void lines_begin(std::string_view device);
  /// LineInfo elements; `more`: another page follows.
  void lines_listed(std::string_view device, const Elements& lines, bool more);

  /// The line appearances for a directory number, in the order their devices were listed.
  std::vector<driver::Appearance> appearances(std::string_view number) const;
  bool knows(std::string_view device) const { return devices_.contains(device); }
  bool lists(std::string_view device, std::string_view number, std::string_view partition) const;
  std::size_t devices() const { return devices_.size(); }
  std::size_t lines() const { return lines_; }
  /// More was listed than a cluster has: what comes is not looked at any more.
  bool full() const { return devices_.size() > most_devices || lines_ > most_lines; }

private:
  static constexpr std::size_t most_devices = 100'000, most_lines = 500'000;
  struct Line {
    std::string number, partition;
    bool restricted = false;
  };
  struct Device {
    std::uint64_t order = 0;
    std::string model;
    bool registered = false;
    bool restricted = false;
    bool ip_communicator = false;
    bool more_lines = false;  ///< The last list of its lines goes on with the next event.
    std::vector<Line> lines;
  };
  using Devices = std::unordered_map<std::string, Device, TextHash, std::equal_to<>>;
  Devices::iterator device(std::string_view name);
  void set_lines(Devices::iterator device, const Elements& lines, bool more);
  void forget_lines(Devices::iterator device);

  Devices devices_;
  /// Number to the devices that carry it, by order.
  std::unordered_map<std::string, std::map<std::uint64_t, const Devices::value_type*>, TextHash,
                     std::equal_to<>>
      carriers_;
  std::uint64_t next_order_ = 0;
  std::size_t lines_ = 0;
};

}  // namespace linebridge::cti::qbe
