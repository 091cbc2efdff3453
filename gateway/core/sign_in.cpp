#include <algorithm>

#include "base/catalogue.hpp"
#include "base/dialog_key.hpp"
#include "base/text.hpp"
#include "core/impl.hpp"
#include "csta/encode.hpp"
#include "session/refusals.hpp"

namespace linebridge::core {
namespace {

namespace refusals = session::refusals;

/// What names the client's endpoint among those of its user: `epid`, or the Contact of a client without one.
std::string endpoint_of(const sip::Message& request) {
  const auto epid = sip::header_parameter(*request.head.first("From"), "epid");
  if (epid && !epid->empty()) return std::string(*epid);
  return std::string(sip::uri_of(request.head.first("Contact").value_or("")));
}

}  // namespace

void Gateway::Impl::invite(PeerId peer, const SipPeer& from, const sip::Message& request) {
  if (invited_already(peer, from, request)) return;
  counters_.add(Counter::invites);
  const auto refused = [&](const session::Refusal& why) { refuse(peer, from, request, why); };
  const auto decoded = csta_body(peer, from, request);
  if (!decoded) return;
  if (!std::holds_alternative<model::RequestSystemStatus>(decoded->request))
    return refused(refusals::no_status_request());
  const auto timer = sip::negotiate(request, settings_.session_timer);
  if (std::holds_alternative<sip::IntervalTooSmall>(timer)) return refused(refusals::interval());

  const session::SignIn sign_in{from.sender(),     request.request_uri.host, request.from.user,
                                request.from.host, request.to.user,          decoded->private_data.line};
  const auto known = reception_.identify(sign_in, *users_);
  if (const auto* why = std::get_if<session::Refusal>(&known)) return refused(*why);
  const auto& who = std::get<session::Known>(known);
  if (const auto why = no_entry()) return refused(*why);
  const auto link = pool_.next_turn();
  if (!link) return refused(session::Reception::no_link());
  if (const auto why = no_room_for(who.user->address)) return refused(*why);
  const auto placed = reception_.place(who, pool_.appearances(*link, who.line.number));
  if (const auto* why = std::get_if<session::Refusal>(&placed)) return refused(*why);
  accept(peer, from, request, who, std::get<session::Placed>(placed), *link, decoded->edition,
         std::get<sip::SessionTimer>(timer));
}

bool Gateway::Impl::invited_already(PeerId peer, const SipPeer& from, const sip::Message& request) {
  const auto key = by_dialog_key_.find(dialog_key(request.head.call_id()));
  if (key == by_dialog_key_.end()) return false;
  Session& session = sessions_.at(key->second);
  if (session.dialog.remote_tag != request.head.from_tag()) return false;
  if (session.invite.merges(request, now_)) {
    refuse(peer, from, request, refusals::merged());
    return true;
  }
  if (!session.invite.repeats(request, now_)) return false;
  session.peer = peer;
  answer_signed_in(peer, session, request, true);
  return true;
}

std::optional<session::Refusal> Gateway::Impl::no_room_for(const std::string& user) {
  if (sessions_.size() >= settings_.sessions) {
    counters_.add(Counter::limit_sessions);
    return session::Reception::no_room();
  }
  const auto mine = by_user_.find(user);
  if (mine == by_user_.end() || mine->second.size() < settings_.sessions_per_user) return std::nullopt;
  counters_.add(Counter::limit_sessions_of_user);
  return session::Reception::too_many_of_user(user, settings_.sessions_per_user);
}

sip::OurAddress Gateway::Impl::our_address(const Origin& from) const {
  const Address& shown =
      from.proxy && !from.proxy->destination.host.empty() ? from.proxy->destination : from.local;
  return {settings_.virtual_host.empty() ? shown.host : settings_.virtual_host, shown.port,
          from.tls || (from.proxy && (from.proxy->tls || is_tls_port(shown.port)))};
}

void Gateway::Impl::accept(PeerId peer, const SipPeer& from, const sip::Message& request,
                           const session::Known& known, const session::Placed& placed, cti::driver::LinkId link,
                           const csta::Edition& edition, const sip::SessionTimer& timer) {
  auto dialog = sip::make_dialog(request, settings_.tag_prefix + random_.hex(96), our_address(from.from));
  if (!dialog) return refuse(peer, from, request, refusals::no_dialog(dialog.error().detail));
  const std::string endpoint = endpoint_of(request);
  replace_former(known.user->address, endpoint);

  const model::SessionId id{++last_session_};
  Session& session = sessions_[id.value];
  session.id = id;
  session.trace_name = settings_.tag_prefix + std::to_string(id.value);
  session.dialog = std::move(dialog).value();
  session.user = known.user->address;
  session.endpoint = endpoint;
  session.rule = placed.rule;
  session.line = known.line;
  session.link = link;
  session.appearance = placed.appearance;
  session.edition = edition;
  session.peer = peer;
  session.events = session::EventQueue(settings_.events);
  session.sender = from.from.proxy ? from.from.proxy->source : from.from.remote;
  session.sender_name = from.from.tls_name;
  session.on_leg = from.is_leg();
  session.began = session.refreshed = now_;
  by_tag_[session.dialog.local_tag] = id.value;
  by_dialog_key_[dialog_key(session.dialog.call_id)] = id.value;
  by_user_[session.user].push_back(id.value);
  pool_.turn_taken(link);
  control_.attach(id, link, session.appearance, {session.line.text}, actions_);
  agree_timer(session, timer);
  sessions_changed();

  counters_.add(Counter::invites_accepted);
  log_.write(catalogue::session_accepted, {{"session", session.trace_name},
                                           {"user", session.user},
                                           {"line", session.line.text},
                                           {"device", session.appearance.device},
                                           {"rule", session.rule},
                                           {"link", std::to_string(link.index + 1)},
                                           {"call_id", session.dialog.call_id}});
  trace(&session, "client", "node", "INVITE RequestSystemStatus", session.user + " " + session.dialog.call_id);
  answer_signed_in(peer, session, request, true);
  session.ack_timer = timers_.add(*session.invite.deadline(), {TimerKind::ack, id.value});
}

void Gateway::Impl::replace_former(const std::string& user, const std::string& endpoint) {
  const auto mine = by_user_.find(user);
  if (mine == by_user_.end() || endpoint.empty()) return;
  const auto former = std::find_if(mine->second.begin(), mine->second.end(),
                                   [&](std::uint64_t id) { return sessions_.at(id).endpoint == endpoint; });
  if (former == mine->second.end()) return;
  Session& session = sessions_.at(*former);
  log_.write(catalogue::session_replaced,
             {{"session", session.trace_name}, {"user", user}, {"endpoint", endpoint}});
  end(session, Goodbye::none, "the same endpoint signed in anew");
}

void Gateway::Impl::answer_signed_in(PeerId peer, Session& session, const sip::Message& request,
                                     bool with_status) {
  scratch_.clear();
  if (with_status)
    csta::append_response(scratch_, model::StatusAnswer{session::system_status(link_state(session))},
                          session.edition);
  const bool timed = session.timer.refresher != sip::Refresher::none;
  counters_.add(Counter::sip_messages_out);
  sip::append_answer(out_->to(peer), sip::answer_head(request, session.dialog.local_tag, true), 200, "OK",
                     {{"Contact", session.dialog.ours.contact()},
                      {"Allow", allowed_methods},
                      {"Supported", "timer"},
                      {"Require", timed ? "timer" : ""},
                      {"Session-Expires", session.timer.header()}},
                     {scratch_});
  trace(&session, "node", "client", "200 OK (" + std::string(request.method()) + ")",
        with_status ? "RequestSystemStatusResponse" : "");
  if (request.method() == "INVITE") session.invite.answered(request, now_);
}

}  // namespace linebridge::core
