#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// CSTA XML of edition 3 (ECMA-323) as a client writes and reads it: a few bodies, and a scanner that finds
/// elements by local name.
namespace linebridge::sim::ocs {

/// A CSTA request of a client.
enum class Service : std::uint8_t {
  none,
  request_system_status,
  get_features,
  monitor_start,
  monitor_stop,
  snapshot_device,
  get_forwarding,
  get_do_not_disturb,
  make_call,
  answer_call,
  hold_call,
  retrieve_call,
  clear_connection,
  echo,  ///< Not CSTA: any text, which a scripted node sends back.
};
/// The root element of the request: "MakeCall". Its response is called so with "Response" behind.
std::string_view name_of(Service service);
/// The event that the service causes on the line itself; empty if none.
std::string_view event_of(Service service);

/// What a request is about.
struct Subject {
  std::string_view line;     ///< The user's line URI.
  std::string_view monitor;  ///< monitorCrossRefID.
  std::string_view number;   ///< MakeCall: what was dialled.
  std::string_view call;     ///< callID.
};
std::string write_request(Service service, const Subject& about);
/// A number as Communicator sends it: "tel:" is put before what is no URI; digits without "+" are dial strings.
std::string dialled(std::string_view number);

/// Local name of the root element; empty if there is none.
std::string_view root_of(std::string_view body);
/// What stands inside the first element of this local name; empty if there is none.
std::string_view inside(std::string_view body, std::string_view element);
/// The same as text: trimmed, entities resolved.
std::string text_in(std::string_view body, std::string_view element);
/// What stands inside every element of this name, in order; elements of one name do not nest.
std::vector<std::string_view> each_inside(std::string_view body, std::string_view element);

std::string escaped(std::string_view text);

}  // namespace linebridge::sim::ocs
