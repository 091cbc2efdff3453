#pragma once

#include <string_view>

#include "model/services.hpp"

/// What stands in traces and logs for a request, a response or an event. No text is copied: the views end with
/// what they were made of.
namespace linebridge::csta {

struct TraceWords {
  std::string_view name;   ///< Root element.
  std::string_view about;  ///< The number, call, monitor, device, status or error it is about; may be empty.
};

TraceWords trace_words(const model::Request& request);
TraceWords trace_words(const model::Response& response);
/// Of a body that was written here: its root element, and its callID if there is one.
TraceWords trace_words(std::string_view body);

}  // namespace linebridge::csta
