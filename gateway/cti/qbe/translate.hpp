#pragma once

#include "cti/driver/driver.hpp"
#include "cti/qbe/view.hpp"

/// Messages about calls in the words of the driver.
namespace linebridge::cti::qbe {

driver::CallState call_state(std::uint32_t state);
driver::NewCall new_call(const View& event);
driver::NewCall existing_call(const View& event);
driver::CallStateChanged call_state_changed(const View& event);
driver::PartiesChanged parties_changed(const View& event);
driver::GlobalCallChanged global_call_changed(const View& event);

}  // namespace linebridge::cti::qbe
