#include <set>

#include <gtest/gtest.h>

#include "conversation.hpp"
#include "cti/qbe/wire.hpp"

/// Every request of ours, field by field, as a published client fills it in. A field that is not named must be
/// zero, false or null.
namespace linebridge::cti::qbe {
namespace {

constexpr driver::LineHandle line{1, 145};
constexpr driver::LegHandle leg{1, 33}, other{1, 34};

/// All fields of a request that say something, in words: "name=value".
class Told {
public:
  explicit Told(const Sent& sent) : bytes_(sent.bytes) {
    const Layout& layout = *m::find(sent.id);
    EXPECT_EQ(load32(bytes_, header::fixed_size), layout.size) << layout.name << ": all fields are sent";
    tell(View::open(frame_of(bytes_), layout).value(), layout, "");
  }
  const std::set<std::string>& fields() const { return fields_; }

private:
  void tell(const View& view, const Layout& layout, const std::string& prefix) {
    for (std::uint32_t i = 0; i < layout.fields.size(); ++i) {
      const Slot slot = layout.at(i);
      const std::string name = prefix + std::string(layout.fields[i].name);
      if (name == "seq") continue;
      if (slot.type == Type::element) tell(view.element(slot), *slot.inner, name + ".");
      if (slot.type == Type::elements)
        for (std::size_t k = 0; k < view.elements(slot).size(); ++k)
          tell(view.elements(slot)[k], *slot.inner, name + "[" + std::to_string(k) + "].");
      if (const std::string value = words(view, slot, prefix.empty()); !value.empty())
        fields_.insert(name + "=" + value);
    }
  }
  std::string words(const View& view, Slot slot, bool outer) const {
    switch (slot.type) {
      case Type::number: return view.number(slot) == 0 ? "" : std::to_string(view.number(slot));
      case Type::flag: return view.flag(slot) ? "true" : "";
      case Type::text:
        if (!outer) return "'" + std::string(view.text(slot)) + "'";
        return length(slot) == 0 ? "" : "'" + std::string(view.text(slot)) + "'";
      case Type::bytes: return view.bytes(slot).empty() ? "" : "bytes";
      case Type::unicode: return view.unicode(slot).empty() ? "" : "'" + view.unicode(slot) + "'";
      case Type::numbers: {
        std::string out = "[";
        for (const auto number : view.numbers(slot))
          out += " " + std::to_string(number);
        return out + " ]";
      }
      case Type::handle:
        return std::to_string(view.handle(slot).manager) + "|" + std::to_string(view.handle(slot).number);
      case Type::handles: {
        std::string out = "[";
        for (const auto& handle : view.handles(slot))
          out += " " + std::to_string(handle.manager) + "|" + std::to_string(handle.number);
        return out + " ]";
      }
      default: return "";
    }
  }
  std::uint32_t length(Slot slot) const { return load32(bytes_, header::bytes + slot.offset + 4); }

  std::string bytes_;
  std::set<std::string> fields_;
};

using Fields = std::set<std::string>;
Fields of_line(Fields more) {
  more.insert({"line_call_manager_id=1", "line_id=145"});
  return more;
}
Fields of_leg(Fields more) {
  more.insert({"call_leg_call_manager_id=1", "call_leg_id=33"});
  return of_line(std::move(more));
}
Fields told(const Sent& sent) {
  return Told(sent).fields();
}

class QbeRequests : public testing::Test {
protected:
  QbeRequests() {
    talk.log_in({{"SEP1", {{"1001", "p"}}}});
    talk.open_line();
  }
  Sent sent(const driver::Operation& operation) {
    talk.ask(operation);
    return talk.only_request();
  }
  /// Behind the allocation of a call handle.
  Sent call(const driver::Operation& operation) {
    talk.ask(operation);
    const auto allocate = talk.only_request();
    EXPECT_EQ(allocate.id, 11u);
    EXPECT_EQ(told(allocate), Fields{});
    talk.receive(manager::done(allocate, {{"call_manager_id", 1}, {"call_id", 2001}}));
    return talk.only_request();
  }
  Conversation talk;
};

TEST_F(QbeRequests, OpenDevicesAndLinesAndAskForWhatIsNeeded) {
  Conversation fresh;
  fresh.log_in();
  fresh.ask(driver::OpenLine{"SEP1", "1001", ""});
  const auto device = fresh.only_request();
  EXPECT_EQ(told(device), (Fields{"device_name='SEP1'", "filter.dnd_changed=true"}));
  fresh.receive(Conversation::answer(device, line));
  const auto open = fresh.only_request();
  EXPECT_EQ(told(open), (Fields{"device_name='SEP1'", "line_name='1001'", "partition=''"}));
  fresh.receive(Conversation::answer(open, line));
  const auto filters = fresh.requests();
  ASSERT_EQ(filters.size(), 2u);
  EXPECT_EQ(told(filters[0]), (Fields{"call_manager_id=1", "device_id=38", "filter.dnd_changed=true"}));
  Fields wanted;
  for (const char* const flag :
       {"call_state_changed", "global_call_handle_changed", "party_info_changed", "existing_call_event",
        "new_call_event", "line_cfwd_all_status", "transfer_started", "transfer_ended", "transfer_failed",
        "conference_started", "conference_ended", "conference_failed", "existing_call_completed"})
    wanted.insert("filter." + std::string(flag) + "=true");
  EXPECT_EQ(told(filters[1]), of_line(wanted));
}

TEST_F(QbeRequests, NameThePartitionOfALine) {
  talk.ask(driver::OpenLine{"SEP1", "1002", "internal"});
  EXPECT_EQ(told(talk.only_request()),
            (Fields{"device_name='SEP1'", "line_name='1002'", "partition='internal'"}));
}

TEST_F(QbeRequests, CloseLinesAndDevices) {
  const auto close = sent(driver::CloseLine{line});
  EXPECT_EQ(told(close), of_line({}));
  talk.receive(manager::done(close));
  EXPECT_EQ(told(talk.only_request()), (Fields{"call_manager_id=1", "device_id=38"}));
}

TEST_F(QbeRequests, MakeACall) {
  const auto request = call(driver::MakeCall{line, "1002"});
  EXPECT_EQ(request.id, 43u);
  EXPECT_EQ(told(request), of_line({"global_call_manager_id=1", "global_call_id=2001", "calling_address='1001'",
                                    "dest_address='1002'", "media_device_name=''", "feature_priority=1"}));
}

TEST_F(QbeRequests, ConsultWithACallingAddressThatIsNull) {
  for (const auto purpose : {driver::Consult::Purpose::transfer, driver::Consult::Purpose::conference}) {
    const auto request = call(driver::Consult{line, leg, "1003", purpose});
    EXPECT_EQ(request.id, purpose == driver::Consult::Purpose::transfer ? 82u : 80u);
    EXPECT_EQ(told(request),
              of_leg({"new_call_manager_id=1", "new_global_call_id=2001", "dest_address='1003'"}));
  }
}

TEST_F(QbeRequests, ActOnALeg) {
  EXPECT_EQ(told(sent(driver::AnswerCall{line, leg})), of_leg({"media_device_name=''"}));
  EXPECT_EQ(told(sent(driver::Disconnect{line, leg})), of_leg({}));
  EXPECT_EQ(told(sent(driver::HoldCall{line, leg})), of_leg({"content_id=''"}));
  EXPECT_EQ(told(sent(driver::RetrieveCall{line, leg})), of_leg({}));
  EXPECT_EQ(told(sent(driver::Transfer{line, leg, other})), of_leg({"other_call_handle=1|34"}));
  EXPECT_EQ(told(sent(driver::Conference{line, leg, {other, {1, 35}}})), of_leg({"other_calls=[ 1|34 1|35 ]"}));
  EXPECT_EQ(told(sent(driver::DropParty{line, leg, other})),
            of_leg({"drop_party_call_manager_id=1", "drop_party_call_leg_id=34"}));
}

TEST_F(QbeRequests, RedirectAndTransferBlindly) {
  const auto redirect = sent(driver::Redirect{line, leg, "1003", driver::Redirect::Kind::redirect});
  EXPECT_EQ(redirect.id, 76u);
  EXPECT_EQ(told(redirect), of_leg({"redirect_address='1003'", "preferred_original_called_party='1003'",
                                    "feature_priority=1"}));
  EXPECT_EQ(told(sent(driver::Redirect{line, leg, "1003", driver::Redirect::Kind::blind_transfer})),
            of_leg({"redirect_address='1003'", "preferred_original_called_party='1003'", "feature_priority=1",
                    "redirect_reason=1", "calling_search_space=2", "called_address_option=1"}));
}

TEST_F(QbeRequests, PlayDigitsByTheirNumbers) {
  EXPECT_EQ(told(sent(driver::SendDigits{line, leg, "0129ABCD*#"})),
            of_leg({"dtmf_digits=[ 0 1 2 9 10 11 12 13 14 15 ]"}));
}

TEST_F(QbeRequests, SetAndAskForFeatures) {
  EXPECT_EQ(told(sent(driver::SetForwarding{line, "1003"})),
            of_line({"fwd_destn_info[0].cfwd_type=1", "fwd_destn_info[0].call_fwd_destination='1003'"}));
  EXPECT_EQ(told(sent(driver::SetForwarding{line, ""})),
            of_line({"fwd_destn_info[0].call_fwd_destination=''"}));
  EXPECT_EQ(told(sent(driver::GetForwarding{line})), of_line({}));
  EXPECT_EQ(told(sent(driver::SetDoNotDisturb{line, true})),
            (Fields{"call_manager_id=1", "device_id=38", "dnd_status=true"}));
  EXPECT_EQ(told(sent(driver::SetDoNotDisturb{line, false})), (Fields{"call_manager_id=1", "device_id=38"}));
  EXPECT_EQ(told(sent(driver::SetMessageWaiting{line, true})), of_line({"line_name='1001'", "lamp_mode=2"}));
  EXPECT_EQ(told(sent(driver::SetMessageWaiting{line, false})), of_line({"line_name='1001'", "lamp_mode=1"}));
  EXPECT_EQ(told(sent(driver::GetMessageWaiting{line})), of_line({}));
}

TEST_F(QbeRequests, LogIn) {
  Conversation fresh;
  fresh.start();
  const auto init = fresh.only_request();
  EXPECT_EQ(told(init), (Fields{"provider='10.0.0.1'", "qbe_client_version='Linebridge 0.1.0'",
                                "application_id='Linebridge-pub'", "plugin_name='CiscoJTAPI'"}));
  fresh.receive(manager::init_response(init.seq));
  const auto open = fresh.only_request();
  EXPECT_EQ(told(open),
            (Fields{"provider='10.0.0.1'", "qbe_client_version='Linebridge 0.1.0'", "login='linebridge'",
                    "password=bytes", "filter.device_registered=true", "filter.device_unregistered=true",
                    "filter.directory_change_notify=true", "filter.device_config_change_notify=true",
                    "filter.device_em_login_status_change_notify=true",
                    "filter.device_multi_media_capability_changed_notify=true",
                    "application_id='Linebridge-pub'", "desired_server_heartbeat_time=30",
                    "plugin_name='CiscoJTAPI'", "application_priority=2", "encrypted_key_data=bytes"}));
  fresh.receive(manager::open_response(open.seq) + manager::open_completed(open.seq));
  const auto capabilities = fresh.only_request();
  EXPECT_EQ(told(capabilities), Fields{});
  fresh.receive(manager::capabilities_response(capabilities.seq));
  EXPECT_EQ(told(fresh.only_request()), Fields{});
}

}  // namespace
}  // namespace linebridge::cti::qbe
