#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/random.hpp"
#include "base/time.hpp"
#include "cti/qbe/ending.hpp"
#include "cti/qbe/sender.hpp"
#include "cti/qbe/view.hpp"

namespace linebridge::cti::qbe {

/// The way of a new connection into service: ProviderInit, Open, its completion, capabilities, the list of
/// devices. The password is sent only sealed under what ProviderInit brought. Each step is one request and one
/// answer, within a time; the transitions stand in one table in login.cpp.
class Login {
public:
  struct Settings {
    std::string user, password;
    std::string application;  ///< applicationID
    std::string client;       ///< Name and version of ours.
    std::string provider;     ///< The CTI Manager as we were told to reach it.
    Duration heartbeat = std::chrono::seconds(30);
    Duration answer_within = std::chrono::seconds(10);
    Duration complete_within =
        std::chrono::seconds(60);  ///< For the log-in itself, and between two listed devices.
  };
  /// listing_in_steps: the list at once is not offered; whoever lists calls listed() and all_listed().
  enum class Phase : std::uint8_t {
    idle,
    init,
    opening,
    completing,
    capabilities,
    listing,
    listing_in_steps,
    done,
  };
  /// What the CTI Manager said of the user on the way.
  struct Learnt {
    bool controls_any_device = false;
    std::uint32_t most_devices_open = 0;                       ///< 0: not told.
    std::uint32_t devices_listed_for_user = 0;                 ///< 0: not told.
    std::optional<std::uint32_t> days_until_password_expires;  ///< Empty: it does not, or not told.
  };

  Login(Settings settings, Random& random) : settings_(std::move(settings)), random_(random) {}

  void start(Sender& sender);
  /// A message for the log-in, already opened. An Ending: it failed.
  std::optional<Ending> received(std::uint32_t id, const View& view, Sender& sender);
  /// A device was listed: the list goes on.
  void listed(TimePoint now);
  void all_listed() { phase_ = Phase::done, deadline_.reset(); }
  /// ProviderCapabilitiesInfo, also when it changes later.
  void capabilities_are(const View& info);
  /// When expired() has something to say.
  std::optional<TimePoint> deadline() const { return deadline_; }
  std::optional<Ending> expired(TimePoint now) const;

  Phase phase() const { return phase_; }
  const Learnt& learnt() const { return learnt_; }

private:
  std::optional<Ending> enter(Phase phase, Sender& sender);
  void send_init(Sender& sender);
  std::optional<Ending> send_open(Sender& sender);
  bool ours(std::uint32_t id, const View& view) const;
  void learn(std::uint32_t id, const View& view, Sender& sender);

  Settings settings_;
  Random& random_;
  Phase phase_ = Phase::idle;
  std::uint32_t seq_ = 0;  ///< Of the request that is out.
  std::optional<TimePoint> deadline_;
  std::string nonce_, certificate_;
  Learnt learnt_;
};

}  // namespace linebridge::cti::qbe
