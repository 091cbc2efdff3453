#include "csta/decode.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "csta/features.hpp"
#include "csta/words.hpp"

namespace linebridge::csta {
namespace {

/// The longest name of an unknown root element that is kept.
constexpr std::size_t most_name = 60;

/// A document read as one request: parameters by the names of their elements.
class Reader {
public:
  explicit Reader(const XmlDocument& document) : document_(document) {}

  std::string text(std::string_view name) const { return std::string(document_.text({name})); }
  model::DeviceId device(std::string_view name) const { return {text(name)}; }
  model::DeviceId device_in(std::string_view outer, std::string_view name) const {
    return {std::string(document_.text({outer, name}))};
  }
  model::ConnectionId connection(std::string_view name) const {
    return {{std::string(document_.text({name, "callID"}))}, {std::string(document_.text({name, "deviceID"}))}};
  }
  model::ConnectionId connection_in(std::string_view outer, std::string_view name) const {
    return {{std::string(document_.text({outer, name, "callID"}))},
            {std::string(document_.text({outer, name, "deviceID"}))}};
  }
  template <class E>
  model::Parameter<E> word(std::string_view name) const {
    return parameter<E>(name, [](std::string_view text) { return value_of<E>(text); });
  }
  model::Parameter<bool> flag(std::string_view name) const { return parameter<bool>(name, boolean); }
  model::Parameter<std::uint32_t> number(std::string_view name) const {
    return parameter<std::uint32_t>(name, [](std::string_view text) { return to_number<std::uint32_t>(text); });
  }

private:
  /// XML Schema part 2, 3.2.2.
  static std::optional<bool> boolean(std::string_view text) {
    if (text == "true" || text == "1") return true;
    if (text == "false" || text == "0") return false;
    return std::nullopt;
  }
  template <class T, class Read>
  model::Parameter<T> parameter(std::string_view name, Read read) const {
    const XmlElement* const element = document_.path({name});
    if (element == nullptr) return {};
    const auto value = read(trim(element->text));
    return {value, !value.has_value()};
  }

  const XmlDocument& document_;
};

// One function a service: its parameters as ECMA-323 names them.
void read(const Reader&, model::GetCstaFeatures&) {}
void read(const Reader&, model::RequestSystemStatus&) {}
void read(const Reader& in, model::TellSystemStatus& out) {
  out.status = in.word<model::SystemStatus>("systemStatus");
}
void read(const Reader& in, model::MonitorStart& out) {
  out.device = in.device_in("monitorObject", "deviceObject");
  out.call = in.connection_in("monitorObject", "callObject");
  out.type = in.word<model::MonitorType>("monitorType");
}
void read(const Reader& in, model::MonitorStop& out) {
  out.monitor = {in.text("monitorCrossRefID")};
}
void read(const Reader& in, model::SnapshotCall& out) {
  out.call = in.connection("snapshotObject");
}
void read(const Reader& in, model::SnapshotDevice& out) {
  out.device = in.device("snapshotObject");
}
template <class TwoCalls>
void read_two_calls(const Reader& in, TwoCalls& out) {
  out.held = in.connection("heldCall");
  out.active = in.connection("activeCall");
}
void read(const Reader& in, model::AlternateCall& out) {
  read_two_calls(in, out);
}
void read(const Reader& in, model::AnswerCall& out) {
  out.call = in.connection("callToBeAnswered");
}
void read(const Reader& in, model::ClearCall& out) {
  out.call = in.connection("callToBeCleared");
  out.reason = in.word<model::EventCause>("reason");
}
void read(const Reader& in, model::ClearConnection& out) {
  out.connection = in.connection("connectionToBeCleared");
  out.reason = in.word<model::EventCause>("reason");
}
void read(const Reader& in, model::ConferenceCall& out) {
  read_two_calls(in, out);
}
void read(const Reader& in, model::ConsultationCall& out) {
  out.existing = in.connection("existingCall");
  out.consulted = in.device("consultedDevice");
  out.options = in.word<model::ConsultOptions>("consultOptions");
}
void read(const Reader& in, model::DeflectCall& out) {
  out.call = in.connection("callToBeDiverted");
  out.destination = in.device("newDestination");
}
void read(const Reader& in, model::HoldCall& out) {
  out.call = in.connection("callToBeHeld");
}
void read(const Reader& in, model::MakeCall& out) {
  out.calling = in.device("callingDevice");
  out.called = in.device("calledDirectoryNumber");
  out.prompt = in.text("autoOriginate") != "doNotPrompt";  // ECMA-269: prompt is the default
}
void read(const Reader& in, model::ReconnectCall& out) {
  read_two_calls(in, out);
}
void read(const Reader& in, model::RetrieveCall& out) {
  out.call = in.connection("callToBeRetrieved");
}
void read(const Reader& in, model::SingleStepTransferCall& out) {
  out.active = in.connection("activeCall");
  out.destination = in.device("transferredTo");
}
void read(const Reader& in, model::TransferCall& out) {
  read_two_calls(in, out);
}
void read(const Reader& in, model::GenerateDigits& out) {
  out.connection = in.connection("connectionToSendDigits");
  out.digits = in.text("charactersToSend");
  out.mode = in.word<model::DigitMode>("digitMode");
  out.tone_ms = in.number("toneDuration");
  out.pause_ms = in.number("pauseDuration");
}
void read(const Reader& in, model::SetMessageWaitingIndicator& out) {
  out.device = in.device("device");
  out.on = in.flag("messageWaitingOn");
  out.about = in.device("deviceForMessage");
}
void read(const Reader& in, model::SetDoNotDisturb& out) {
  out.device = in.device("device");
  out.on = in.flag("doNotDisturbOn");
}
void read(const Reader& in, model::SetForwarding& out) {
  out.device = in.device("device");
  out.type = in.word<model::ForwardingType>("forwardingType");
  out.on = in.flag("activateForward");
  out.to = in.device("forwardDN");
  out.rings = in.number("ringCount");
}
/// GetMessageWaitingIndicator, GetDoNotDisturb, GetForwarding: a device and no more.
template <class Get>
void read(const Reader& in, Get& out) {
  out.device = in.device("device");
}

using ReadInto = model::Request (*)(const Reader&);
template <std::size_t index>
model::Request read_one(const Reader& in) {
  std::variant_alternative_t<index, model::Request> out;
  read(in, out);
  return out;
}
/// In the order of the table of services.
constexpr auto readers = []<std::size_t... indexes>(std::index_sequence<indexes...>) {
  return std::array<ReadInto, sizeof...(indexes)>{read_one<indexes>...};
}(std::make_index_sequence<services.size()>());

bool is_answer_or_event(std::string_view root) {
  return root == "CSTAErrorCode" || root.ends_with("Response") || root.ends_with("Event");
}

model::Request request_of(const XmlDocument& document) {
  const std::string_view name = document.root().name;
  const auto row =
      std::find_if(services.begin(), services.end(), [&](const ServiceRow& each) { return each.root == name; });
  if (row != services.end()) return readers[static_cast<std::size_t>(row - services.begin())](Reader(document));
  if (is_answer_or_event(name)) return model::NotARequest{printable(name, most_name)};
  return model::UnknownService{printable(name, most_name)};
}

}  // namespace

Result<Decoded> Decoder::decode(std::string_view body) {
  const auto document = reader_.read(body);
  if (!document) return document.error();

  const XmlElement& root = document.value().root();
  auto edition = edition_of(root.space);
  auto request = request_of(document.value());
  const bool unnamed = root.space.empty() && row_of(request) == nullptr;
  if (!edition || unnamed) {
    return Error{Errc::unsupported, "root element \"" + printable(root.name, most_name) + "\" in namespace \"" +
                                        printable(root.space, 100) + "\" is not CSTA"};
  }
  return Decoded{std::move(request),
                 {std::string(document.value().text({"extensions", "privateData", "private", "line"}))},
                 std::move(*edition)};
}

Result<Decoded> decode(std::string_view body) {
  return Decoder().decode(body);
}

}  // namespace linebridge::csta
