#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/log.hpp"
#include "base/random.hpp"
#include "base/time.hpp"
#include "tests/simulators/cucm/codec.hpp"
#include "tests/simulators/cucm/exchange.hpp"
#include "tests/simulators/cucm/login.hpp"
#include "tests/simulators/cucm/outgoing.hpp"
#include "tests/simulators/cucm/traffic.hpp"

namespace linebridge::sim::cucm {

/// What the connections of a cluster share. Outlives them.
struct Shared {
  const ClusterSpec& spec;
  Exchange& exchange;
  const LoginKey& key;
  Random& random;
  Traffic& traffic;
  Log& log;
  std::int32_t next_handle = 301;  ///< Devices and lines: no two connections have the same, so a mix-up shows.
};

/// One connection of an application to a CTI Manager: log-in, heartbeats, the devices and lines it opened, and
/// what it wants to be told of them. Bytes in, bytes out; calls are the Exchange's.
///
/// Feed it with push(), then call next() until there is nothing, with take() for what it gives; what happened
/// in the exchange in between must be told to all connections before the next take(), so that a response stands
/// before the events it causes.
class Provider {
public:
  Provider(Shared& shared, std::string manager, std::int32_t number, TimePoint now);

  void push(std::string_view bytes) { reader_.push(bytes); }
  /// The next whole message, valid until the next push(). Nothing: there is none, or the connection ends.
  std::optional<Frame> next(TimePoint now);
  /// Does what the message says.
  void take(const Frame& frame, TimePoint now);
  /// Answers the message with a failure, whatever it says.
  void refuse(const Frame& frame, Code code, TimePoint now);
  void tell(const Happening& happening, TimePoint now);
  void tick(TimePoint now);
  /// Counts the silence of the application from now on: it was not listened to for a while.
  void excuse(TimePoint now) { last_in_ = now; }
  /// The CTI Manager stops.
  void shut_down(TimePoint now);
  std::optional<TimePoint> next_deadline() const;

  Outgoing take_output();
  /// The connection is to be closed after its output.
  bool ended() const { return ended_; }

  std::int32_t number() const { return number_; }
  const std::string& manager() const { return manager_; }
  const std::string& user() const { return user_; }  ///< Empty before the log-in.
  std::size_t devices_open() const { return devices_.size(); }
  std::size_t lines_open() const { return lines_.size(); }
  std::uint64_t calls_made() const { return calls_made_; }
  std::uint64_t messages_in() const { return messages_in_; }

private:
  enum class Phase { fresh, opening, open };
  struct OpenDevice {
    PhoneId phone = 0;
    Fields filter;
  };
  struct OpenLine {
    AppearanceId line = 0;
    std::int32_t device = 0;
    Fields filter;
  };
  using Handler = void (Provider::*)(const Fields& request);
  static const std::map<std::int32_t, Handler>& handlers();

  void heard(const Frame& frame, TimePoint now);
  void dispatch(const Message& request);
  void end(std::string_view why);

  void send(std::int32_t id, Fields fields = {});
  void respond(Fields fields = {});  ///< To the request in hand.
  void refuse(Code code);
  void respond_or_refuse(Code code);

  // The log-in and what comes with it.
  void on_init(const Fields& request);
  void on_open(const Fields& request);
  void on_close(const Fields& request);
  void on_heartbeat(const Fields&) {}
  void on_change_provider_filter(const Fields& request);
  void on_capabilities(const Fields& request);
  void on_list_all(const Fields& request);
  void on_list_one(const Fields& request);
  void on_device_info(const Fields& request);
  void on_acquire(const Fields& request);
  void on_release(const Fields& request);
  Code log_in(const Fields& request);
  void complete_open(Code code);
  void list(PhoneId phone, std::int32_t request);
  bool may_control(PhoneId phone) const;
  const UserSpec* user_spec() const;

  // Devices and lines.
  void on_open_device(const Fields& request);
  void on_change_device_filter(const Fields& request);
  void on_close_device(const Fields& request);
  void on_device_state(const Fields& request);
  void on_set_dnd(const Fields& request);
  void on_dnd_option(const Fields& request);
  void on_open_line(const Fields& request);
  void on_change_line_filter(const Fields& request);
  void on_close_line(const Fields& request);
  void on_line_info(const Fields& request);
  void on_set_forward(const Fields& request);
  void on_get_forward(const Fields& request);
  void on_message_waiting(const Fields& request);
  Code device_named(std::string_view name, PhoneId& phone) const;
  bool fits(const Fields& filter, std::string_view layout);
  OpenDevice* device(const Fields& request);  ///< Refuses the request if there is none.
  OpenLine* line(const Fields& request);      ///< Likewise.
  void close_line(std::int32_t handle);
  void device_in_service(std::int32_t handle, const OpenDevice& device);
  void line_in_service(std::int32_t handle);
  void tell_existing_calls(std::int32_t handle, const OpenLine& line);

  // Calls.
  void on_allocate_call(const Fields& request);
  void on_initiate(const Fields& request);
  void on_accept(const Fields& request);
  void on_answer(const Fields& request);
  void on_disconnect(const Fields& request);
  void on_hold(const Fields& request);
  void on_retrieve(const Fields& request);
  void on_dial(const Fields& request);
  void on_redirect(const Fields& request);
  void on_setup_transfer(const Fields& request);
  void on_setup_conference(const Fields& request);
  void on_complete_transfer(const Fields& request);
  void on_complete_conference(const Fields& request);
  void on_direct_transfer(const Fields& request);
  void on_join(const Fields& request);
  void on_drop_party(const Fields& request);
  void on_dtmf(const Fields& request);
  void on_call_info(const Fields& request);
  void on_blind_transfer(const Fields& request);
  void on_blind_conference(const Fields& request);
  void on_call_close(const Fields& request);
  void on_play_tone(const Fields& request);
  void on_park(const Fields& request);
  void on_unpark(const Fields& request);
  void consult(const Fields& request, LegOrigin origin);
  const Leg* leg(const Fields& request);  ///< Refuses the request if it is not a leg of an open line.

  // Events.
  struct Watch {
    std::int32_t handle = 0;
    const OpenLine* line = nullptr;
  };
  Watch watch(AppearanceId line) const;
  Watch watch(AppearanceId line, Name flag) const;
  Watch watch(const Leg& leg, Name flag) const;  ///< None for a call the application has closed.
  void tell_state(const LegChanged& change);
  void tell_media(const MediaChanged& change);
  void tell_dnd(PhoneId phone);
  void tell_dnd_option(PhoneId phone);
  void tell_registration(PhoneId phone);

  Shared& shared_;
  std::string manager_;
  std::int32_t number_;
  Phase phase_ = Phase::fresh;
  bool ended_ = false;
  FrameReader reader_;
  Dialect dialect_;
  Outgoing output_;
  std::string nonce_, user_;
  Fields provider_filter_;
  std::set<PhoneId> acquired_;
  std::map<std::int32_t, OpenDevice> devices_;
  std::map<std::int32_t, OpenLine> lines_;
  std::unordered_map<PhoneId, std::int32_t> handle_of_device_;
  std::unordered_map<AppearanceId, std::int32_t> handle_of_line_;
  std::set<LegId> closed_calls_;  ///< The application wants to hear no more of them.
  std::chrono::seconds server_heartbeat_{30};
  TimePoint now_, last_in_, last_out_;
  std::int32_t request_ = 0, seq_ = 0;
  std::uint64_t calls_made_ = 0, messages_in_ = 0;
};

}  // namespace linebridge::sim::cucm
