#include "lb/splitter/splitter.hpp"

#include "base/catalogue.hpp"

namespace linebridge::lb::splitter {

Splitter::Splitter(Settings settings, Random& random, Counters& counters, Log& log, trace::Ring& ring)
    : settings_(std::move(settings)),
      random_(random),
      counters_(counters),
      log_(log),
      ring_(ring),
      egress_(settings_),
      strangers_(settings_, random_, counters_, log_, alarms_) {}

void Splitter::on(const Input& input, TimePoint now, Outbox& out) {
  now_ = now;
  out_ = &out;
  std::visit([this](const auto& each) { handle(each); }, input);
  legs_.sweep();
  if (!stopping_) return;
  if (pending_ == 0) end_everything(Flush::yes);
  if (clients_.size() == 0 && legs_.size() == 0) finished_ = true;
}

void Splitter::wall_clock(WallTime wall, TimePoint at) {
  wall_ = wall;
  wall_at_ = at;
}

Status Splitter::status() const {
  Status status{clients_.size(),  dialogs_.size(), legs_.size() - legs_.dialling(),
                legs_.dialling(), pending_,        {}};
  for (const auto& [host, peers] : clients_.hosts())
    status.hosts.emplace_back(host, peers.size());
  return status;
}

void Splitter::handle(const Opened& opened) {
  if (Leg* leg = legs_.find(opened.peer)) return leg_up(*leg);
  if (const auto place = egress_.find(opened.peer)) return egress_opened(*place);
  const bool check = opened.from.proxy && opened.from.proxy->local;
  if (stopping_) return out_->close(opened.peer, Flush::no);
  if (opened.from.listener == Listener::node_side) return node_leg(opened);
  if (opened.from.listener == Listener::refused) return strangers_.open(opened, now_, *out_);
  if (opened.from.listener != Listener::sip || check) return out_->close(opened.peer, Flush::no);
  const Client& client = clients_.open(opened.peer, opened.from, settings_.framing);
  log_.write(catalogue::splitter_client_connected, {{"peer", to_text(client.source)}});
}

void Splitter::handle(const Bytes& bytes) {
  if (legs_.find(bytes.peer) != nullptr) return node_bytes(bytes.peer, bytes.bytes);
  if (strangers_.knows(bytes.peer)) return strangers_.push(bytes, *out_);
  client_bytes(bytes.peer, bytes.bytes);
}

void Splitter::handle(const Closed& closed) {
  if (const Leg* leg = legs_.find(closed.peer)) {
    if (Dialog* dialog = dialogs_.find(leg->dialog)) leg_lost(*dialog, closed.peer, "closed");
    return;
  }
  strangers_.close(closed.peer);
  const auto place = egress_.find(closed.peer);
  if (Client* client = clients_.find(closed.peer)) {
    log_.write(catalogue::splitter_client_gone, {{"peer", to_text(client->source)}});
    alarms_.cancel(client->stalled);
  }
  clients_.close(closed.peer);
  if (place) egress_ended(*place);
}

void Splitter::handle(const Drained& drained) {
  if (Client* client = clients_.find(drained.peer)) resume(*client);
}

void Splitter::handle(const Tick&) {
  while (const auto due = alarms_.pop(now_))
    fire(*due);
}

void Splitter::handle(const Reloaded&) {
  if (stopping_) return;
  ++reloads_;
  const auto numbers = dialogs_.numbers();
  moves_.assign(numbers.begin(), numbers.end());
  for (const auto number : numbers)
    dialogs_.find(number)->move_failures = 0;
  plan_moves();
}

void Splitter::handle(const Stop& stop) {
  if (stopping_) return;
  stopping_ = true;
  alarms_.add(stop.by, {Due::What::stopped});
}

void Splitter::fire(const Due& due) {
  switch (due.what) {
    case Due::What::stalled: return stalled({due.number});
    case Due::What::aged: return aged({due.number});
    case Due::What::stranger: return strangers_.end({due.number}, *out_, Flush::no);
    case Due::What::egress: return egress_due(due.number);
    case Due::What::move_some: return move_some();
    case Due::What::stopped:
      end_everything(Flush::no);
      finished_ = true;
      return;
    default: break;
  }
  if (Dialog* dialog = dialogs_.find(due.number)) fire_for_dialog(*dialog, due);
}

void Splitter::fire_for_dialog(Dialog& dialog, const Due& due) {
  switch (due.what) {
    case Due::What::unanswered: return unanswered(dialog, due.request);
    case Due::What::lingered: return end(dialog);
    case Due::What::moved: return moved(dialog);
    case Due::What::move_again: moves_.push_back(dialog.number); return plan_moves();
    default: break;
  }
}

void Splitter::end_everything(Flush flush) {
  moves_.clear();
  alarms_.cancel(move_some_);
  end_egress();
  strangers_.end_all(*out_, flush);
  for (const auto number : dialogs_.numbers())
    end(*dialogs_.find(number));
  for (const auto peer : clients_.peers()) {
    Client* client = clients_.find(peer);
    if (client == nullptr) continue;
    alarms_.cancel(client->stalled);
    clients_.shut(*client);
    out_->close(peer, flush);
  }
}

void Splitter::note(std::uint64_t dialog, std::string_view from, std::string_view to,
                    const sip::HeadView& head) {
  note(dialog, from, to, summary(head), head.call_id());
}

void Splitter::note(std::uint64_t dialog, std::string_view from, std::string_view to, std::string_view text,
                    std::string_view detail) {
  using std::chrono::duration_cast;
  using std::chrono::microseconds;
  const auto at =
      duration_cast<microseconds>(wall_.time_since_epoch()) + duration_cast<microseconds>(now_ - wall_at_);
  ring_.add({0, at.count(), dialog, from, to, text, detail});
}

}  // namespace linebridge::lb::splitter
