#include "lb/splitter/splitter.hpp"

#include "base/catalogue.hpp"

namespace linebridge::lb::splitter {

Splitter::Splitter(Settings settings, Random& random, Counters& counters, Log& log, trace::Ring& ring)
    : settings_(std::move(settings)), random_(random), counters_(counters), log_(log), ring_(ring) {}

void Splitter::on(const Input& input, TimePoint now, Outbox& out) {
  now_ = now;
  out_ = &out;
  std::visit([this](const auto& each) { handle(each); }, input);
  buried_.clear();
  if (!stopping_) return;
  if (pending_ == 0) end_everything(Flush::yes);
  if (clients_.size() == 0 && legs_.empty()) finished_ = true;
}

void Splitter::wall_clock(WallTime wall, TimePoint at) {
  wall_ = wall;
  wall_at_ = at;
}

Status Splitter::status() const {
  Status status{clients_.size(), dialogs_.size(), legs_.size() - dialling_, dialling_, pending_, {}};
  for (const auto& [host, peers] : clients_.hosts())
    status.hosts.emplace_back(host, peers.size());
  return status;
}

void Splitter::handle(const Opened& opened) {
  if (const auto leg = legs_.find(opened.peer.value); leg != legs_.end()) {
    if (Dialog* dialog = dialogs_.find(leg->second.dialog)) leg_up(*dialog);
  } else if (opened.from.listener == Listener::sip && !stopping_) {
    const Client& client = clients_.open(opened.peer, opened.from, settings_.framing);
    log_.write(catalogue::splitter_client_connected, {{"peer", to_text(client.source)}});
  } else {
    out_->close(opened.peer, Flush::no);
  }
}

void Splitter::handle(const Bytes& bytes) {
  if (legs_.contains(bytes.peer.value)) {
    node_bytes(bytes.peer, bytes.bytes);
  } else {
    client_bytes(bytes.peer, bytes.bytes);
  }
}

void Splitter::handle(const Closed& closed) {
  if (const auto leg = legs_.find(closed.peer.value); leg != legs_.end()) {
    if (Dialog* dialog = dialogs_.find(leg->second.dialog)) leg_lost(*dialog, "closed");
    return;
  }
  if (Client* client = clients_.find(closed.peer)) {
    log_.write(catalogue::splitter_client_gone, {{"peer", to_text(client->source)}});
    alarms_.cancel(client->stalled);
  }
  clients_.close(closed.peer);
}

void Splitter::handle(const Drained& drained) {
  if (Client* client = clients_.find(drained.peer)) resume(*client);
}

void Splitter::handle(const Tick&) {
  while (const auto due = alarms_.pop(now_))
    fire(*due);
}

void Splitter::handle(const Reloaded&) {}

void Splitter::handle(const Stop& stop) {
  if (stopping_) return;
  stopping_ = true;
  alarms_.add(stop.by, {Due::What::stopped});
}

void Splitter::fire(const Due& due) {
  Dialog* dialog = dialogs_.find(due.number);
  switch (due.what) {
    case Due::What::unanswered:
      if (dialog != nullptr) unanswered(*dialog, due.request);
      break;
    case Due::What::lingered:
      if (dialog != nullptr) end(*dialog);
      break;
    case Due::What::stalled: stalled({due.number}); break;
    case Due::What::stopped:
      end_everything(Flush::no);
      finished_ = true;
      break;
  }
}

void Splitter::end_everything(Flush flush) {
  waiting_.clear();
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
