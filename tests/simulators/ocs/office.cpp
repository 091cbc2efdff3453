#include "office.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace linebridge::sim::ocs {
namespace {

/// What a body is about, in one word.
std::string about(std::string_view body) {
  for (const auto* const name : {"calledDirectoryNumber", "callID", "monitorCrossRefID", "systemStatus"})
    if (auto text = text_in(body, name); !text.empty()) return text;
  const std::string_view error = inside(body, "CSTAErrorCode");
  if (error.empty()) return {};
  const std::string_view kind = root_of(error);
  return std::string(kind) + " " + text_in(error, kind);
}

std::string shown(const Message& message) {
  std::string text(message.method());
  if (message.is_response()) text = message.start.substr(8) + " (" + text + ")";
  const std::string_view root = root_of(message.body);
  return root.empty() ? text : text.append(" ").append(root);
}

}  // namespace

Office::Office(Settings settings, HostPort listening, Witness& witness, Random& random)
    : server_(std::move(settings), std::move(listening), witness), random_(random) {}

void Office::keep_log(std::size_t most, Duration wall_minus_steady) {
  most_log_ = most;
  wall_minus_steady_ = wall_minus_steady;
}

std::size_t Office::add(ClientSettings settings) {
  Seat seat;
  seat.peer = server_.add_inside("client " + settings.user.address, settings.at);
  seat.client = std::make_unique<Client>(std::move(settings), random_);
  if (clients_.empty()) first_peer_ = seat.peer.value;
  clients_.push_back(std::move(seat));
  return clients_.size() - 1;
}

Result<std::size_t> Office::find(std::string_view user) const {
  const std::string wanted = (istarts_with(user, "sip:") ? "" : "sip:") + lower(user);
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < clients_.size(); ++i) {
    const std::string_view address = clients_[i].client->settings().user.address;
    if (address == wanted) return i;
    if (address.substr(0, address.find('@')) != wanted) continue;
    if (found) return Error{Errc::not_found, "more than one client is called " + printable(user)};
    found = i;
  }
  if (!found) return Error{Errc::not_found, "no client " + printable(user) + "; clients lists them"};
  return *found;
}

Status Office::order(std::size_t number, const Wish& wish, TimePoint now, Outbox& outbox) {
  auto done = wish(*clients_[number].client, now);
  serve(number, now, outbox);
  settle(now, outbox);
  return done;
}

void Office::on(const Server::Input& input, TimePoint now, Outbox& outbox) {
  server_wants_ = server_.on(input, now, outbox);
  settle(now, outbox);
  while (const auto due = deadlines_.pop(now)) {
    Seat& seat = clients_[*due];
    seat.wakes.reset();
    seat.entry = {};
    seat.client->tick(now);
    serve(*due, now, outbox);
    settle(now, outbox);
  }
}

std::optional<TimePoint> Office::next_deadline() const {
  const auto next = deadlines_.next();
  return server_wants_ && (!next || *server_wants_ < *next) ? server_wants_ : next;
}

/// Brings to the clients what is for them, until nothing is.
void Office::settle(TimePoint now, Outbox& outbox) {
  for (auto arrived = server_.take_arrived(); !arrived.empty(); arrived = server_.take_arrived()) {
    for (auto& each : arrived) {
      const std::size_t number = each.client.value - first_peer_;
      Client& client = *clients_[number].client;
      remember(client, each.message, false, now);
      client.take(each.message, now);
      serve(number, now, outbox);
    }
  }
}

/// Carries what a client has written, and sets its alarm.
void Office::serve(std::size_t number, TimePoint now, Outbox& outbox) {
  Seat& seat = clients_[number];
  for (auto& message : seat.client->take_output()) {
    remember(*seat.client, message, true, now);
    server_wants_ = server_.carry(seat.peer, std::move(message), now, outbox);
  }
  for (auto& happening : seat.client->take_happenings())
    if (watches_) happenings_.emplace_back(number, std::move(happening));
  const auto wanted = seat.client->next_deadline();
  if (!wanted || (seat.wakes && *seat.wakes <= *wanted)) return;
  deadlines_.cancel(seat.entry);
  seat.wakes = wanted;
  seat.entry = deadlines_.add(*wanted, number);
}

void Office::remember(const Client& client, const Message& message, bool from_client, TimePoint now) {
  if (most_log_ == 0) return;
  if (log_.size() >= most_log_) log_.pop_front();
  const auto at =
      std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch() + wall_minus_steady_);
  ++logged_;
  log_.push_back({at.count(), client.settings().user.address, from_client ? "client" : "front",
                  from_client ? "front" : "client", shown(message), about(message.body),
                  std::string(message.get("Call-ID"))});
}

}  // namespace linebridge::sim::ocs
