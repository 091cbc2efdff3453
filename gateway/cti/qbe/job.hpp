#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cti/driver/driver.hpp"
#include "cti/qbe/pending.hpp"
#include "cti/qbe/sender.hpp"
#include "cti/qbe/view.hpp"

namespace linebridge::cti::qbe {

/// What one request is for.
enum class Step : std::uint8_t {
  // Of lines and their devices.
  open_device,
  filter_device,
  close_device,
  open_line,
  filter_line,
  close_line,
  // Of calls.
  allocate_call,
  initiate_call,
  consult_to_transfer,
  consult_to_conference,
  answer_call,
  disconnect,
  hold_call,
  retrieve_call,
  transfer,
  join,
  drop_party,
  redirect,
  send_digits,
  // Of features.
  set_forwarding,
  get_forwarding,
  set_do_not_disturb,
  set_message_waiting,
  get_line_info,
  // Of the list of devices.
  acquire_device,
  release_device,
  fetch_device,
  list_devices,
  more_devices,
  end_devices,
  describe_device,
  list_lines,
  more_lines,
  end_lines,
};

/// Whose a step is.
enum class Owner : std::uint8_t { lines, calls, features, census };
constexpr Owner owner_of(Step step) {
  if (step <= Step::close_line) return Owner::lines;
  if (step <= Step::send_digits) return Owner::calls;
  return step <= Step::get_line_info ? Owner::features : Owner::census;
}

/// A request to be sent, or sent, and what is done with its answer. Which fields count depends on the step.
struct Job {
  Step step = Step::open_device;
  Step then = Step::initiate_call;     ///< What a call is allocated for.
  driver::OperationId operation = {};  ///< Answered by this step's end; 0: none.
  std::uint64_t entry = 0;             ///< Of a device or line in Lines; 0: none.
  TimePoint deadline = {};
  std::string device = {}, number = {}, partition = {};
  std::string dialled = {};  ///< Or a destination, or digits.
  Handle device_handle = {};
  driver::LineHandle line = {};
  driver::LegHandle leg = {};
  driver::GlobalCall call = {};
  std::vector<driver::LegHandle> others = {};  ///< Legs it is about beside `leg`.
  bool on = false;                             ///< What a feature is set to; a redirection is a blind transfer.
  std::uint32_t enumeration = 0;               ///< Handle of a list that is being read.
  std::uint32_t pages = 0;                     ///< Of that list, read so far.
  unsigned tries = 0;                          ///< Failed before this one.
  bool responded = false, completed = false;   ///< Which halves of a two-part answer are here.
  bool listed = false;                         ///< The device asked for was listed.
};
using Jobs = Pending<Job>;

/// The message that carries out a step; its response has the next id.
const Layout& request_of(Step step);
/// The event that a step waits for behind its response; null: none.
const Layout* completion_of(Step step);
void send(const Job& job, Sender& sender);

/// How many devices or lines are asked for at once where a list comes in pages.
inline constexpr std::uint32_t page_size = 50;

/// The switch's number of a digit that can be played; nothing if it cannot.
std::optional<std::uint32_t> digit_number(char digit);

/// How a response ended.
struct Reply {
  std::uint32_t code = 0;  ///< 0: done as asked.
  std::string_view text;
  const View& view;

  bool ok() const { return code == 0; }
  driver::Failure failure() const;
};
Reply reply_of(std::uint32_t id, const View& view);

/// For a step that was not answered in time.
driver::Failure timed_out(Step step);
/// For what is refused here, in the switch's own codes.
driver::Failure refused(std::uint32_t code, std::string text);
/// For what names a line that is not open on this link.
driver::Failure line_not_open();

}  // namespace linebridge::cti::qbe
