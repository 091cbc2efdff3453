#include <utility>

#include "tests/simulators/cucm/call_fields.hpp"
#include "tests/simulators/cucm/message_ids.hpp"
#include "tests/simulators/cucm/provider.hpp"

// Requests about more than one call, or more than its two parties.
namespace linebridge::sim::cucm {
namespace {

/// A blind transfer is a redirection that is refused in words of its own.
Code transfer_code(Code redirected) {
  switch (redirected) {
    case code::redirect_unknown_destination: return code::transfer_unallocated;
    case code::redirect_destination_busy: return code::transfer_busy;
    case code::redirect_out_of_order: return code::transfer_failed;
    case code::redirect_wrong_state: return code::illegal_call_state;
    default: return redirected;
  }
}

}  // namespace

void Provider::on_redirect(const Fields& request) {
  const Leg* on = leg(request);
  if (!on) return;
  Exchange::Redirection what;
  what.destination = request.text("redirectAddress");
  if (request.number("redirectReason") == 1) what.reason = LegReason::blind_transfer;
  enum CalledOption : std::int32_t { to_destination = 1, to_preferred = 2 };
  const std::int32_t option = request.number("calledAddressOption");
  constexpr std::int32_t search_of_caller = 1;
  what.dials_as_caller = request.number("callingSearchSpace") == search_of_caller;
  what.unconditional = request.flag("unconditional");
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

void Provider::on_blind_transfer(const Fields& request) {
  const Leg* on = leg(request);
  if (!on) return;
  if (is_ringing(on->state)) return refuse(code::illegal_call_state);
  Exchange::Redirection what;
  what.destination = request.text("destAddress");
  what.reason = LegReason::blind_transfer;
  what.original_called = what.destination;
  respond_or_refuse(transfer_code(shared_.exchange.redirect(on->id, what, now_)));
}

void Provider::on_blind_conference(const Fields& request) {
  const Leg* on = leg(request);
  if (!on) return;
  const auto made = shared_.exchange.invite(on->id, request.handle("newGlobalCallManagerID", "newGlobalCallID"),
                                            std::string(request.text("destAddress")), now_);
  if (made.code == code::ok) ++calls_made_;
  respond_or_refuse(made.code);
}

void Provider::on_dtmf(const Fields& request) {
  const Leg* on = leg(request);
  if (!on) return;
  const LegId id = on->id;
  const Code code = shared_.exchange.play_digits(id, request.numbers("dtmfDigits"));
  respond_or_refuse(code);
  if (code != code::ok) return;
  send(id::call_dtmf_complete,
       std::move(on_leg(request.number("lineID"), id).set("seq", seq_).set("result", 0)));
}

void Provider::on_play_tone(const Fields& request) {
  const Leg* on = leg(request);
  if (!on) return;
  respond_or_refuse(shared_.exchange.play_tone(on->id, request.number("tone"), request.number("direction")));
}

void Provider::on_park(const Fields& request) {
  const Leg* on = leg(request);
  if (!on) return;
  const auto parked = shared_.exchange.park(on->id, std::string(request.text("ParkAtAddress")), now_);
  parked.code == code::ok ? respond({{"ParkedAt", parked.number}}) : refuse(parked.code);
}

void Provider::on_unpark(const Fields& request) {
  const OpenLine* opened = line(request);
  if (!opened) return;
  const auto made = shared_.exchange.unpark(opened->line, request.handle("globalCallManagerID", "globalCallID"),
                                            std::string(request.text("parkedAtAddress")), now_);
  if (made.code != code::ok) return refuse(made.code);
  ++calls_made_;
  respond(on_line(request.number("lineID")));
}

}  // namespace linebridge::sim::cucm
