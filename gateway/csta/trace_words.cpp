#include "csta/trace_words.hpp"

#include "csta/features.hpp"
#include "csta/words.hpp"

namespace linebridge::csta {
namespace {

std::string_view about(const model::ConnectionId& connection) {
  return connection.call.value.empty() ? connection.device.value : connection.call.value;
}

/// What it is about is the first of these that it has.
template <class T>
std::string_view about(const T& what) {
  if constexpr (requires { what.called.value.size(); }) {
    return what.called.value;
  } else if constexpr (requires { what.destination; }) {
    return what.destination.value;
  } else if constexpr (requires { what.consulted; }) {
    return what.consulted.value;
  } else if constexpr (requires { what.monitor; }) {
    return what.monitor.value;
  } else if constexpr (requires { what.device; }) {
    return what.device.value;
  } else if constexpr (requires { what.call; }) {
    return about(what.call);
  } else if constexpr (requires { what.connection; }) {
    return about(what.connection);
  } else if constexpr (requires { what.active; }) {
    return about(what.active);
  } else if constexpr (requires { what.calling.call; }) {
    return about(what.calling);
  } else if constexpr (requires { what.initiated; }) {
    return about(what.initiated);
  } else if constexpr (requires { what.error; }) {
    return what.error.value;
  } else {
    return {};
  }
}
std::string_view about(const model::StatusAnswer& answer) {
  return word(answer.status);
}
std::string_view about(const model::TellSystemStatus& request) {
  return request.status.value ? word(*request.status.value) : std::string_view{};
}
std::string_view about(const model::UnknownService&) {
  return "unknown service";
}
std::string_view about(const model::NotARequest&) {
  return "not a request";
}

std::string_view name_of(const model::Request& request) {
  if (const auto* row = row_of(request)) return row->root;
  if (const auto* unknown = std::get_if<model::UnknownService>(&request)) return unknown->name;
  return std::get<model::NotARequest>(request).name;
}

std::string_view between(std::string_view text, std::string_view before, std::string_view ends) {
  const std::size_t at = text.find(before);
  if (at == std::string_view::npos) return {};
  text.remove_prefix(at + before.size());
  return text.substr(0, text.find_first_of(ends));
}

}  // namespace

TraceWords trace_words(const model::Request& request) {
  return {name_of(request), std::visit([](const auto& one) { return about(one); }, request)};
}

TraceWords trace_words(const model::Response& response) {
  return {responses[response.index()], std::visit([](const auto& one) { return about(one); }, response)};
}

TraceWords trace_words(std::string_view body) {
  return {between(body, "\n<", " >"), between(body, "<callID>", "<")};
}

}  // namespace linebridge::csta
