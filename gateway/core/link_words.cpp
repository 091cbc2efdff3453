#include "core/link_words.hpp"

#include <string_view>

#include "base/result.hpp"

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

std::string_view change_word(driver::ConferenceChanged::Change change) {
  using Change = driver::ConferenceChanged::Change;
  switch (change) {
    case Change::added: return "added";
    case Change::removed: return "removed";
    case Change::updated: return "updated";
    case Change::unknown: break;
  }
  return "changed";
}

std::string text(driver::GlobalCall call) {
  return std::to_string(call.manager) + "-" + std::to_string(call.call);
}
std::string text(driver::LegHandle leg) {
  return "leg " + std::to_string(leg.leg);
}
std::string text(driver::LineHandle line) {
  return std::to_string(line.line);
}
std::string on_off(driver::LineHandle line, bool on) {
  return text(line) + (on ? " on" : " off");
}
std::string moved(driver::GlobalCall surviving, driver::GlobalCall other) {
  return text(other) + " into " + text(surviving);
}
std::string ended(std::uint32_t transaction, bool success) {
  return std::to_string(transaction) + (success ? "" : " without success");
}

LinkWords conference(const driver::Conference& operation) {
  std::string legs = text(operation.leg);
  for (const auto other : operation.others)
    legs += " and " + text(other);
  return {"Conference", legs};
}

LinkWords outcome(const driver::Outcome& outcome) {
  return std::visit(
      Overloaded{
          [](const driver::Failure& e) { return LinkWords{"refused", e.text}; },
          [](const driver::CallStarted& e) {
            return LinkWords{"CallStarted", text(e.call) + " " + text(e.leg)};
          },
          [](const driver::LineOpened& e) { return LinkWords{"LineOpened", text(e.line)}; },
          [](const driver::Completed&) { return LinkWords{"Completed", ""}; },
          [](const driver::ForwardingIs& e) { return LinkWords{"ForwardingIs", e.destination}; },
          [](const driver::DoNotDisturbIs& e) { return LinkWords{"DoNotDisturbIs", e.on ? "on" : "off"}; },
          [](const driver::MessageWaitingIs& e) { return LinkWords{"MessageWaitingIs", e.on ? "on" : "off"}; }},
      outcome);
}

}  // namespace

LinkWords words(const driver::Operation& operation) {
  using Words = LinkWords;
  return std::visit(
      Overloaded{
          [](const driver::OpenLine& o) { return Words{"OpenLine", o.device + " " + o.number}; },
          [](const driver::CloseLine& o) { return Words{"CloseLine", text(o.line)}; },
          [](const driver::MakeCall& o) { return Words{"MakeCall", o.dialled}; },
          [](const driver::AnswerCall& o) { return Words{"AnswerCall", text(o.leg)}; },
          [](const driver::Disconnect& o) { return Words{"Disconnect", text(o.leg)}; },
          [](const driver::HoldCall& o) { return Words{"HoldCall", text(o.leg)}; },
          [](const driver::RetrieveCall& o) { return Words{"RetrieveCall", text(o.leg)}; },
          [](const driver::Consult& o) { return Words{"Consult", text(o.leg) + " " + o.dialled}; },
          [](const driver::Transfer& o) { return Words{"Transfer", text(o.leg) + " and " + text(o.other)}; },
          [](const driver::Conference& o) { return conference(o); },
          [](const driver::DropParty& o) { return Words{"DropParty", text(o.leg) + " " + text(o.party)}; },
          [](const driver::Redirect& o) { return Words{"Redirect", text(o.leg) + " " + o.destination}; },
          // Digits may be a PIN.
          [](const driver::SendDigits& o) { return Words{"SendDigits", text(o.leg)}; },
          [](const driver::SetForwarding& o) {
            return Words{"SetForwarding", text(o.line) + " " + o.destination};
          },
          [](const driver::GetForwarding& o) { return Words{"GetForwarding", text(o.line)}; },
          [](const driver::SetDoNotDisturb& o) { return Words{"SetDoNotDisturb", on_off(o.line, o.on)}; },
          [](const driver::GetDoNotDisturb& o) { return Words{"GetDoNotDisturb", text(o.line)}; },
          [](const driver::SetMessageWaiting& o) { return Words{"SetMessageWaiting", on_off(o.line, o.on)}; },
          [](const driver::GetMessageWaiting& o) { return Words{"GetMessageWaiting", text(o.line)}; },
          [](const driver::AcquireDevice& o) { return Words{"AcquireDevice", o.device}; },
          [](const driver::ReleaseDevice& o) { return Words{"ReleaseDevice", o.device}; }},
      operation);
}

LinkWords words(const driver::Event& event) {
  using Words = LinkWords;
  return std::visit(
      Overloaded{
          [](const driver::Answered& e) { return outcome(e.outcome); },
          [](const driver::LinkInService&) { return Words{"in service", ""}; },
          [](const driver::LinkLost& e) { return Words{"link lost", e.reason}; },
          [](const driver::DeviceLost& e) { return Words{"DeviceLost", e.device}; },
          [](const driver::LineInService& e) { return Words{"LineInService", text(e.line)}; },
          [](const driver::LineOutOfService& e) { return Words{"LineOutOfService", std::to_string(e.reason)}; },
          [](const driver::LineClosed& e) { return Words{"LineClosed", std::to_string(e.reason)}; },
          [](const driver::ExistingCallsTold& e) { return Words{"ExistingCallsTold", text(e.line)}; },
          [](const driver::ForwardingChanged& e) {
            return Words{"ForwardingChanged", text(e.line) + " " + e.destination};
          },
          [](const driver::DoNotDisturbChanged& e) {
            return Words{"DoNotDisturbChanged", on_off(e.line, e.on)};
          },
          [](const driver::NewCall& e) {
            return Words{"NewCall " + std::string(state_word(e.state)), text(e.call) + " " + text(e.leg)};
          },
          [](const driver::CallStateChanged& e) {
            return Words{"CallState " + std::string(state_word(e.state)), text(e.leg)};
          },
          [](const driver::PartiesChanged& e) {
            return Words{"PartyInfo", e.parties.calling + " to " + e.parties.called};
          },
          [](const driver::GlobalCallChanged& e) { return Words{"GlobalCallChanged", text(e.call)}; },
          [](const driver::TransferStarted& e) {
            return Words{"TransferStarted", moved(e.surviving, e.other)};
          },
          [](const driver::TransferEnded& e) {
            return Words{"TransferEnded", ended(e.transaction, e.success)};
          },
          [](const driver::ConferenceStarted& e) { return Words{"ConferenceStarted", text(e.surviving)}; },
          [](const driver::ConferenceEnded& e) {
            return Words{"ConferenceEnded", ended(e.transaction, e.success)};
          },
          [](const driver::ConferenceChanged& e) {
            return Words{"Conference " + std::string(change_word(e.change)),
                         text(e.leg) + " " + e.changed.number};
          }},
      event);
}

}  // namespace linebridge::core
