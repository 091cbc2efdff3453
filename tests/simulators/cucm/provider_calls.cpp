#include <utility>

#include "tests/simulators/cucm/call_fields.hpp"
#include "tests/simulators/cucm/message_ids.hpp"
#include "tests/simulators/cucm/provider.hpp"

namespace linebridge::sim::cucm {

const Leg* Provider::leg(const Fields& request) {
  const OpenLine* opened = line(request);
  if (!opened) return nullptr;
  const Leg* leg = shared_.exchange.leg(request.number("callLegID"));
  const bool known = leg && leg->line == opened->line && closed_calls_.count(leg->id) == 0;
  if (known && request.number("callLegCallManagerID") == cluster_node) return leg;
  refuse(code::illegal_handle);
  return nullptr;
}

void Provider::on_allocate_call(const Fields&) {
  const Handle call = shared_.exchange.allocate();
  respond({{"callManagerID", call.manager}, {"callID", call.number}});
}

void Provider::on_initiate(const Fields& request) {
  const OpenLine* opened = line(request);
  if (!opened) return;
  const std::string_view caller = request.text("callingAddress");
  const std::string& own = shared_.exchange.lines()[opened->line].spec.number;
  if (!caller.empty() && caller != own) return refuse(code::illegal_calling_party);
  const auto made =
      shared_.exchange.originate({opened->line, request.handle("globalCallManagerID", "globalCallID"),
                                  std::string(request.text("destAddress")), LegOrigin::outbound},
                                 now_);
  if (made.code != code::ok) return refuse(made.code);
  ++calls_made_;
  respond(on_line(request.number("lineID")).set("callManagerID", cluster_node).set("callLegID", made.leg));
}

void Provider::on_accept(const Fields& request) {
  if (const Leg* on = leg(request)) respond_or_refuse(shared_.exchange.accept(on->id));
}

void Provider::on_answer(const Fields& request) {
  if (const Leg* on = leg(request)) respond_or_refuse(shared_.exchange.answer(on->id));
}

void Provider::on_disconnect(const Fields& request) {
  if (const Leg* on = leg(request)) respond_or_refuse(shared_.exchange.disconnect(on->id));
}

void Provider::on_hold(const Fields& request) {
  if (const Leg* on = leg(request)) respond_or_refuse(shared_.exchange.hold(on->id));
}

void Provider::on_retrieve(const Fields& request) {
  if (const Leg* on = leg(request)) respond_or_refuse(shared_.exchange.retrieve(on->id));
}

void Provider::on_dial(const Fields& request) {
  const Leg* on = leg(request);
  if (on) respond_or_refuse(shared_.exchange.dial(on->id, std::string(request.text("destAddress")), now_));
}

void Provider::on_call_close(const Fields& request) {
  const Leg* on = leg(request);
  if (!on) return;
  closed_calls_.insert(on->id);
  respond();
}

void Provider::on_call_info(const Fields& request) {
  const Leg* on = leg(request);
  if (!on) return;
  Fields fields = {{"deviceName", on->self.device},     {"lineDir", on->self.number},
                   {"reason", number_of(on->reason)},   {"origin", number_of(on->origin)},
                   {"bRemoteInUse", on->remote_in_use}, {"globalizedCallingParty", on->calling.number}};
  add_parties(fields, *on);
  respond(std::move(fields));
}

}  // namespace linebridge::sim::cucm
