#pragma once

#include <string>

#include "csta/edition.hpp"
#include "model/events.hpp"
#include "model/ids.hpp"
#include "model/services.hpp"

/// Writes CSTA XML (ECMA-323): whole bodies, elements strictly in the order of the schema of edition 3. Each
/// function appends one body to `out`.
namespace linebridge::csta {

/// The response to a request, or CSTAErrorCode.
void append_response(std::string& out, const model::Response& response, const Edition& edition);

/// An event for the monitor that `monitor` names.
void append_event(std::string& out, const model::MonitorId& monitor, const model::Event& event,
                  const Edition& edition);

}  // namespace linebridge::csta
