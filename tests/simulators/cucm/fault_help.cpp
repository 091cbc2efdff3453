#include "tests/simulators/cucm/fault.hpp"

namespace linebridge::sim::cucm {

std::string_view fault_help() {
  return "Faults, as `fault NAME|all FAULT`. MESSAGES is a message by name or id, answers, events or any "
         "(usual);\n"
         "`next N` at the end ends the fault after so many of them:\n"
         "  refuse [next N]             new connections are closed at once\n"
         "  refuse REQUEST with CODE    a failure with this code instead of doing it [next N]\n"
         "  stall                       nothing is read or sent; all goes on when the fault is cleared\n"
         "  silence [REQUEST]           what comes is read and thrown away [next N]; without REQUEST nothing "
         "is "
         "sent either\n"
         "  deaf                        heartbeats of applications do not count [next N]\n"
         "  no-heartbeat                no heartbeats are sent [next N]\n"
         "  omit MESSAGES               never sent [next N]\n"
         "  repeat MESSAGES             sent twice [next N]\n"
         "  delay TIME [MESSAGES]       sent later, in order: answers among answers, events among events [next "
         "N]\n"
         "  drip BYTES TIME [MESSAGES]  so many bytes at a time, one portion every TIME [next N]\n"
         "  half [close|stay] [at BYTE] [MESSAGES]  the next frame is cut there, then closed, or open and "
         "silent [next N]\n"
         "  reorder pairs|seed NUMBER   the events of a turn swapped two by two, or shuffled [next N turns]\n"
         "  reorder answers-first|answers-last  answers before or behind the events of their turn [next N]\n"
         "  late-response [MESSAGES]    these answers behind the events of their turn [next N]\n"
         "  garbage magic|length|sizes|oversized [MESSAGES]  frames spoiled in their header [next N]\n"
         "  longer BYTES [MESSAGES]     zeros behind the fixed part, as a newer release has fields there [next "
         "N]\n"
         "  shorter BYTES [MESSAGES]    the end of the fixed part is missing, as in an older release [next N]\n"
         "  drop                        all connections are cut, now\n"
         "  drop MESSAGES               the connection is cut instead of sending it [next N]\n"
         "  close REASON                ProviderClosedEvent with this reason, then closed, now\n"
         "  unknown [ID]                a message that nobody knows (9999) is sent, now\n";
}

}  // namespace linebridge::sim::cucm
