#include "base/catalogue.hpp"
#include "core/impl.hpp"

namespace linebridge::core {
namespace {

namespace driver = cti::driver;

std::string_view state_word(driver::CallState state) {
  switch (state) {
    case driver::CallState::idle: return "idle";
    case driver::CallState::offering: return "offering";
    case driver::CallState::accepted: return "accepted";
    case driver::CallState::dialtone: return "dialtone";
    case driver::CallState::dialing: return "dialing";
    case driver::CallState::ringback: return "ringback";
    case driver::CallState::busy: return "busy";
    case driver::CallState::connected: return "connected";
    case driver::CallState::proceeding: return "proceeding";
    case driver::CallState::on_hold: return "on hold";
    case driver::CallState::disconnected: return "disconnected";
    case driver::CallState::remote_in_use: return "remote in use";
    case driver::CallState::unknown:
    case driver::CallState::other: break;
  }
  return "other";
}

std::string text(driver::GlobalCall call) {
  return std::to_string(call.manager) + "-" + std::to_string(call.call);
}
std::string text(driver::LegHandle leg) {
  return "leg " + std::to_string(leg.leg);
}

using Words = std::pair<std::string, std::string>;

Words words(const driver::Operation& operation) {
  return std::visit(
      Overloaded{[](const driver::OpenLine& o) { return Words("OpenLine", o.device + " " + o.number); },
                 [](const driver::CloseLine& o) { return Words("CloseLine", std::to_string(o.line.line)); },
                 [](const driver::MakeCall& o) { return Words("MakeCall", o.dialled); },
                 [](const driver::AnswerCall& o) { return Words("AnswerCall", text(o.leg)); },
                 [](const driver::Disconnect& o) { return Words("Disconnect", text(o.leg)); }},
      operation);
}

Words words(const driver::Event& event) {
  return std::visit(
      Overloaded{
          [](const driver::Answered& e) {
            if (const auto* failure = std::get_if<driver::Failure>(&e.outcome))
              return Words("refused", failure->text);
            if (const auto* call = std::get_if<driver::CallStarted>(&e.outcome))
              return Words("CallStarted", text(call->call) + " " + text(call->leg));
            if (const auto* line = std::get_if<driver::LineOpened>(&e.outcome))
              return Words("LineOpened", std::to_string(line->line.line));
            return Words("Completed", "");
          },
          [](const driver::LinkInService&) { return Words("in service", ""); },
          [](const driver::LinkLost& e) { return Words("link lost", e.reason); },
          [](const driver::LineInService& e) { return Words("LineInService", std::to_string(e.line.line)); },
          [](const driver::LineOutOfService& e) { return Words("LineOutOfService", std::to_string(e.reason)); },
          [](const driver::LineClosed& e) { return Words("LineClosed", std::to_string(e.reason)); },
          [](const driver::NewCall& e) {
            return Words("NewCall " + std::string(state_word(e.state)), text(e.call) + " " + text(e.leg));
          },
          [](const driver::CallStateChanged& e) {
            return Words("CallState " + std::string(state_word(e.state)), text(e.leg));
          },
          [](const driver::PartiesChanged& e) {
            return Words("PartyInfo", e.parties.calling + " to " + e.parties.called);
          },
          [](const driver::GlobalCallChanged& e) { return Words("GlobalCallChanged", text(e.call)); }},
      event);
}

}  // namespace

std::string& Gateway::Impl::link_buffer(std::size_t index) {
  if (link_peers_[index]) return out_->to(link_peers_[index]);
  lost_output_[index].clear();
  return lost_output_[index];
}

void Gateway::Impl::link_output() {
  cti::Pool::Output work = std::exchange(links_, std::exchange(spare_links_, {}));
  for (const auto& happened : work.events)
    link_event(happened);
  for (const auto index : work.dial) {
    const PeerId peer =
        out_->dial({settings_.cti.managers[index], std::nullopt, false, std::chrono::seconds(5)});
    link_peers_[index] = peer;
    link_of_peer_[peer.value] = index;
  }
  for (const auto index : work.close)
    if (link_peers_[index]) out_->close(link_peers_[index], Flush::yes);
  work.clear();
  if (work.events.capacity() <= most_spare) spare_links_ = std::move(work);
}

void Gateway::Impl::link_event(const cti::Pool::Happened& happened) {
  const auto [what, detail] = words(happened.event);
  trace_link(happened.link.index, false, control_.concerns(happened.link, happened.event), what, detail);
  control_.event(happened.link, happened.event, actions_);
  if (!std::holds_alternative<driver::LinkLost>(happened.event)) return;
  // What the loss ended is told first; the sessions then find themselves without a link at their next request.
  perform_all();
  control_.link_lost(happened.link);
}

void Gateway::Impl::order(const control::Order& order) {
  const std::size_t index = order.link.index;
  const auto [what, detail] = words(order.operation);
  trace_link(index, true, order.session, what, detail);
  const auto id = pool_.request(order.link, order.operation, now_, link_buffer(index), links_);
  control_.issued(order.ticket, id);
}

session::LinkState Gateway::Impl::link_state(const Session& session) const {
  const bool good = session.link.life != 0 && pool_.in_service(session.link) && control_.attached(session.id);
  return session::link_state(good, good || pool_.any_in_service());
}

}  // namespace linebridge::core
