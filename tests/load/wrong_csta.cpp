#include "tests/load/wrong_input.hpp"

/// CSTA requests that nobody may make, and things that are none (ECMA-269, ECMA-323).
namespace linebridge::test {
namespace {

std::string monitor_start(Scene& s, std::string_view device) {
  return s.csta("<MonitorStart><monitorObject><deviceObject>" + std::string(device) +
                "</deviceObject></monitorObject></MonitorStart>");
}
std::string monitor_stop(Scene& s, std::string_view monitor) {
  return s.csta("<MonitorStop><monitorCrossRefID>" + std::string(monitor) +
                "</monitorCrossRefID></MonitorStop>");
}
std::string make_call(Scene& s, std::string_view from, std::string_view to) {
  return s.csta("<MakeCall><callingDevice>" + std::string(from) + "</callingDevice><calledDirectoryNumber>" +
                std::string(to) +
                "</calledDirectoryNumber><autoOriginate>doNotPrompt</autoOriginate></MakeCall>");
}
/// A request about one connection, of a call of somebody else or of nobody.
std::string about_connection(Scene& s, std::string_view service, std::string_view parameter,
                             std::string_view call, std::string_view device) {
  const std::string name(service), part(parameter);
  return s.csta("<" + name + "><" + part + "><callID>" + std::string(call) + "</callID><deviceID>" +
                std::string(device) + "</deviceID></" + part + "></" + name + ">");
}

constexpr std::string_view own = "tel:1001;phone-context=dialstring";
constexpr std::string_view other = "tel:1002;phone-context=dialstring";
constexpr auto counted = Counter::csta_refused;
constexpr std::string_view logged = "LB-CSTA-001";
constexpr std::string_view not_served = "200 serviceNotSupported";
constexpr std::string_view not_ones_own = "200 privilegeViolationSpecifiedDevice";
constexpr std::string_view no_request = "200 generic";

constexpr WrongInput kinds[] = {
    {"a response without a request", [](Scene& s) { return s.csta("<MakeCallResponse/>"); }, no_request,
     counted, logged},
    {"an event from a client", [](Scene& s) { return s.csta("<DeliveredEvent/>"); }, no_request, counted,
     logged},
    {"an error from a client",
     [](Scene& s) { return s.csta("<CSTAErrorCode><operation>generic</operation></CSTAErrorCode>"); },
     no_request, counted, logged},
    {"a service nobody knows", [](Scene& s) { return s.csta("<OpenTheDoor/>"); }, not_served, counted, logged},
    {"MonitorStop of another's monitor", [](Scene& s) { return monitor_stop(s, s.foreign_monitor); },
     "200 invalidMonitorCrossRefID", counted, logged},
    {"MonitorStop without a monitor", [](Scene& s) { return s.csta("<MonitorStop/>"); },
     "200 invalidMonitorCrossRefID", counted, logged},
    {"MonitorStop of a long name", [](Scene& s) { return monitor_stop(s, std::string(8000, 'm')); },
     "200 invalidMonitorCrossRefID", counted, logged},
    {"MonitorStop twice",
     [](Scene& s) {
       s.wire.say(s.peer,
                  s.info().text(csta_body("<MonitorStart><monitorObject><deviceObject>" + std::string(own) +
                                          "</deviceObject></monitorObject></MonitorStart>")));
       const std::string monitor = text_in(s.wire.heard(s.peer), "monitorCrossRefID");
       const std::string first = monitor_stop(s, monitor);
       return first + ", " + monitor_stop(s, monitor);
     },
     "200, 200 invalidMonitorCrossRefID", counted, logged, 3},
    {"a ninth monitor",
     [](Scene& s) {
       std::string monitors[9], last;
       for (auto& monitor : monitors) {
         s.wire.say(s.peer,
                    s.info().text(csta_body("<MonitorStart><monitorObject><deviceObject>" + std::string(own) +
                                            "</deviceObject></monitorObject></MonitorStart>")));
         last = s.wire.heard(s.peer);
         monitor = text_in(last, "monitorCrossRefID");
       }
       for (const auto& monitor : monitors)
         if (!monitor.empty()) monitor_stop(s, monitor);
       return text_in(last, "operation") + text_in(last, "systemResourceAvailibility") +
              text_in(last, "subscribedResourceAvailability");
     },
     "objectMonitorLimitExceeded", counted, logged, 16},
    {"MonitorStart of another's line", [](Scene& s) { return monitor_start(s, other); },
     "200 privilegeViolationSpecifiedDevice", counted, logged},
    {"MonitorStart of nothing", [](Scene& s) { return s.csta("<MonitorStart/>"); }, "200 invalidDeviceID",
     counted, logged},
    {"MonitorStart of a long name", [](Scene& s) { return monitor_start(s, std::string(8000, '9')); },
     "200 invalidDeviceID", counted, logged},
    {"MakeCall from another's line", [](Scene& s) { return make_call(s, other, "1003"); },
     "200 privilegeViolationSpecifiedDevice", counted, logged},
    {"MakeCall from nowhere", [](Scene& s) { return make_call(s, "", "1002"); }, "200 invalidCallingDeviceID",
     counted, logged},
    {"MakeCall to nobody", [](Scene& s) { return make_call(s, own, ""); }, "200 invalidCalledDeviceID", counted,
     logged},
    {"MakeCall to words", [](Scene& s) { return make_call(s, own, "sip:bob@example.test; DROP TABLE calls"); },
     "200 invalidCalledDeviceID", counted, logged},
    {"MakeCall to 8,000 digits", [](Scene& s) { return make_call(s, own, std::string(8000, '1')); },
     "200 invalidCalledDeviceID", counted, logged},
    {"ClearConnection of another's call",
     [](Scene& s) {
       return about_connection(s, "ClearConnection", "connectionToBeCleared", s.foreign_call, other);
     },
     not_ones_own, counted, logged},
    {"ClearConnection of another's call as one's own",
     [](Scene& s) {
       return about_connection(s, "ClearConnection", "connectionToBeCleared", s.foreign_call, own);
     },
     "200 noConnectionToClear", counted, logged},
    {"ClearConnection of nothing", [](Scene& s) { return s.csta("<ClearConnection/>"); },
     "200 invalidConnectionID", counted, logged},
    {"ClearConnection of the only call of a line without one",
     [](Scene& s) { return about_connection(s, "ClearConnection", "connectionToBeCleared", "", own); },
     "200 noConnectionToClear", counted, logged},
    {"AnswerCall of another's call",
     [](Scene& s) { return about_connection(s, "AnswerCall", "callToBeAnswered", s.foreign_call, other); },
     not_ones_own, counted, logged},
    {"AnswerCall of a call nobody has",
     [](Scene& s) { return about_connection(s, "AnswerCall", "callToBeAnswered", "0-0", own); },
     "200 noCallToAnswer", counted, logged},
    {"HoldCall of a call nobody has",
     [](Scene& s) { return about_connection(s, "HoldCall", "callToBeHeld", "0-0", own); },
     "200 invalidConnectionID", counted, logged},
    {"RetrieveCall of a device that is none",
     [](Scene& s) { return about_connection(s, "RetrieveCall", "callToBeRetrieved", "0-0", "bob"); },
     "200 invalidConnectionID", counted, logged},
    {"DeflectCall of another's call",
     [](Scene& s) { return about_connection(s, "DeflectCall", "callToBeDiverted", s.foreign_call, other); },
     not_served, counted, logged},
    {"SetForwarding of another's line",
     [](Scene& s) {
       return s.csta("<SetForwarding><device>" + std::string(other) +
                     "</device><activateForward>true</activateForward></SetForwarding>");
     },
     not_served, counted, logged},
};

}  // namespace

std::span<const WrongInput> wrong_csta() {
  return kinds;
}

}  // namespace linebridge::test
