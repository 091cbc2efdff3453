#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <set>
#include <string>

#include "cti/qbe/job.hpp"
#include "cti/qbe/lines.hpp"
#include "cti/qbe/turn.hpp"

namespace linebridge::cti::qbe {

/// The operations on calls of one link. A new call, a consultation among them, is two requests: a global call
/// handle, then the call. All other operations are one.
class Calls {
public:
  Calls(Jobs& jobs, const Lines& lines, Duration answer_within)
      : jobs_(jobs), lines_(lines), answer_within_(answer_within) {}

  void start(driver::OperationId operation, const driver::MakeCall& wanted, Turn& turn);
  void start(driver::OperationId operation, const driver::AnswerCall& wanted, Turn& turn);
  void start(driver::OperationId operation, const driver::Disconnect& wanted, Turn& turn);
  void start(driver::OperationId operation, const driver::HoldCall& wanted, Turn& turn);
  void start(driver::OperationId operation, const driver::RetrieveCall& wanted, Turn& turn);
  void start(driver::OperationId operation, const driver::Consult& wanted, Turn& turn);
  void start(driver::OperationId operation, const driver::Transfer& wanted, Turn& turn);
  void start(driver::OperationId operation, const driver::Conference& wanted, Turn& turn);
  void start(driver::OperationId operation, const driver::DropParty& wanted, Turn& turn);
  void start(driver::OperationId operation, const driver::Redirect& wanted, Turn& turn);
  void start(driver::OperationId operation, const driver::SendDigits& wanted, Turn& turn);

  void replied(const Job& job, const Reply& reply, Turn& turn);
  /// `sent`: the request had left.
  void expired(const Job& job, bool sent, Turn& turn);
  /// A call made after it was reported as failed is hung up, unless the other side already rings: then it
  /// stays, as if it had been made at the phone. Everything else stays as it is and is told by its events.
  void replied_late(const Job& job, const Reply& reply, TimePoint now);

  /// Sees every event about a call before it is handed up.
  void observe(const driver::Event& event);

  /// Keeps operations on one leg in order: what is asked of a leg waits while a consultation for it has its
  /// handle allocated, and so does all that is asked of it later. For one walk over waiting jobs, in order.
  class InOrder {
  public:
    explicit InOrder(const Calls& calls) : calls_(calls) {}
    bool operator()(const Job& job);

  private:
    bool waits(driver::LegHandle leg, driver::OperationId operation) const;

    const Calls& calls_;
    std::set<driver::LegHandle> passed_over_;
  };
  InOrder in_order() const { return InOrder(*this); }
  void sent(const Job& job);

private:
  static constexpr std::size_t most_late = 64;
  /// A call asked for and not answered, as its events show it.
  struct Making {
    driver::LegHandle leg;
    bool rings = false;
  };
  /// Forgets it; value: whether it rang.
  bool forget(const driver::GlobalCall& call);
  template <class Wanted>
  Job job_for(Step step, driver::OperationId operation, const Wanted& wanted, TimePoint now) const;
  void add(Job job);
  void allocated(const Job& job, const Reply& reply);

  Jobs& jobs_;
  const Lines& lines_;
  Duration answer_within_;
  std::map<driver::GlobalCall, Making> making_;
  std::map<driver::LegHandle, driver::GlobalCall> legs_;         ///< Of those.
  std::deque<driver::GlobalCall> late_;                          ///< Those whose time is up, oldest first.
  std::map<driver::LegHandle, driver::OperationId> allocating_;  ///< Legs that a consultation is begun for.
};

}  // namespace linebridge::cti::qbe
