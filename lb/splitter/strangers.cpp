#include "lb/splitter/strangers.hpp"

#include <vector>

#include "base/catalogue.hpp"
#include "lb/splitter/words.hpp"
#include "sip/framing/head_view.hpp"

namespace linebridge::lb::splitter {
namespace {

// As a node writes it to a sender that its list does not name.
constexpr int not_listed = 50002;

}  // namespace

void Strangers::open(const Opened& opened, TimePoint now, Outbox& out) {
  const auto& proxy = opened.from.proxy;
  counters_.add(Counter::splitter_strangers);
  if (proxy && proxy->local) return out.close(opened.peer, Flush::no);
  const Address source = proxy ? proxy->source : opened.from.remote;
  // Who shows a certificate came from a listed address, else HAProxy had not let it speak.
  const std::string list = proxy && !proxy->tls_name.empty() ? "tls.names" : "sip.incoming";
  log_.write(catalogue::stranger_refused,
             {{"peer", to_text(source)}, {"name", proxy ? proxy->tls_name : std::string()}, {"list", list}});
  if (peers_.size() >= settings_.strangers) return out.close(opened.peer, Flush::no);
  peers_[opened.peer.value] = {
      sip::Framer(settings_.framing),
      alarms_.add(now + settings_.stranger_within, {Due::What::stranger, opened.peer.value}), list,
      source.host};
}

void Strangers::push(const Bytes& bytes, Outbox& out) {
  Stranger& stranger = peers_.at(bytes.peer.value);
  stranger.framer.push(bytes.bytes);
  std::string answers;
  bool broken = false;
  while (!broken) {
    const auto item = stranger.framer.next();
    if (std::holds_alternative<sip::Framer::NeedMore>(item)) break;
    if (const auto* message = std::get_if<sip::Framer::Message>(&item))
      answers += refusal(stranger, message->head);
    broken = std::holds_alternative<Error>(item);
  }
  out.to(bytes.peer).append(answers);
  if (broken || !answers.empty()) end(bytes.peer, out, Flush::yes);
}

std::string Strangers::refusal(const Stranger& stranger, std::string_view text) {
  sip::HeadView head;
  counters_.add(Counter::sip_messages_in);
  if (!head.read(text) || !is_complete(head) || !head.answerable()) return {};
  counters_.add(Counter::splitter_local_answers);
  const std::string why = "ms-diagnostics: " + std::to_string(not_listed) + ";reason=\"host " + stranger.host +
                          " is not in the list " + stranger.list + "\";source=\"" + settings_.name + "\"\r\n";
  return answer(head, 403, "Forbidden", "front-" + random_.hex(64), why);
}

void Strangers::close(PeerId peer) {
  const auto found = peers_.find(peer.value);
  if (found == peers_.end()) return;
  alarms_.cancel(found->second.limit);
  peers_.erase(found);
}

void Strangers::end(PeerId peer, Outbox& out, Flush flush) {
  if (!knows(peer)) return;
  close(peer);
  out.close(peer, flush);
}

void Strangers::end_all(Outbox& out, Flush flush) {
  while (!peers_.empty())
    end({peers_.begin()->first}, out, flush);
}

}  // namespace linebridge::lb::splitter
