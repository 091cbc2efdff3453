#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "model/events.hpp"
#include "model/services.hpp"

/// What this gateway can do, in one place: requests are recognised, events are named, and GetCSTAFeatures is
/// answered from these tables, so nothing is advertised that is not there.
namespace linebridge::csta {

enum class Service { request_system_status, get_csta_features, monitor_start, monitor_stop, make_call };

/// Names as in ECMA-323; groups as in the capability exchange of ECMA-285.
struct ServiceRow {
  Service service;
  std::string_view root;     ///< Of the request.
  std::string_view group;    ///< In GetCSTAFeaturesResponse; rows of a group stand together.
  std::string_view feature;  ///< In its group.
};
struct EventRow {
  std::string_view root;
  std::string_view group;
  std::string_view feature;
};

inline constexpr std::array services{
    ServiceRow{Service::get_csta_features, "GetCSTAFeatures", "capExchangeServList", "getCSTAFeatures"},
    ServiceRow{Service::request_system_status, "RequestSystemStatus", "systemStatusServList",
               "requestSystemStatus"},
    ServiceRow{Service::monitor_start, "MonitorStart", "monitoringServList", "monitorStart"},
    ServiceRow{Service::monitor_stop, "MonitorStop", "monitoringServList", "monitorStop"},
    ServiceRow{Service::make_call, "MakeCall", "callControlServList", "makeCall"},
};

/// In the order of model::Event.
inline constexpr std::array events{
    EventRow{"OriginatedEvent", "callControlEvtsList", "originated"},
    EventRow{"DeliveredEvent", "callControlEvtsList", "delivered"},
    EventRow{"EstablishedEvent", "callControlEvtsList", "established"},
    EventRow{"ConnectionClearedEvent", "callControlEvtsList", "connectionCleared"},
};
static_assert(events.size() == std::variant_size_v<model::Event>);

/// The service a request's root element asks for; nothing if this gateway does not have it.
std::optional<Service> service_of(std::string_view root);

inline const EventRow& row_of(const model::Event& event) {
  return events[event.index()];
}

}  // namespace linebridge::csta
