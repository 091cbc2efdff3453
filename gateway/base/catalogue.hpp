#pragma once

#include "base/log.hpp"

/// Every kind of log line, so that an administrator can look each one up. One block a room; ids are never
/// reused.
namespace linebridge::catalogue {

// The node: SIP and sessions.
inline constexpr LogKind sip_stream_refused{"LB-SIP-001", Level::warning, "SIP stream refused and closed"};
inline constexpr LogKind sip_message_refused{"LB-SIP-002", Level::warning, "SIP message refused"};
inline constexpr LogKind sip_cseq_backwards{"LB-SIP-005", Level::debug, "CSeq did not grow, accepted"};
inline constexpr LogKind request_refused{"LB-SIP-008", Level::notice, "Request refused"};
inline constexpr LogKind sip_stray_response{"LB-SIP-009", Level::debug, "Response that matches no request"};
inline constexpr LogKind request_challenged{
    "LB-SIP-010", Level::alarm, "OCS refuses our requests: is this host one of its authorised hosts?"};
inline constexpr LogKind own_connection_up{"LB-SIP-011", Level::info, "Connected to OCS for requests of ours"};
inline constexpr LogKind own_connection_failed{"LB-SIP-012", Level::warning,
                                               "Cannot connect to OCS for requests of ours"};
inline constexpr LogKind sip_stray_ack{"LB-SIP-013", Level::debug, "ACK of no dialog, dropped"};
inline constexpr LogKind peer_over_buffer{"LB-SIP-007", Level::warning,
                                          "Connection closed: its peer does not read"};
inline constexpr LogKind session_accepted{"LB-SES-001", Level::info, "Client signed in"};
inline constexpr LogKind session_refused{"LB-SES-002", Level::warning, "Sign-in refused"};
inline constexpr LogKind session_ended{"LB-SES-003", Level::info, "Session ended"};
inline constexpr LogKind session_replaced{"LB-SES-004", Level::info,
                                          "Session replaced by a new sign-in of the same endpoint"};
inline constexpr LogKind session_silent{"LB-SES-005", Level::notice,
                                        "Client answers no events; they are sent without waiting"};
inline constexpr LogKind csta_refused{"LB-CSTA-001", Level::info, "CSTA request refused"};
inline constexpr LogKind csta_not_served{"LB-CSTA-003", Level::warning,
                                         "The site's features file advertises services that are refused"};

// The node: its stop, its drain, its limits.
inline constexpr LogKind node_stopping{"LB-NODE-001", Level::notice, "The node stops; its sessions are ended"};
inline constexpr LogKind node_told{"LB-NODE-002", Level::notice, "The sessions are ended"};
inline constexpr LogKind node_draining{"LB-NODE-003", Level::notice,
                                       "The node drains: it takes no new sessions"};
inline constexpr LogKind node_drained{"LB-NODE-004", Level::notice,
                                      "The drain is done: the node has no session"};
inline constexpr LogKind node_drain_over{"LB-NODE-005", Level::notice,
                                         "The time of the drain is up; the sessions left are ended"};
inline constexpr LogKind node_drain_undone{"LB-NODE-006", Level::notice,
                                           "The drain is undone: the node takes new sessions"};
inline constexpr LogKind session_unreachable{"LB-NODE-007", Level::warning,
                                             "Session ended without BYE: it has no connection"};
inline constexpr LogKind node_nearly_full{"LB-NODE-008", Level::alarm,
                                          "Nine tenths of the sessions the node takes are there"};
inline constexpr LogKind node_has_room{"LB-NODE-009", Level::notice,
                                       "The node has room again: its sessions fell below eight tenths"};
inline constexpr LogKind limit_monitors{"LB-NODE-010", Level::warning,
                                        "Monitor refused: its session has too many"};
inline constexpr LogKind peer_paused{"LB-NODE-011", Level::notice,
                                     "Nothing is read from a connection that takes its output slowly"};

// The node: CTI links.
inline constexpr LogKind link_connecting{"LB-CTI-001", Level::info, "Connecting to CTI Manager"};
inline constexpr LogKind link_in_service{"LB-CTI-002", Level::notice, "CTI link in service"};
inline constexpr LogKind link_lost{"LB-CTI-003", Level::alarm, "CTI link lost"};
inline constexpr LogKind link_login_refused{"LB-CTI-004", Level::alarm, "CTI Manager refused the log-in"};
inline constexpr LogKind link_frame_refused{"LB-CTI-005", Level::error, "CTI stream is malformed, link closed"};
inline constexpr LogKind link_unknown_message{"LB-CTI-006", Level::notice,
                                              "CTI message with an unknown id skipped"};
inline constexpr LogKind link_request_timeout{"LB-CTI-007", Level::warning, "CTI request not answered in time"};
inline constexpr LogKind link_message_refused{"LB-CTI-008", Level::error,
                                              "CTI message with impossible fields skipped"};
inline constexpr LogKind link_answer_refused{"LB-CTI-009", Level::warning,
                                             "CTI answer that does not fit its request skipped"};
inline constexpr LogKind link_other_version{"LB-CTI-010", Level::notice,
                                            "CTI Manager wants another protocol version, trying the next"};
inline constexpr LogKind link_refused{"LB-CTI-011", Level::alarm, "CTI Manager and this node do not fit"};
inline constexpr LogKind link_failed{"LB-CTI-013", Level::alarm, "CTI Manager not reached"};
inline constexpr LogKind link_closed{"LB-CTI-014", Level::info, "CTI link closed by us"};
inline constexpr LogKind link_no_directory{"LB-CTI-015", Level::alarm,
                                           "CTI Manager cannot look the user up: its directory is down"};
inline constexpr LogKind link_full{"LB-CTI-016", Level::alarm, "CTI Manager takes no more connections"};
inline constexpr LogKind link_late_answer{"LB-CTI-012", Level::notice, "CTI answer came after its deadline"};

// The programs.
inline constexpr LogKind process_started{"LB-APP-001", Level::notice, "Started"};
inline constexpr LogKind process_stopping{"LB-APP-002", Level::notice, "Stopping"};
inline constexpr LogKind listening{"LB-APP-003", Level::info, "Listening"};
inline constexpr LogKind slow_turn{"LB-APP-004", Level::warning, "A turn of the loop took over 50 ms"};
inline constexpr LogKind accept_failed{"LB-APP-005", Level::error, "Cannot accept connections"};
inline constexpr LogKind http_refused{"LB-APP-006", Level::warning, "HTTP stream refused and closed"};

// The shell: sockets of all programs.
inline constexpr LogKind preface_refused{"LB-NET-001", Level::warning,
                                         "Connection closed: no usable PROXY header"};
inline constexpr LogKind too_many_peers{"LB-NET-002", Level::warning, "Connection closed: too many are open"};
inline constexpr LogKind dial_failed{"LB-NET-003", Level::info, "Cannot connect"};
inline constexpr LogKind dial_without_tls{"LB-NET-004", Level::error,
                                          "Cannot connect: TLS is asked for and not there"};
inline constexpr LogKind tls_refused{"LB-NET-005", Level::warning, "Connection closed: no TLS with this peer"};
inline constexpr LogKind tls_broken{"LB-NET-006", Level::info, "TLS connection broke off"};
inline constexpr LogKind tls_in_use{"LB-NET-007", Level::info, "TLS certificate in use"};
inline constexpr LogKind tls_legacy{"LB-NET-008", Level::warning,
                                    "Legacy TLS is on: TLS 1.0 and weak keys are taken on this socket"};
inline constexpr LogKind tls_not_renewed{"LB-NET-009", Level::error,
                                         "TLS certificate not renewed, the old one stays in use"};

// The front end.
inline constexpr LogKind splitter_stream_refused{"LB-LB-001", Level::warning, "SIP stream refused and closed"};
inline constexpr LogKind splitter_no_node{"LB-LB-002", Level::error,
                                          "No node took the dialog, answered locally"};
inline constexpr LogKind splitter_leg_lost{"LB-LB-003", Level::notice, "Leg of a dialog lost"};
inline constexpr LogKind splitter_client_connected{"LB-LB-005", Level::info, "OCS host connected"};
inline constexpr LogKind splitter_client_gone{"LB-LB-006", Level::info, "Connection of an OCS host ended"};
inline constexpr LogKind splitter_client_stalled{"LB-LB-007", Level::error,
                                                 "OCS host does not read, its connection is dropped"};
inline constexpr LogKind splitter_message_refused{"LB-LB-008", Level::warning, "SIP message of OCS refused"};
inline constexpr LogKind splitter_unanswered{"LB-LB-009", Level::warning,
                                             "Node did not answer in time, OCS gets 500"};
inline constexpr LogKind splitter_offered_again{"LB-LB-010", Level::notice,
                                                "What the first node did not answer is offered once more"};
inline constexpr LogKind splitter_leg_full{"LB-LB-011", Level::error, "Node does not read, its leg is closed"};
inline constexpr LogKind splitter_full{"LB-LB-012", Level::alarm, "New dialog refused: too many"};
inline constexpr LogKind splitter_no_client{"LB-LB-013", Level::warning,
                                            "Request of a node has no connection to OCS, answered 480"};
inline constexpr LogKind splitter_stray_request{"LB-LB-014", Level::warning,
                                                "Node sent a request of another dialog on a leg"};
inline constexpr LogKind few_descriptors{"LB-LB-015", Level::warning,
                                         "Fewer descriptors than the dialogs of the site need"};
inline constexpr LogKind splitter_response_dropped{"LB-LB-004", Level::notice,
                                                   "Response dropped: nobody waits for it"};
inline constexpr LogKind stranger_refused{"LB-LB-016", Level::warning,
                                          "Connection of a host that no list names, answered 403"};
inline constexpr LogKind node_leg_refused{"LB-LB-017", Level::warning, "Leg of a node refused and closed"};
inline constexpr LogKind egress_up{"LB-LB-018", Level::info,
                                   "Connected to an OCS host that had no connection here"};
inline constexpr LogKind egress_failed{"LB-LB-019", Level::warning,
                                       "Cannot connect to an OCS host, requests of nodes are answered 480"};
inline constexpr LogKind haproxy_reloaded{"LB-LB-020", Level::notice,
                                          "HAProxy was reloaded, its legs are made anew"};
inline constexpr LogKind haproxy_away{"LB-LB-021", Level::warning, "HAProxy's admin socket does not answer"};
inline constexpr LogKind haproxy_back{"LB-LB-022", Level::info, "HAProxy's admin socket answers"};
inline constexpr LogKind leg_not_moved{"LB-LB-023", Level::warning,
                                       "Leg could not be made anew after a reload, the old one stays"};

// The simulated CTI Managers.
inline constexpr LogKind sim_cti_connected{"LB-SIMC-001", Level::info,
                                           "Application connected to simulated CTI Manager"};
inline constexpr LogKind sim_cti_connection_ended{"LB-SIMC-002", Level::notice,
                                                  "Simulated CTI Manager ends a connection"};
inline constexpr LogKind sim_cti_message_refused{"LB-SIMC-003", Level::warning,
                                                 "Simulated CTI Manager refused a message"};
inline constexpr LogKind sim_cti_login_refused{"LB-SIMC-004", Level::warning,
                                               "Simulated CTI Manager refused a log-in"};
inline constexpr LogKind sim_cti_lost{"LB-SIMC-005", Level::info,
                                      "Connection to simulated CTI Manager is gone"};
inline constexpr LogKind sim_cti_fault{"LB-SIMC-006", Level::notice, "Simulated CTI Manager was given a fault"};
inline constexpr LogKind sim_cti_fault_met{"LB-SIMC-007", Level::info, "Fault of a simulated CTI Manager met"};
inline constexpr LogKind sim_script{"LB-SIMC-008", Level::info, "Script of the simulated cluster"};

}  // namespace linebridge::catalogue
