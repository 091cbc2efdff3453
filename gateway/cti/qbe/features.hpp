#pragma once

#include "cti/qbe/job.hpp"
#include "cti/qbe/lines.hpp"
#include "cti/qbe/turn.hpp"

namespace linebridge::cti::qbe {

/// Forwarding, do not disturb and message waiting of the open lines of one link. Nothing is remembered here:
/// forwarding and the lamp are asked for each time, do not disturb is told by the device and kept in Lines.
class Features {
public:
  Features(Jobs& jobs, Lines& lines, Duration answer_within)
      : jobs_(jobs), lines_(lines), answer_within_(answer_within) {}

  void start(driver::OperationId operation, const driver::SetForwarding& wanted, Turn& turn);
  void start(driver::OperationId operation, const driver::GetForwarding& wanted, Turn& turn);
  void start(driver::OperationId operation, const driver::SetDoNotDisturb& wanted, Turn& turn);
  void start(driver::OperationId operation, const driver::GetDoNotDisturb& wanted, Turn& turn);
  void start(driver::OperationId operation, const driver::SetMessageWaiting& wanted, Turn& turn);
  void start(driver::OperationId operation, const driver::GetMessageWaiting& wanted, Turn& turn);

  void replied(const Job& job, const Reply& reply, Turn& turn);
  void expired(const Job& job, Turn& turn);
  /// What was set too late stays set, and is told as a change.
  void replied_late(const Job& job, const Reply& reply, Turn& turn);

private:
  /// Empty, and answered, if the line is not open.
  std::optional<Job> job_for(Step step, driver::OperationId operation, driver::LineHandle line,
                             Turn& turn) const;
  void add(Job job);

  Jobs& jobs_;
  Lines& lines_;
  Duration answer_within_;
};

}  // namespace linebridge::cti::qbe
