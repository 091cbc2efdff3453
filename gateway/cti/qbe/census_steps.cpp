#include <utility>

#include "cti/qbe/census.hpp"
#include "cti/qbe/messages.hpp"

/// Lists in single steps: a handle for the list, then its pages, then the handle is given back.
namespace linebridge::cti::qbe {

namespace m = messages;

void Census::list_in_steps(TimePoint now) {
  in_steps_ = listing_ = true;
  devices_told_ = false;
  add({}, Step::list_devices, now);
}

/// The list is complete when all its devices are known and nothing is asked for any more.
void Census::all_told() {
  if (listing_ && devices_told_ && wanted_.empty() && active_ == 0) listing_ = false;
}

void Census::devices_listed(const Job& job, const Reply& reply, Turn& turn) {
  if (!reply.ok()) {
    failed_ = Ending{Ending::Why::lost, reply.code, "the list of devices was refused: " + reply.failure().text};
    return;
  }
  Job next = job;
  if (job.step == Step::list_devices) {
    next.enumeration = reply.view.number(m::provider_get_device_info_response["enumeration_handle"]);
    return ask_again(next, Step::more_devices, turn.now);
  }
  constexpr const Layout& r = m::get_device_info_fetch_response;
  const Elements page = reply.view.elements(r["info"]);
  for (std::size_t i = 0; i < page.size(); ++i) {
    inventory_.device_described(page[i]);
    want(page[i].text(elements::device_info["name"]), {.described = true});
  }
  const bool more = reply.view.flag(r["more"]);
  if (more && (page.size() == 0 || ++next.pages >= most_pages)) {
    failed_ = Ending{Ending::Why::lost, 0, "the list of devices does not end"};
    return;
  }
  devices_told_ = !more;
  ask_again(next, more ? Step::more_devices : Step::end_devices, turn.now);
}

void Census::lines_listed(const Job& job, const Reply& reply, Turn& turn) {
  // A device without lines may be refused so; it has none then.
  const bool none = !reply.ok() && job.step == Step::list_lines && !passing(reply.code);
  if (none) {
    inventory_.lines_begin(job.device);
    inventory_.lines_listed(job.device, Elements({}, 0, 0, 0), false);
    return device_done(job, turn);
  }
  if (!reply.ok()) return device_failed(job, reply.failure(), turn);
  Job next = job;
  if (job.step == Step::list_lines) {
    next.enumeration = reply.view.number(m::device_get_line_info_response["enumeration_handle"]);
    inventory_.lines_begin(job.device);
    return ask_again(next, Step::more_lines, turn.now);
  }
  constexpr const Layout& r = m::get_line_info_fetch_response;
  const Elements page = reply.view.elements(r["info"]);
  // Nothing, and more of it, is no list: what came until then is all there is.
  const bool more = reply.view.flag(r["more"]) && page.size() > 0 && ++next.pages < most_pages;
  inventory_.lines_listed(job.device, page, more);
  if (more) return ask_again(next, Step::more_lines, turn.now);
  Job end;
  end.enumeration = job.enumeration;
  add(std::move(end), Step::end_lines, turn.now);
  device_done(job, turn);
}

}  // namespace linebridge::cti::qbe
