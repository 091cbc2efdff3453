#pragma once

#include <deque>
#include <map>

#include "cti/qbe/job.hpp"
#include "cti/qbe/lines.hpp"
#include "cti/qbe/turn.hpp"

namespace linebridge::cti::qbe {

/// The operations on calls of one link. Making a call is two requests: a global call handle, then the call.
class Calls {
public:
  Calls(Jobs& jobs, const Lines& lines, Duration answer_within)
      : jobs_(jobs), lines_(lines), answer_within_(answer_within) {}

  void make(driver::OperationId operation, const driver::MakeCall& wanted, Turn& turn);
  void answer(driver::OperationId operation, const driver::AnswerCall& wanted, TimePoint now);
  void disconnect(driver::OperationId operation, const driver::Disconnect& wanted, TimePoint now);

  void replied(const Job& job, const Reply& reply, Turn& turn);
  /// `sent`: the request had left.
  void expired(const Job& job, bool sent, Turn& turn);
  /// A call made after it was reported as failed is hung up, unless the other side already rings: then it
  /// stays, as if it had been made at the phone.
  void replied_late(const Job& job, const Reply& reply, TimePoint now);

  /// Sees every event about a call before it is handed up.
  void observe(const driver::Event& event);

private:
  static constexpr std::size_t most_late = 64;
  /// A call asked for and not answered, as its events show it.
  struct Making {
    driver::LegHandle leg;
    bool rings = false;
  };
  /// Forgets it; value: whether it rang.
  bool forget(const driver::GlobalCall& call);
  void request(Step step, driver::OperationId operation, driver::LineHandle line, driver::LegHandle leg,
               TimePoint now);

  Jobs& jobs_;
  const Lines& lines_;
  Duration answer_within_;
  std::map<driver::GlobalCall, Making> making_;
  std::map<driver::LegHandle, driver::GlobalCall> legs_;  ///< Of those.
  std::deque<driver::GlobalCall> late_;                   ///< Those whose time is up, oldest first.
};

}  // namespace linebridge::cti::qbe
