#pragma once

#include <string>

#include "csta/edition.hpp"
#include "model/events.hpp"
#include "model/ids.hpp"
#include "model/services.hpp"

/// Writes CSTA XML (ECMA-323): whole bodies, elements strictly in the order of the schema of edition 3. Each
/// function appends one body to `out`.
namespace linebridge::csta {

/// What a site may have written otherwise.
struct Custom {
  std::string features;  ///< The body of GetCSTAFeaturesResponse, byte for byte; empty: from the table.
  bool transferred_with_rr = false;  ///< TransferredEvent, as later editions have it, not TransferedEvent.
};

/// The response to a request, or CSTAErrorCode.
void append_response(std::string& out, const model::Response& response, const Edition& edition,
                     const Custom& custom = {});

/// An event for the monitor that `monitor` names.
void append_event(std::string& out, const model::MonitorId& monitor, const model::Event& event,
                  const Edition& edition, const Custom& custom = {});

/// The service SystemStatus as the gateway asks for it: the client is told the gateway's status.
void append_system_status(std::string& out, model::SystemStatus status, const Edition& edition);

}  // namespace linebridge::csta
