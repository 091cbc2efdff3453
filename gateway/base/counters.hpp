#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace linebridge {

/// Everything that is counted, in one list: enumerator, name on the metrics page (without prefix and _total),
/// meaning.
#define LINEBRIDGE_COUNTERS(X) \
  X(sip_messages_in, "sip_messages_in", "SIP messages received whole") \
  X(sip_messages_out, "sip_messages_out", "SIP messages sent") \
  X(sip_malformed, "sip_malformed", "SIP messages or streams refused as malformed") \
  X(sip_limit, "sip_limit", "SIP messages or streams refused because a limit was passed") \
  X(sip_unknown_dialog, "sip_unknown_dialog", "Requests for no dialog of ours (481)") \
  X(sip_stray_response, "sip_stray_response", "SIP responses that match no request") \
  X(sip_cseq_backwards, "sip_cseq_backwards", "Requests whose CSeq did not grow") \
  X(invites, "invites", "Dialog-creating INVITEs") \
  X(invites_accepted, "invites_accepted", "Dialog-creating INVITEs answered 200") \
  X(invites_refused, "invites_refused", "Dialog-creating INVITEs refused") \
  X(requests_refused, "requests_refused", "Requests refused, but for INVITEs that make dialogs") \
  X(requests_challenged, "requests_challenged", "Requests of ours that OCS challenged (401, 403, 407)") \
  X(sip_stray_ack, "sip_stray_ack", "ACKs of no dialog of ours, dropped") \
  X(sip_no_ack, "sip_no_ack", "Sessions ended because their INVITE was never acknowledged") \
  X(own_connections, "own_connections", "Connections opened because requests of ours had none") \
  X(own_connections_failed, "own_connections_failed", "Connections of ours that could not be opened") \
  X(csta_requests, "csta_requests", "CSTA requests decoded") \
  X(csta_refused, "csta_refused", "CSTA requests answered by CSTAErrorCode") \
  X(csta_malformed, "csta_malformed", "Bodies that are not CSTA XML") \
  X(events_sent, "events_sent", "CSTA events sent") \
  X(events_answered, "events_answered", "CSTA events answered by the client") \
  X(events_timed_out, "events_timed_out", "CSTA events the client did not answer in time") \
  X(events_overflow, "events_overflow", "Sessions ended because their event queue was full") \
  X(sessions_expired, "sessions_expired", "Sessions ended by their session timer") \
  X(sessions_lost_link, "sessions_lost_link", "Sessions dropped because their CTI link was re-made") \
  X(cti_frames_in, "cti_frames_in", "CTI frames received") \
  X(cti_frames_out, "cti_frames_out", "CTI frames sent") \
  X(cti_malformed, "cti_malformed", "CTI streams cut because a frame was malformed") \
  X(cti_unknown_message, "cti_unknown_message", "CTI messages with an unknown id, skipped") \
  X(cti_timeouts, "cti_timeouts", "CTI requests without an answer in time") \
  X(cti_late_answers, "cti_late_answers", "CTI answers that came after their deadline") \
  X(cti_connects, "cti_connects", "Attempts to connect to a CTI Manager") \
  X(cti_losses, "cti_losses", "CTI links lost") \
  X(cti_logins_refused, "cti_logins_refused", "CTI log-ins refused") \
  X(cti_queue_full, "cti_queue_full", "CTI operations refused because the link's queue was full") \
  X(cti_stray_events, "cti_stray_events", "CTI events for a line that is not open") \
  X(cti_stray_answers, "cti_stray_answers", "CTI answers that match no request") \
  X(cti_filters_refused, "cti_filters_refused", \
    "CTI event filters of lines refused; the line is closed again") \
  X(cti_changes_dropped, "cti_changes_dropped", \
    "CTI devices told as changed and not asked for again: too many") \
  X(peers_over_buffer, "peers_over_buffer", "Connections closed because their output grew over its bound") \
  X(peers_refused, "peers_refused", "Connections refused at the door") \
  X(peers_paused, "peers_paused", "Times reading from a SIP connection stopped because it took no output") \
  X(refused_stopping, "refused_stopping", "Sign-ins refused because the node was stopping or draining") \
  X(limit_sessions, "limit_sessions", "Sign-ins refused because the node was full") \
  X(limit_sessions_of_user, "limit_sessions_of_user", \
    "Sign-ins refused because of too many sessions of one user") \
  X(limit_monitors, "limit_monitors", "Monitors refused because the session had too many") \
  X(limit_pending, "limit_pending", "CSTA requests refused because too many of the session waited") \
  X(goodbyes_sent, "goodbyes_sent", "Sessions ended with BYE because the node stopped or a drain was over") \
  X(goodbyes_answered, "goodbyes_answered", "Answers to these BYEs") \
  X(goodbyes_lost, "goodbyes_lost", "Sessions ended so without BYE: they had no connection") \
  X(tls_handshakes, "tls_handshakes", "TLS handshakes finished") \
  X(tls_refused, "tls_refused", "TLS handshakes failed or refused") \
  X(tls_broken, "tls_broken", "TLS connections that broke off or ended without saying so") \
  X(http_refused, "http_refused", \
    "HTTP streams of the local API or the metrics page refused as malformed or too large") \
  X(slow_turns, "slow_turns", "Turns of the loop over 50 ms") \
  X(splitter_responses_dropped, "splitter_responses_dropped", "Responses the splitter could give to nobody") \
  X(splitter_local_answers, "splitter_local_answers", "Requests the splitter answered itself") \
  X(splitter_legs_opened, "splitter_legs_opened", "Legs opened by the splitter") \
  X(splitter_legs_failed, "splitter_legs_failed", "Legs that could not be opened or broke") \
  X(splitter_dialogs, "splitter_dialogs", "Dialogs placed by the splitter") \
  X(splitter_replays, "splitter_replays", "Dialogs offered once more, to the other node") \
  X(splitter_unanswered, "splitter_unanswered", "Requests answered 500 because no node did in time") \
  X(splitter_full, "splitter_full", "Requests refused by the splitter because a limit was passed") \
  X(splitter_no_client, "splitter_no_client", "Requests of nodes without a connection to OCS (480)") \
  X(splitter_acks_dropped, "splitter_acks_dropped", "ACKs of no dialog, dropped") \
  X(splitter_strangers, "splitter_strangers", "Connections of hosts that are not in a list, answered 403") \
  X(splitter_node_legs, "splitter_node_legs", "Legs that nodes opened for dialogs without one") \
  X(splitter_legs_moved, "splitter_legs_moved", "Legs made anew because HAProxy was reloaded") \
  X(splitter_dials_waited, "splitter_dials_waited", "Legs that had to wait until others were connected") \
  X(egress_opened, "egress_opened", "Connections made to OCS because it had none") \
  X(egress_failed, "egress_failed", "Connections to OCS that could not be made")

enum class Counter : std::size_t {
#define X(name, text, help) name,
  LINEBRIDGE_COUNTERS(X)
#undef X
      count_
};

struct CounterText {
  std::string_view name;
  std::string_view help;
};

/// Plain integers, one set a process. Read by the metrics page and by tests.
class Counters {
public:
  static constexpr std::size_t size = static_cast<std::size_t>(Counter::count_);

  void add(Counter counter, std::uint64_t by = 1) { values_[static_cast<std::size_t>(counter)] += by; }
  std::uint64_t operator[](Counter counter) const { return values_[static_cast<std::size_t>(counter)]; }

  static constexpr std::array<CounterText, size> text = {{
#define X(name, label, help) CounterText{label, help},
      LINEBRIDGE_COUNTERS(X)
#undef X
  }};

private:
  std::array<std::uint64_t, size> values_{};
};

}  // namespace linebridge
