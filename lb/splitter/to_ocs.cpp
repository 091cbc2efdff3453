#include "base/catalogue.hpp"
#include "lb/splitter/splitter.hpp"

namespace linebridge::lb::splitter {

using State = Egress::Way::State;

// The request in hand has no connection of its OCS host but, maybe, one that we make.
void Splitter::by_egress(Dialog& dialog, PeerId leg, std::string_view text) {
  const bool is_ack = head_.method() == "ACK";
  const auto place = egress_.place_of(head_);
  Egress::Way* way = place ? &egress_.at(*place) : nullptr;
  if (way == nullptr || stopping_) return unreachable(dialog, leg, head_);
  if (way->state == State::none && (is_ack || now_ < way->not_before)) return unreachable(dialog, leg, head_);
  if (way->state != State::sure && !is_ack && !egress_.may_keep(*way, text.size()))
    return unreachable(dialog, leg, head_);
  if (way->state == State::none) dial_ocs(*place, dialog);
  Client* client = clients_.find(way->peer);
  if (way->state != State::dialled && client == nullptr) return unreachable(dialog, leg, head_);
  if (way->state != State::sure && !is_ack) egress_.keep(*way, {dialog.number, leg, std::string(text)});
  if (client == nullptr) return is_ack ? counters_.add(Counter::splitter_acks_dropped) : void();
  dialog.client = client->peer;
  pass_to_client(dialog, *client, text);
}

void Splitter::unreachable(Dialog& dialog, PeerId leg, const sip::HeadView& request) {
  counters_.add(Counter::splitter_no_client);
  log_.write(catalogue::splitter_no_client, {{"host", dialog.host}, {"dialog", dialog.key}});
  if (request.method() == "BYE") dialog.established = false;
  settle(dialog);
  if (request.method() == "ACK") return;
  dialog.forget_asked(id_of(request), leg);
  answer_node(dialog, leg, request, 480, "Temporarily Unavailable");
}

void Splitter::dial_ocs(std::size_t place, const Dialog& dialog) {
  Egress::Way& way = egress_.at(place);
  way.source = dialog.source;
  way.destination = dialog.destination;
  Target target;
  target.address = settings_.egress;
  target.limit = settings_.egress_within;
  // The other way round than a leg: from us to the host.
  target.proxy =
      ProxyHeader{false, dialog.destination, dialog.source, "", "ocs" + std::to_string(place + 1), "", false};
  way.peer = out_->dial(target);
  way.state = State::dialled;
  way.due = alarms_.add(now_ + settings_.egress_within, {Due::What::egress, place});
}

void Splitter::egress_opened(std::size_t place) {
  Egress::Way& way = egress_.at(place);
  if (way.state != State::dialled) return;
  way.state = State::unsure;
  Client& client = clients_.open_own(way.peer, place, settings_.ocs[place].address.host, settings_.framing);
  client.source = way.source;
  client.destination = way.destination;
  counters_.add(Counter::egress_opened);
  for (const auto& each : way.kept) {
    Client* still = clients_.find(way.peer);
    Dialog* dialog = dialogs_.find(each.dialog);
    if (still == nullptr || !head_.read(each.text)) return;
    if (dialog != nullptr) dialog->client = way.peer;
    note(each.dialog, "node", "client", head_);
    counters_.add(Counter::sip_messages_out);
    write(*still, each.text);
  }
}

void Splitter::egress_sure(std::size_t place) {
  Egress::Way& way = egress_.at(place);
  if (way.state != State::unsure) return;
  alarms_.cancel(way.due);
  egress_.became_sure(way);
  log_.write(catalogue::egress_up, {{"host", to_text(settings_.ocs[place].address)}});
}

void Splitter::egress_ended(std::size_t place) {
  Egress::Way& way = egress_.at(place);
  alarms_.cancel(way.due);
  const bool failed = way.state != State::sure;
  const auto kept = egress_.ended(way, now_);
  if (!failed) return;
  counters_.add(Counter::egress_failed);
  log_.write(catalogue::egress_failed, {{"host", to_text(settings_.ocs[place].address)}});
  for (const auto& each : kept) {
    Dialog* dialog = dialogs_.find(each.dialog);
    sip::HeadView request;
    if (dialog == nullptr || !request.read(each.text) || !dialog->has_asked(id_of(request), each.leg)) continue;
    unreachable(*dialog, each.leg, request);
  }
}

// The time to connect is up. What HAProxy could not reach it has closed by now.
void Splitter::egress_due(std::size_t place) {
  Egress::Way& way = egress_.at(place);
  if (way.state == State::unsure) return egress_sure(place);
  out_->close(way.peer, Flush::no);
  egress_ended(place);
}

void Splitter::end_egress() {
  for (std::size_t place = 0; place < egress_.size(); ++place) {
    Egress::Way& way = egress_.at(place);
    alarms_.cancel(way.due);
    if (way.state == State::dialled) out_->close(way.peer, Flush::no);
    way = {};
  }
}

}  // namespace linebridge::lb::splitter
