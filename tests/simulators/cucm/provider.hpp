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
#include "tests/simulators/cucm/directory.hpp"
#include "tests/simulators/cucm/enumerations.hpp"
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
  Directory directory{spec};
  std::map<std::string, std::int32_t> open_providers{};  ///< Of each CTI Manager.
  /// A device that applications register instead of a phone, while one does.
  struct Registration {
    std::int32_t media_type = 0;
    std::int32_t count = 0;
  };
  std::map<PhoneId, Registration> registrations{};
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
  Provider(const Provider&) = delete;
  Provider& operator=(const Provider&) = delete;
  ~Provider() { leave(); }

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
  enum class Phase { fresh, opening, open, closed };
  enum class DeviceState : std::int32_t { idle = 0, active = 1, alerting = 2, held = 3, unknown = 4 };
  struct OpenDevice {
    PhoneId phone = 0;
    Fields filter;
    DeviceState told = DeviceState::idle;  ///< What its events of device states said last.
    bool registers = false;                ///< Instead of a phone.
    bool wants_states = false;
  };
  struct OpenLine {
    AppearanceId line = 0;
    std::int32_t device = 0;
    Fields filter;
  };
  using Handler = void (Provider::*)(const Fields& request);
  static const std::map<std::int32_t, Handler>& handlers();
  static std::map<std::int32_t, Handler> handlers_of_lines();  ///< Of the connection, devices and lines.
  static std::map<std::int32_t, Handler> handlers_of_calls();

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
  void on_acquire(const Fields& request);
  void on_release(const Fields& request);
  Code log_in(const Fields& request);
  Code log_in_refused(std::string_view user, std::string_view why, Code code);
  void complete_open(Code code);
  void leave();
  std::int32_t provider_id() const;
  std::string plugin_location() const;
  const Directory::User* account() const { return shared_.directory.user(user_); }
  Fields capabilities() const;
  std::int32_t control_of(PhoneId phone) const;
  bool may_control(PhoneId phone) const { return phone < control_.size() && control_[phone] != 0; }

  // Lists of devices and lines.
  void on_list_all(const Fields& request);
  void on_list_one(const Fields& request);
  void on_device_info(const Fields& request);
  void on_get_devices(const Fields& request);
  void on_fetch_devices(const Fields& request);
  void on_close_devices(const Fields& request);
  void on_get_lines(const Fields& request);
  void on_fetch_lines(const Fields& request);
  void on_close_lines(const Fields& request);
  void list(PhoneId phone, std::int32_t request);
  bool is_in_group(PhoneId phone, std::int32_t group) const;
  void answer_list(std::optional<std::int32_t> handle);

  // Devices and lines.
  void on_open_device(const Fields& request);
  void on_register_device(const Fields& request);
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
  void on_set_ringer(const Fields& request);
  void on_set_auto_accept(const Fields& request);
  Code device_named(std::string_view name, PhoneId& phone) const;
  bool fits(const Fields& filter, std::string_view layout);
  OpenDevice* device(const Fields& request);            ///< Refuses the request if there is none.
  OpenLine* line(const Fields& request);                ///< Likewise.
  bool may_open(PhoneId phone, const Fields& request);  ///< Refuses the request if not.
  Code register_media(PhoneId phone, std::int32_t media_type);
  void unregister_media(PhoneId phone);
  std::int32_t keep_open(PhoneId phone, const Fields& filter);
  void set_filter(OpenDevice& device, const Fields& filter);
  void close_device(std::int32_t handle);
  void close_line(std::int32_t handle);
  DeviceState state_of(PhoneId phone) const;
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

  // Events of the inventory.
  enum class LineClosed : std::int32_t { undefined = 4, device_removed = 5, restricted = 8 };
  enum class DeviceClosed : std::int32_t { removed = 4, restricted = 13 };
  void tell_registration(const RegistrationChanged& change);
  void tell_unregistered(const RegistrationChanged& change, std::int32_t handle);
  void tell_phone(const PhoneChanged& change);
  void tell_line(const LineChanged& change);
  void tell_login(const LoginChanged& change);
  void tell_user(const UserChanged& change);
  void tell_super_provider();
  void tell_auto_accept(const AutoAcceptChanged& change);
  void tell_dnd_option(PhoneId phone);
  void tell_device_state(PhoneId phone);
  void tell_device_state_of(const Leg& leg) {
    if (!leg.is_outside()) tell_device_state(shared_.exchange.lines()[leg.line].phone);
  }
  void tell_user_changed(std::int32_t type, std::optional<PhoneId> phone);
  void tell_closed(std::int32_t line, LineClosed reason);
  void tell_closed(std::int32_t device, DeviceClosed reason, LineClosed of_lines);
  /// Finds out anew why the phone may be controlled, and tells what is different.
  void refresh_control(PhoneId phone);
  std::int32_t handle_of(PhoneId phone) const;
  void end_provider(std::int32_t reason, std::string_view why);

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
  bool lists_in_the_old_way_ = false;
  std::optional<TimePoint> directory_times_out_;
  std::set<PhoneId> acquired_;
  std::vector<std::int32_t> control_;  ///< Of each phone, as the application was told.
  Enumerations device_lists_, line_lists_;
  /// Closed by the cluster: the application may still close them, as it cannot know yet.
  std::set<std::int32_t> gone_;
  std::map<std::int32_t, OpenDevice> devices_;
  std::map<std::int32_t, OpenLine> lines_;
  std::unordered_map<PhoneId, std::int32_t> handle_of_device_;
  std::unordered_map<AppearanceId, std::int32_t> handle_of_line_;
  std::set<LegId> closed_calls_;  ///< The application wants to hear no more of them.
  std::chrono::seconds server_heartbeat_{30};
  TimePoint now_, last_in_, last_out_;
  std::int32_t request_ = 0, seq_ = 0, open_seq_ = 0;
  std::uint64_t calls_made_ = 0, messages_in_ = 0;
};

}  // namespace linebridge::sim::cucm
