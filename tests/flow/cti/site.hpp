#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "cti/pool.hpp"
#include "tests/simulators/cucm/provider.hpp"

namespace linebridge::test {

/// A link pool and the simulated CTI Managers it talks to, all in memory, under a clock that the test moves.
/// Only here do the two codecs meet without anything else around them.
class CtiSite {
public:
  explicit CtiSite(std::string user = "linebridge");
  ~CtiSite();

  void start();
  /// Passes bytes until nobody has anything to say.
  void pump();
  /// Moves the clock and serves every deadline on the way.
  void advance(Duration by);
  void drop_link();

  cti::driver::LinkId link() const { return {0, pool->view(0).life}; }
  /// Asks and waits as long as an answer may take.
  cti::driver::Outcome ask(const cti::driver::Operation& operation);
  template <class Wanted>
  Wanted get(const cti::driver::Operation& operation) {
    const auto outcome = ask(operation);
    if (const auto* wanted = std::get_if<Wanted>(&outcome)) return *wanted;
    const auto* failure = std::get_if<cti::driver::Failure>(&outcome);
    ADD_FAILURE() << (failure == nullptr ? "another answer" : failure->text);
    return {};
  }
  /// Opens the line of the phone with this number and waits for its service.
  cti::driver::LineHandle open(const std::string& number);

  /// Events since the last call, without answers.
  std::vector<cti::driver::Event> events();
  /// The last event of a kind about a line.
  template <class Kind>
  std::optional<Kind> last(cti::driver::LineHandle line) const {
    std::optional<Kind> found;
    for (const auto& event : happened_)
      if (const auto* one = std::get_if<Kind>(&event))
        if (one->line == line) found = *one;
    return found;
  }
  /// The last state told of a leg.
  std::optional<cti::driver::CallState> state(cti::driver::LegHandle leg) const;
  /// The leg of the newest call told to a line.
  cti::driver::LegHandle newest(cti::driver::LineHandle line) const;

  sim::cucm::ClusterSpec spec;
  TimePoint now{std::chrono::hours(1)};
  Random random{repeatable(42)};
  Random sim_random{repeatable(43)};
  Counters counters;
  NoLog log;
  std::set<std::int32_t> omitted;                   ///< Messages of the CTI Manager that get lost.
  std::map<std::int32_t, sim::cucm::Code> refused;  ///< Requests that it refuses, with what.
  std::unique_ptr<sim::cucm::Exchange> exchange;
  std::unique_ptr<cti::Pool> pool;

private:
  void take(cti::Pool::Output& out);
  void tell_everybody();
  bool let_manager_work(cti::Pool::Output& out);

  std::string user_, to_manager_;
  std::unique_ptr<sim::cucm::Traffic> traffic_;
  std::unique_ptr<sim::cucm::Shared> shared_;
  std::unique_ptr<sim::cucm::Provider> provider_;
  std::int32_t connections_ = 0;
  bool dialled_ = false, closing_ = false;
  std::vector<cti::driver::Event> happened_;
  std::map<std::uint64_t, cti::driver::Outcome> answers_;
};

}  // namespace linebridge::test
