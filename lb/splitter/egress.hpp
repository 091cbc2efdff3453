#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lb/splitter/clients.hpp"
#include "lb/splitter/settings.hpp"
#include "sip/framing/head_view.hpp"

namespace linebridge::lb::splitter {

/// A request of a node on its way to an OCS host that has no connection here.
struct Outgoing {
  std::uint64_t dialog = 0;
  PeerId leg;  ///< Its answer goes back there.
  std::string text;
};

/// Our connections to OCS hosts: one for each host of the list, shared by dialogs, made when it is wanted.
///
/// HAProxy takes a connection before it has reached the host, so one that is up is not sure yet: what was sent
/// on it is kept until the host said something, or the time to connect has passed, so that it can be answered
/// if the connection ends before.
class Egress {
public:
  struct Way {
    enum class State : std::uint8_t { none, dialled, unsure, sure };
    State state = State::none;
    PeerId peer;
    std::vector<Outgoing> kept;
    std::size_t bytes = 0;        ///< Of `kept`.
    Address source, destination;  ///< Of the dialog that wanted it.
    Duration pause{};             ///< After the next failure: at least twice as long.
    TimePoint not_before;
    Alarms::Id due;
  };

  explicit Egress(const Settings& settings) : settings_(settings), ways_(settings.ocs.size()) {}

  /// Which of Settings::ocs the top Route of `request` names, or its Request-URI without one.
  std::optional<std::size_t> place_of(const sip::HeadView& request) const;
  /// The way that `peer` belongs to.
  std::optional<std::size_t> find(PeerId peer) const;
  bool is_sure(std::size_t place) const { return ways_[place].state == Way::State::sure; }
  Way& at(std::size_t place) { return ways_[place]; }
  std::size_t size() const { return ways_.size(); }

  bool may_keep(const Way& way, std::size_t bytes) const;
  void keep(Way& way, Outgoing request);
  void became_sure(Way& way);
  /// It ended or could not be made. What is to be answered is returned.
  std::vector<Outgoing> ended(Way& way, TimePoint now);

private:
  const Settings& settings_;
  std::vector<Way> ways_;
};

}  // namespace linebridge::lb::splitter
