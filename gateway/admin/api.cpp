#include "admin/api.hpp"

#include "admin/json.hpp"
#include "base/text.hpp"

namespace linebridge::admin {
namespace {

constexpr std::size_t most_trace_lines = 100'000;
constexpr std::int64_t longest_drain = 7 * 24 * 3600;

Response refusal(unsigned status, std::string why) {
  return {status, to_json(view::Refused{std::move(why)})};
}

/// %XX and plus signs of a query; what is broken stays as it is.
std::string query_text(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = text[i] == '%' ? from_hex(text.substr(i + 1, 2)) : std::nullopt;
    if (byte && byte->size() == 1) {
      out.push_back(static_cast<char>(byte->front()));
      i += 2;
    } else {
      out.push_back(text[i] == '+' ? ' ' : text[i]);
    }
  }
  return out;
}

std::variant<view::Order, Response> trace_order(std::string_view query) {
  view::ShowTrace order;
  while (!query.empty()) {
    std::string_view value = take_until(query, '&');
    const std::string_view name = take_until(value, '=');
    if (name == "session") {
      order.session = query_text(value);
    } else if (name == "most") {
      const auto most = to_number<std::size_t>(value);
      if (!most || *most == 0 || *most > most_trace_lines)
        return refusal(400, "most is a number from 1 to 100000");
      order.most = *most;
    } else if (name == "after") {
      const auto after = to_number<std::uint64_t>(value);
      if (!after) return refusal(400, "after is the number of a line");
      order.after = *after;
    } else {
      return refusal(400,
                     "unknown parameter \"" + printable(name, 40) + "\"; there are session, after and most");
    }
  }
  return order;
}

std::variant<view::Order, Response> drain_order(std::string_view method, std::string_view query) {
  if (method == "DELETE") {
    if (!query.empty()) return refusal(400, "DELETE /v1/drain takes no parameters");
    return view::Drain{false, 0};
  }
  view::Drain order;
  while (!query.empty()) {
    std::string_view value = take_until(query, '&');
    const std::string_view name = take_until(value, '=');
    if (name != "until")
      return refusal(400, "unknown parameter \"" + printable(name, 40) + "\"; there is until");
    const auto seconds = to_number<std::int64_t>(value);
    if (!seconds || *seconds < 1 || *seconds > longest_drain)
      return refusal(400, "until is a number of seconds from 1 to 604800");
    order.seconds_most = *seconds;
  }
  return order;
}

}  // namespace

std::variant<view::Order, Response> order_of(const Request& request) {
  std::string_view query = request.target;
  const std::string_view path = take_until(query, '?');
  if (path == "/v1/drain") {
    if (request.method == "POST" || request.method == "DELETE") return drain_order(request.method, query);
    return refusal(405, "/v1/drain takes POST and DELETE");
  }
  const bool status = path == "/v1/status";
  if (!status && path != "/v1/trace") {
    return refusal(404,
                   "no \"" + printable(path, 60) + "\" here; there are /v1/status, /v1/trace and /v1/drain");
  }
  if (request.method != "GET") return refusal(405, std::string(path) + " takes GET only");
  if (!status) return trace_order(query);
  if (!query.empty()) return refusal(400, "/v1/status takes no parameters");
  return view::ShowStatus{};
}

Response response_to(const view::Answer& answer) {
  const unsigned status = std::holds_alternative<view::Refused>(answer) ? 409 : 200;
  return {status, std::visit([](const auto& one) { return to_json(one); }, answer)};
}

}  // namespace linebridge::admin
