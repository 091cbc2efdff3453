#include <utility>

#include "tests/simulators/cucm/call_fields.hpp"
#include "tests/simulators/cucm/message_ids.hpp"
#include "tests/simulators/cucm/provider.hpp"

namespace linebridge::sim::cucm {

const Leg* Provider::leg(const Fields& request) {
  const OpenLine* opened = line(request);
  if (!opened) return nullptr;
  const Leg* leg = shared_.exchange.leg(request.number("callLegID"));
  if (leg && leg->line == opened->line && request.number("callLegCallManagerID") == cluster_node) return leg;
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

void Provider::on_redirect(const Fields& request) {
  const Leg* on = leg(request);
  if (!on) return;
  Exchange::Redirection what;
  what.destination = request.text("redirectAddress");
  if (request.number("redirectReason") == 1) what.reason = LegReason::blind_transfer;
  enum CalledOption : std::int32_t { to_destination = 1, to_preferred = 2 };
  const std::int32_t option = request.number("calledAddressOption");
  if (option == to_destination) what.original_called = what.destination;
  if (option == to_preferred) what.original_called = std::string(request.text("preferredOriginalCalledParty"));
  respond_or_refuse(shared_.exchange.redirect(on->id, what, now_));
}

void Provider::on_setup_transfer(const Fields& request) {
  consult(request, LegOrigin::outbound_transfer);
}
void Provider::on_setup_conference(const Fields& request) {
  consult(request, LegOrigin::outbound_conference);
}

void Provider::consult(const Fields& request, LegOrigin origin) {
  const Leg* on = leg(request);
  if (!on) return;
  const Party self = on->self;
  const auto made = shared_.exchange.consult(on->id, request.handle("newCallManagerID", "newGlobalCallID"),
                                             std::string(request.text("destAddress")), origin, now_);
  if (made.code != code::ok) return refuse(made.code);
  ++calls_made_;
  respond({{"consultCallManagerID", cluster_node},
           {"consultCallID", made.leg},
           {"consultLine", self.number},
           {"consultLinePartition", self.partition}});
}

void Provider::on_complete_transfer(const Fields& request) {
  const Leg* on = leg(request);
  if (on) respond_or_refuse(shared_.exchange.transfer(on->id, request.number("consultCallLegID")));
}

void Provider::on_direct_transfer(const Fields& request) {
  const Leg* on = leg(request);
  if (on) respond_or_refuse(shared_.exchange.transfer(on->id, request.handle("otherCallHandle").number));
}

void Provider::on_complete_conference(const Fields& request) {
  const Leg* on = leg(request);
  if (on) respond_or_refuse(shared_.exchange.join(on->id, {request.number("consultCallLegID")}));
}

void Provider::on_join(const Fields& request) {
  const Leg* on = leg(request);
  if (!on) return;
  std::vector<LegId> others;
  for (const Handle& other : request.handles("otherCalls"))
    others.push_back(other.number);
  respond_or_refuse(shared_.exchange.join(on->id, others));
}

void Provider::on_drop_party(const Fields& request) {
  const Leg* on = leg(request);
  if (on) respond_or_refuse(shared_.exchange.drop_party(on->id, request.number("dropPartyCallLegID")));
}

void Provider::on_dtmf(const Fields& request) {
  const Leg* on = leg(request);
  if (!on) return;
  if (on->state != LegState::connected || on->remote_in_use) return refuse(code::dtmf_wrong_state);
  respond();
  send(id::call_dtmf_complete,
       std::move(on_leg(request.number("lineID"), on->id).set("seq", seq_).set("result", 0)));
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
