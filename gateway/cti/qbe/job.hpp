#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "cti/driver/driver.hpp"
#include "cti/qbe/pending.hpp"
#include "cti/qbe/sender.hpp"
#include "cti/qbe/view.hpp"

namespace linebridge::cti::qbe {

/// What one request is for.
enum class Step : std::uint8_t {
  open_device,
  filter_device,
  close_device,
  open_line,
  filter_line,
  close_line,
  allocate_call,
  initiate_call,
  answer_call,
  disconnect,
  fetch_device,
};

/// A request to be sent, or sent, and what is done with its answer. Which fields count depends on the step.
struct Job {
  Step step = Step::open_device;
  driver::OperationId operation = {};  ///< Answered by this step's end; 0: none.
  std::uint64_t entry = 0;             ///< Of a device or line in Lines; 0: none.
  TimePoint deadline = {};
  std::string device = {}, number = {}, partition = {};
  std::string dialled = {};
  Handle device_handle = {};
  driver::LineHandle line = {};
  driver::LegHandle leg = {};
  driver::GlobalCall call = {};
};
using Jobs = Pending<Job>;

/// The message that carries out a step; its response has the next id.
const Layout& request_of(Step step);
void send(const Job& job, Sender& sender);

/// How a response ended.
struct Reply {
  std::uint32_t code = 0;  ///< 0: done as asked.
  std::string_view text;
  const View& view;

  bool ok() const { return code == 0; }
  driver::Failure failure() const;
};
Reply reply_of(std::uint32_t id, const View& view);

}  // namespace linebridge::cti::qbe
