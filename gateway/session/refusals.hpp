#pragma once

#include <string>

#include "session/refusal.hpp"

/// Every refusal of a request that is not a matter of CSTA, with its code of ms-diagnostics. A code is never
/// used for anything else.
namespace linebridge::session::refusals {

// Sign-in: who and which line, see Reception. 50001 to 50019.
inline Refusal not_listed(std::string_view sender) {
  return {403, 50002, "incoming list",
          "sender " + std::string(sender) + " is not in the incoming list (sip.incoming)"};
}

// Messages and bodies: 50020 to 50029.
inline Refusal bad_message(int status, std::string_view rule, std::string reason) {
  const int code = status == 505 ? 50025 : status == 416 ? 50026 : status == 415 ? 50027 : 50020;
  return {status, code, rule, std::move(reason)};
}
inline Refusal bad_body(std::string reason) {
  return {400, 50021, "body", std::move(reason)};
}
inline Refusal body_type() {
  return {415, 50022, "body type", "the body must be application/csta+xml"};
}
inline Refusal no_status_request() {
  return {400, 50023, "body", "an INVITE must carry RequestSystemStatus"};
}
inline Refusal no_dialog(std::string reason) {
  return {400, 50024, "dialog", std::move(reason)};
}

// Dialogs and transactions: 50030 to 50049.
inline Refusal unknown_dialog() {
  return {481, 50030, "unknown dialog", "this node has no such dialog"};
}
inline Refusal method(std::string_view name) {
  return {405, 50031, "method", "method " + std::string(name) + " is not supported"};
}
inline Refusal extension(std::string_view names) {
  return {420, 50032, "extension", "extension " + std::string(names) + " is not supported"};
}
inline Refusal interval() {
  return {422, 50033, "session interval", "the session interval is too short"};
}
inline Refusal merged() {
  return {482, 50034, "merged request", "the same INVITE came by another way"};
}
inline Refusal overlap() {
  return {491, 50035, "overlap", "the INVITE before this one is not acknowledged yet"};
}
inline Refusal other_user() {
  return {403, 50036, "other user", "the dialog belongs to another user than the one in From"};
}
inline Refusal link_lost() {
  return {481, 50037, "link lost", "the CTI link of this session was lost; sign in again"};
}
inline Refusal too_many_pending(std::size_t most) {
  return {500, 50038, "requests waiting",
          "this session has " + std::to_string(most) + " requests waiting for the switch"};
}
inline Refusal session_ended(std::string_view why) {
  return {487, 50040, "session ended", std::string(why)};
}
inline Refusal nothing_to_cancel() {
  return {481, 50039, "CANCEL", "there is no such INVITE to cancel"};
}

}  // namespace linebridge::session::refusals
