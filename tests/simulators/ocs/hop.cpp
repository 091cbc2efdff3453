#include "hop.hpp"

#include <utility>

#include "base/text.hpp"

namespace linebridge::sim::ocs {
namespace {

std::string sent_by(const Self& self) {
  return to_text(Address{self.at.host, self.at.port});
}

std::string own_route(const Self& self) {
  return "<sip:" + sent_by(self) + (self.tls ? ";transport=tls" : ";transport=tcp") +
         ";ms-role-rs-from;lr;ms-route-sig=" + self.signature + ">";
}

}  // namespace

void record_route(Message& request, const Self& self) {
  request.put_first("Record-Route", own_route(self));
}

Route take_route(Message& request, const Self& self) {
  const std::string_view top = request.get("Route");
  if (top.empty()) return Route::absent;
  const auto leads_to = destination(uri_in(top));
  if (!leads_to || leads_to.value() != self.at) return Route::other;
  if (top != own_route(self)) return Route::forged;
  request.remove_first("Route");
  return Route::taken;
}

void push_via(Message& request, const Self& self, const std::string& branch, PeerId from,
              const Address& sender) {
  if (Header* const via = request.find("Via"))
    via->value += ";received=" + sender.host + ";ms-received-port=" + std::to_string(sender.port) +
                  ";ms-received-cid=" + std::to_string(from.value);
  put_via(request, self, branch);
}

void put_via(Message& request, const Self& self, const std::string& branch) {
  request.put_first("Via", (self.tls ? "SIP/2.0/TLS " : "SIP/2.0/TCP ") + sent_by(self) + ";branch=" + branch +
                               ";branched=FALSE");
}

std::optional<std::string> pop_via(Message& response, const Self& self) {
  const std::string_view top = response.get("Via");
  std::string_view value = top;
  take_until(value, ' ');
  const auto branch = parameter(top, "branch");
  if (!branch || trim(value.substr(0, value.find(';'))) != sent_by(self)) return std::nullopt;
  std::string found(*branch);
  response.remove_first("Via");
  return found;
}

PeerId noted_sender(const Message& response) {
  const auto noted = parameter(response.get("Via"), "ms-received-cid");
  return {noted ? to_number<std::uint64_t>(*noted).value_or(0) : 0};
}

bool may_go_on(Message& request) {
  Header* const header = request.find("Max-Forwards");
  if (header == nullptr) {
    request.add("Max-Forwards", "70");
    return true;
  }
  const auto left = to_number<unsigned>(header->value);
  if (!left || *left == 0) return false;
  header->value = std::to_string(*left - 1);
  return true;
}

}  // namespace linebridge::sim::ocs
