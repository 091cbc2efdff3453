#include <algorithm>

#include "base/catalogue.hpp"
#include "base/dialog_key.hpp"
#include "base/text.hpp"
#include "core/impl.hpp"
#include "csta/encode.hpp"

namespace linebridge::core {
namespace {

constexpr std::chrono::seconds least_interval{90};  // RFC 4028 section 4.

bool lists_timer(const sip::Message& request) {
  for (const auto& line : request.head.lines()) {
    if (!sip::HeadView::same_name(line.name, "Supported") && !sip::HeadView::same_name(line.name, "Require"))
      continue;
    for (const auto value : split(line.value, ','))
      if (iequals(value, "timer")) return true;
  }
  return false;
}

/// The interval a client asks for; nothing if it asks for none or for none that can be read.
std::optional<std::chrono::seconds> asked_interval(const sip::Message& request) {
  const auto header = request.head.first("Session-Expires");
  if (!header) return std::nullopt;
  const auto number = to_number<std::uint32_t>(trim(header->substr(0, header->find(';'))));
  if (!number) return std::nullopt;
  return std::chrono::seconds(*number);
}

}  // namespace

void Gateway::Impl::invite(PeerId peer, const SipPeer& from, const sip::Message& request) {
  counters_.add(Counter::invites);
  const auto refused = [&](session::Refusal why) { refuse(peer, from, request, why); };
  if (!iequals(request.content_type, sip::Body::csta_type))
    return refused({415, 50022, "body type", "an INVITE must carry application/csta+xml"});
  const auto decoded = decoder_.decode(request.body);
  if (!decoded) {
    counters_.add(Counter::csta_malformed);
    return refused({400, 50021, "body", decoded.error().detail});
  }
  const auto* asked = std::get_if<model::RequestSystemStatus>(&decoded.value().request);
  if (asked == nullptr) return refused({400, 50023, "body", "an INVITE must carry RequestSystemStatus"});
  const auto interval = asked_interval(request);
  if (interval && *interval < least_interval && lists_timer(request))
    return answer(peer, request, 422, {{"Min-SE", "90"}});

  const session::SignIn sign_in{from.sender(),     request.request_uri.host, request.from.user,
                                request.from.host, request.to.user,          asked->line};
  const auto known = reception_.identify(sign_in, *users_);
  if (const auto* why = std::get_if<session::Refusal>(&known)) return refused(*why);
  const auto& who = std::get<session::Known>(known);
  const auto link = pool_.next_turn();
  if (!link || stopping_) return refused(session::Reception::no_link());
  if (sessions_.size() >= settings_.sessions) return refused(session::Reception::no_room());
  const auto mine = by_user_.find(who.user->address);
  if (mine != by_user_.end() && mine->second.size() >= settings_.sessions_per_user)
    return refused(session::Reception::too_many_of_user(mine->first, settings_.sessions_per_user));
  const auto placed = reception_.place(who, pool_.appearances(*link, who.line.number));
  if (const auto* why = std::get_if<session::Refusal>(&placed)) return refused(*why);
  accept(peer, from, request, who, std::get<session::Placed>(placed), *link, decoded.value().edition);
}

void Gateway::Impl::refuse(PeerId peer, const SipPeer& from, const sip::Message& request,
                           const session::Refusal& why) {
  counters_.add(Counter::invites_refused);
  const std::string user = "sip:" + request.from.user + "@" + request.from.host;
  log_.write(catalogue::session_refused, {{"user", user},
                                          {"sender", from.sender()},
                                          {"status", std::to_string(why.status)},
                                          {"rule", why.rule},
                                          {"reason", why.reason}});
  trace(nullptr, "client", "node", "INVITE", user);
  trace(nullptr, "node", "client", std::to_string(why.status) + " (INVITE)",
        std::string(why.rule) + ": " + why.reason);
  const std::string retry = why.status == 503 ? std::to_string(5 + random_.number() % 11) : std::string();
  answer(peer, request, why.status,
         {{"Retry-After", retry},
          {"Accept", why.status == 415 ? sip::Body::csta_type : std::string_view{}},
          {"ms-diagnostics", sip::diagnostics(why.code, why.reason, settings_.name)}});
}

sip::OurAddress Gateway::Impl::our_address(const Origin& from) const {
  const Address& shown =
      from.proxy && !from.proxy->destination.host.empty() ? from.proxy->destination : from.local;
  return {settings_.virtual_host.empty() ? shown.host : settings_.virtual_host, shown.port,
          !from.tls_name.empty()};
}

void Gateway::Impl::accept(PeerId peer, const SipPeer& from, const sip::Message& request,
                           const session::Known& known, const session::Placed& placed, cti::driver::LinkId link,
                           const csta::Edition& edition) {
  auto dialog = sip::make_dialog(request, settings_.tag_prefix + random_.hex(96), our_address(from.from));
  if (!dialog) return refuse(peer, from, request, {400, 50024, "dialog", dialog.error().detail});
  const std::string epid(sip::header_parameter(*request.head.first("From"), "epid").value_or(""));
  replace_former(known.user->address, epid);

  const model::SessionId id{++last_session_};
  Session& session = sessions_[id.value];
  session.id = id;
  session.trace_name = settings_.tag_prefix + std::to_string(id.value);
  session.dialog = std::move(dialog).value();
  session.user = known.user->address;
  session.epid = epid;
  session.rule = placed.rule;
  session.line = known.line;
  session.link = link;
  session.appearance = placed.appearance;
  session.edition = edition;
  session.peer = peer;
  session.events = session::EventQueue(settings_.events);
  session.timer = lists_timer(request);
  session.interval =
      std::min(settings_.session_timer, asked_interval(request).value_or(settings_.session_timer));
  session.began = session.refreshed = now_;
  by_tag_[session.dialog.local_tag] = id.value;
  by_dialog_key_[dialog_key(session.dialog.call_id)] = id.value;
  by_user_[session.user].push_back(id.value);
  pool_.turn_taken(link);
  control_.attach(id, link, session.appearance, {session.line.text}, actions_);
  set_expiry(session);

  counters_.add(Counter::invites_accepted);
  log_.write(catalogue::session_accepted, {{"session", session.trace_name},
                                           {"user", session.user},
                                           {"line", session.line.text},
                                           {"device", session.appearance.device},
                                           {"rule", session.rule},
                                           {"link", std::to_string(link.index + 1)},
                                           {"call_id", session.dialog.call_id}});
  trace(&session, "client", "node", "INVITE RequestSystemStatus", session.user + " " + session.dialog.call_id);
  answer_signed_in(peer, session, request, model::SystemStatus::normal, true);
}

void Gateway::Impl::replace_former(const std::string& user, const std::string& epid) {
  const auto mine = by_user_.find(user);
  if (mine == by_user_.end() || epid.empty()) return;
  const auto former = std::find_if(mine->second.begin(), mine->second.end(),
                                   [&](std::uint64_t id) { return sessions_.at(id).epid == epid; });
  if (former == mine->second.end()) return;
  Session& session = sessions_.at(*former);
  log_.write(catalogue::session_replaced, {{"session", session.trace_name}, {"user", user}, {"epid", epid}});
  end(session, Goodbye::none, "the same endpoint signed in anew");
}

void Gateway::Impl::answer_signed_in(PeerId peer, Session& session, const sip::Message& request,
                                     model::SystemStatus status, bool with_status) {
  scratch_.clear();
  if (with_status) csta::append_response(scratch_, model::StatusAnswer{status}, session.edition);
  const std::string expires = std::to_string(session.interval.count()) + ";refresher=uac";
  counters_.add(Counter::sip_messages_out);
  sip::append_answer(out_->to(peer), sip::answer_head(request, session.dialog.local_tag, true), 200, "OK",
                     {{"Contact", session.dialog.ours.contact()},
                      {"Allow", allowed_methods},
                      {"Supported", "timer"},
                      {"Require", session.timer ? "timer" : ""},
                      {"Session-Expires", session.timer ? std::string_view(expires) : std::string_view{}}},
                     {scratch_});
  trace(&session, "node", "client", "200 OK (" + std::string(request.method()) + ")",
        with_status ? "RequestSystemStatusResponse" : "");
}

}  // namespace linebridge::core
