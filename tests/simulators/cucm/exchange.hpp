#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/deadlines.hpp"
#include "base/time.hpp"
#include "tests/simulators/cucm/cluster_spec.hpp"
#include "tests/simulators/cucm/fields.hpp"
#include "tests/simulators/cucm/inventory_changes.hpp"
#include "tests/simulators/cucm/words.hpp"

namespace linebridge::sim::cucm {

using LegId = std::int32_t;
/// Which line on which phone: an index, stable while the cluster runs. `outside`: none of the cluster's.
using AppearanceId = std::size_t;
inline constexpr AppearanceId outside_line = static_cast<AppearanceId>(-1);
using PhoneId = std::size_t;
/// The callManagerID of every handle: the cluster has one call-processing node.
inline constexpr std::int32_t cluster_node = 1;

struct Party {
  std::string number, name, partition, device;
  friend bool operator==(const Party&, const Party&) = default;
};

/// What the exchange does by itself once its time has come.
struct Chore {
  enum class What { answer, give_up, remind };
  What what = What::answer;
  LegId leg = 0;
  std::string park_number;  ///< For `remind`.
};

/// One line appearance's part in one call.
struct Leg {
  LegId id = 0;
  Handle call;  ///< Shared by all legs of the call.
  AppearanceId line = outside_line;
  std::int32_t side = 0;  ///< Shared by the legs of one line on several phones: they are one party of the call.
  Party self;
  LegState state = LegState::idle;
  LegOrigin origin = LegOrigin::outbound;
  LegReason reason = LegReason::direct;
  Party calling, called, original_called, last_redirecting;
  bool remote_in_use = false;  ///< The call is active on another appearance of the same line.
  bool privacy = false;        ///< Nothing of the parties is told here; it cannot be retrieved here.
  bool silent = false;         ///< Rings without a sound.
  bool media = false;          ///< Audio flows to and from the phone.
  LegId consult = 0;           ///< The leg of the call that asks somebody else first.
  LegId joins = 0;             ///< The leg whose conference it enters once it is answered.
  Deadlines<Chore>::Id answers, gives_up;
  bool is_outside() const { return line == outside_line; }
};

struct Appearance {
  PhoneId phone = 0;
  std::int32_t instance = 1;  ///< Button number.
  LineSpec spec;
  std::string forward_all, forward_busy, forward_no_answer;  ///< Empty: not forwarded.
  bool message_waiting = false;
  bool attached = true;  ///< On its phone; what was taken off keeps its id and may come back.
  bool auto_accept = false;
};

struct Phone {
  PhoneSpec spec;
  bool registered = true;
  bool dnd = false;
  DndOption dnd_option = DndOption::ringer_off;
  bool privacy = false;
  std::vector<AppearanceId> lines;
  std::vector<LegId> legs;  ///< Live legs on any of its lines, oldest first.
  bool deleted = false;
  std::string profile, login_user;  ///< Who is logged in there; empty: nobody.
  std::vector<LineSpec> own_lines;  ///< While somebody is: what comes back afterwards.
};

struct Call {
  std::vector<LegId> legs;
  std::shared_ptr<const Leg> controller;  ///< Who made it a conference; null: it is none.
  std::string park_number;                ///< Where it is parked; empty: nowhere.
  int forwards = 0;
};

// What happened, in order. Each holds the leg as it was then.
struct LegAppeared {
  Leg leg;
};
struct LegChanged {
  Leg leg;
  LegCause cause = LegCause::none;
};
struct PartiesChanged {
  Leg leg;
  bool calling = false, called = false;
};
struct CallReplaced {
  Leg leg;
  LegReason reason = LegReason::transferred;
};  ///< leg.call is the new one.
/// A transfer or conference, as each line that has a part in it is told.
struct FeatureStep {
  enum class Step { transfer_started, transfer_ended, conference_started, conference_ended };
  Step step = Step::transfer_started;
  AppearanceId line = outside_line;
  bool remote_in_use = false;  ///< On that line.
  std::int32_t transaction = 0;
  Party controller, requestor;
  Handle survivor;
  std::vector<Handle> absorbed;
  LegId controller_leg = 0, other_controller_leg = 0;
  std::vector<LegId> idle_legs;  ///< At the end, for the line of who asked for it.
};
struct ConferenceChanged {
  Leg leg;
  bool added = true;
  std::vector<Leg> parties;  ///< Those that are left, or all.
  Leg changed;               ///< Who came or went.
  Leg controller, requestor;
};
/// Audio begins or ends at a phone.
struct MediaChanged {
  AppearanceId line = outside_line;
  LegId leg = 0;
  bool flows = false;
};
struct DigitHeard {
  AppearanceId line = outside_line;
  LegId leg = 0;
  std::int32_t digit = 0;
};
struct ToneChanged {
  AppearanceId line = outside_line;
  LegId leg = 0;
  std::int32_t tone = 0, direction = 0;
};
struct ForwardChanged {
  AppearanceId line = outside_line;
};
struct DndChanged {
  PhoneId phone = 0;
};
struct DndOptionChanged {
  PhoneId phone = 0;
};
using Happening =
    std::variant<LegAppeared, LegChanged, PartiesChanged, CallReplaced, FeatureStep, ConferenceChanged,
                 ForwardChanged, DndChanged, RegistrationChanged, DndOptionChanged, MediaChanged, DigitHeard,
                 ToneChanged, LineChanged, PhoneChanged, LoginChanged, AutoAcceptChanged, UserChanged>;

/// The call processing of the cluster: phones, lines, and the calls between them. No protocol, no sockets.
/// Every operation is done at once and leaves its happenings, to be taken by take_happenings().
///
/// A leg that became idle is gone. When a phone unregisters, its own legs vanish without a word: out-of-service
/// tells.
class Exchange {
public:
  /// `spec` outlives the exchange.
  explicit Exchange(const ClusterSpec& spec);

  /// A global call handle for a call to come.
  Handle allocate();

  struct Made {
    Code code = code::ok;
    LegId leg = 0;
  };
  struct Origination {
    AppearanceId line = outside_line;
    Handle call;              ///< Of allocate(), not yet used.
    std::string destination;  ///< Empty: dial tone, dial() follows.
    LegOrigin origin = LegOrigin::outbound;
    LegReason reason = LegReason::direct;
  };
  Made originate(const Origination& what, TimePoint now);
  /// A call from the world outside into the cluster.
  Made originate_outside(const std::string& number, const std::string& destination, TimePoint now);
  Code dial(LegId leg, const std::string& destination, TimePoint now);
  Code accept(LegId leg);
  Code answer(LegId leg);
  Code disconnect(LegId leg);
  Code hold(LegId leg);
  Code retrieve(LegId leg);
  /// Holds `leg` and calls on the same line.
  Made consult(LegId leg, Handle call, const std::string& destination, LegOrigin origin, TimePoint now);
  Code transfer(LegId first, LegId other);
  Code join(LegId first, const std::vector<LegId>& others);
  /// Calls, and makes a conference of it once it is answered.
  Made invite(LegId leg, Handle call, const std::string& destination, TimePoint now);
  Code drop_party(LegId leg, LegId party);
  struct Redirection {
    std::string destination;
    LegReason reason = LegReason::redirect;
    std::optional<std::string> original_called;  ///< Instead of the one there was.
    bool dials_as_caller = false;                ///< With the caller's partitions, not those of who redirects.
    bool unconditional = false;                  ///< The call ends if it cannot be moved.
  };
  Code redirect(LegId leg, const Redirection& what, TimePoint now);
  struct Parked {
    Code code = code::ok;
    std::string number;
  };
  /// `number` empty: any that is free. Who is parked is taken back by dialling the number.
  Parked park(LegId leg, const std::string& number, TimePoint now);
  /// Takes back with a new call on `line`.
  Made unpark(AppearanceId line, Handle call, const std::string& number, TimePoint now);
  /// Digits as CTI numbers them: '0' to '9', 'A' to 'D', '*', '#' are 0 to 15.
  Code play_digits(LegId leg, const std::vector<std::int32_t>& digits);
  Code play_tone(LegId leg, std::int32_t tone, std::int32_t direction);
  enum class Forward { all, busy, no_answer };
  /// Empty: not forwarded any more. Holds for all appearances of the line.
  Code set_forward(AppearanceId line, const std::string& destination, Forward when = Forward::all);
  Code set_message_waiting(std::string_view number, bool on);
  void set_dnd(PhoneId phone, bool on);
  void set_privacy(PhoneId phone, bool on);

  // What administrators do, and phones by themselves (exchange_lines.cpp).
  /// A phone that goes takes its calls with it.
  void set_registered(PhoneId phone, bool on, OutOfService out = OutOfService::unregistered,
                      RegistrationReason reason = RegistrationReason::unknown);
  /// Empty: there is one of that name.
  std::optional<PhoneId> add_phone(const PhoneSpec& spec);
  /// With its lines and their calls. Its id is not used for another name.
  void delete_phone(PhoneId phone);
  /// On the next button. Empty: the phone has it.
  std::optional<AppearanceId> add_line(PhoneId phone, const LineSpec& spec);
  /// With its calls.
  void remove_line(AppearanceId line);
  /// "Allow control from CTI" is off.
  void set_restricted(PhoneId phone, bool on);
  void set_line_restricted(AppearanceId line, bool on);
  /// The lines of the profile instead of those that are there. A registered phone restarts for it.
  void log_in(PhoneId phone, const ProfileSpec& profile);
  void log_out(PhoneId phone);
  void set_auto_accept(AppearanceId line, bool on);
  void set_dnd_option(PhoneId phone, DndOption option);
  /// Of the users: nothing of the exchange's own.
  void announce(UserChanged change) { happened_.push_back(std::move(change)); }

  void tick(TimePoint now);
  std::optional<TimePoint> next_deadline() const { return chores_.next(); }
  std::vector<Happening> take_happenings();

  const std::vector<Phone>& phones() const { return phones_; }
  const std::vector<Appearance>& lines() const { return lines_; }
  const std::map<LegId, Leg>& legs() const { return legs_; }
  const Leg* leg(LegId id) const;
  std::optional<PhoneId> phone(std::string_view name) const;
  /// The line of a phone. `partition` must agree.
  std::optional<AppearanceId> line(PhoneId phone, std::string_view number, std::string_view partition) const;
  /// All lines of that number, in whatever partition and on whatever phone.
  std::vector<AppearanceId> lines_of(std::string_view number) const;
  /// How numbers of the world outside behave; nullptr: no such number.
  const OutsideSpec* outside(std::string_view number) const;
  std::vector<LegId> legs_of(Handle call) const;
  /// nullptr: it is over, or was never made.
  const Call* call(Handle call) const;
  const ClusterSpec& spec() const { return spec_; }

private:
  struct Route;
  struct ParkSlot {
    Handle call;  ///< Of nobody: free.
    AppearanceId line = outside_line;
    Party parker;
    Deadlines<Chore>::Id reminder;
  };
  using ParkSlots = std::map<std::string, ParkSlot, std::less<>>;
  Leg& make_leg(Leg leg);
  void erase(LegId leg);
  void change(Leg& leg, LegState state, LegCause cause = LegCause::none);
  void make_idle(Leg& leg);
  void told_parties(const Leg& leg, bool calling, bool called) {
    happened_.push_back(PartiesChanged{leg, calling, called});
  }
  Party party(AppearanceId line) const;
  Party outside_party(const std::string& number) const;
  Leg* find(LegId id);
  std::vector<LegId> siblings(const Leg& leg) const;
  std::vector<LegId> far_legs(const Leg& leg) const;
  const Leg& speaker(const std::vector<LegId>& side) const;
  std::vector<LegId> own_legs(PhoneId phone) const { return phones_[phone].legs; }
  std::size_t sides(Handle call) const;
  bool is_registered(AppearanceId line) const { return phones_[lines_[line].phone].registered; }
  bool is_active(const Leg& leg) const { return leg.state == LegState::connected && !leg.remote_in_use; }
  bool has_active_leg(PhoneId phone, LegId except = 0) const;
  void hold_active(PhoneId phone, LegId except);
  std::int32_t calls_on(AppearanceId line) const;

  Route resolve(const std::string& destination, AppearanceId from) const;
  std::optional<AppearanceId> find_line(const std::string& number, AppearanceId from) const;
  void find_room(Route& route, AppearanceId line) const;
  void place(LegId caller, const std::string& destination, TimePoint now);
  void fail(Leg& caller, LegState state, LegCause cause);
  void fail(Leg& caller, const Route& route);
  void ring(const Leg& caller, const Route& route, TimePoint now);
  void ring_line(Leg leg, AppearanceId line, TimePoint now);
  void answer_in(Leg& leg, std::optional<std::chrono::milliseconds> after, TimePoint now);
  void do_chore(const Chore& chore, TimePoint now);
  void give_up(LegId ringing, TimePoint now);
  void divert(LegId leg, const Route& route, TimePoint now);
  void connect_far(LegId answered);
  void show_in_use(LegId active);
  void mark_in_use(const Leg& active);
  void show_calls_elsewhere(PhoneId phone);
  void lose(LegId leg);
  void end_side(LegId leg);
  void clear_rest(Handle call, LegCause cause, const Leg& left);
  void become_plain(Handle call);
  struct Concerned {
    AppearanceId line = outside_line;
    bool remote_in_use = false;
  };
  void tell_feature(FeatureStep step, const std::vector<Concerned>& lines, AppearanceId requestor);
  std::vector<Concerned> lines_in(const std::vector<Handle>& calls) const;
  void move_leg(Leg& leg, Handle call, LegReason reason);
  void tell_conference(Handle call, bool added, const Leg& changed, const Leg& requestor);
  Code check_join(const Leg& first, const std::vector<LegId>& others) const;
  ParkSlots::iterator free_park_slot();
  void free_slot(const std::string& number);
  void pick_up(LegId retriever, ParkSlots::iterator slot);
  void remind(const std::string& number, TimePoint now);
  AppearanceId attach(PhoneId phone, const LineSpec& spec);
  void detach(AppearanceId line, std::optional<LineChanged::What> told);
  void replace_lines(PhoneId phone, const std::vector<LineSpec>& lines);
  void restart(PhoneId phone, const ProfileSpec& profile, RegistrationReason reason);
  std::vector<LineSpec> own_line_specs(PhoneId phone) const;

  const ClusterSpec& spec_;
  std::vector<Phone> phones_;
  std::vector<Appearance> lines_;
  std::map<std::string, PhoneId, std::less<>> phones_by_name_;
  std::multimap<std::string, AppearanceId, std::less<>> lines_by_number_;
  std::multimap<PhoneId, AppearanceId> detached_;
  std::map<LegId, Leg> legs_;
  std::map<Handle, Call> calls_;
  ParkSlots park_;
  Deadlines<Chore> chores_;
  std::vector<Happening> happened_;
  std::int32_t next_call_ = 70001, next_leg_ = 0x01800001, next_transaction_ = 501, next_side_ = 1;
};

}  // namespace linebridge::sim::cucm
