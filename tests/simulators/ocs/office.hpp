#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/deadlines.hpp"
#include "client.hpp"
#include "server.hpp"

namespace linebridge::sim::ocs {

/// What passed between a simulated client and the front end.
struct Passed {
  std::int64_t at_us = 0;      ///< Wall clock, microseconds since 1970.
  std::string user, from, to;  ///< from, to: "client", "front".
  std::string text;            ///< "INFO MakeCall", "200 OK (INFO) MakeCallResponse".
  std::string detail;          ///< The callID, number, monitor, status or error it is about.
  std::string call_id;         ///< Of the SIP dialog.
};

/// The home server and its simulated clients: carries the messages of both, keeps the clients' time and what
/// passed.
class Office {
public:
  Office(Settings settings, HostPort listening, Witness& witness, Random& random);

  /// Keeps the last `most` messages of clients; `wall_minus_steady` makes wall-clock times of them.
  void keep_log(std::size_t most, Duration wall_minus_steady);
  /// Happenings are kept until take_happenings(); without this they are thrown away.
  void watch() { watches_ = true; }

  std::size_t add(ClientSettings settings);
  std::size_t size() const { return clients_.size(); }
  const Client& client(std::size_t number) const { return *clients_[number].client; }
  /// By "alice@example.test", "sip:alice@example.test", or "alice" if that is one. Errors: not_found.
  Result<std::size_t> find(std::string_view user) const;

  using Wish = std::function<Status(Client&, TimePoint)>;
  /// Lets a client do something and carries what follows. Errors: those of the wish.
  Status order(std::size_t number, const Wish& wish, TimePoint now, Outbox& outbox);

  void on(const Server::Input& input, TimePoint now, Outbox& outbox);
  std::optional<TimePoint> next_deadline() const;

  using Happened = std::pair<std::size_t, Happening>;
  std::vector<Happened> take_happenings() { return std::exchange(happenings_, {}); }
  const std::deque<Passed>& log() const { return log_; }
  std::uint64_t logged() const { return logged_; }  ///< Those that are forgotten count too.
  Server& server() { return server_; }
  const Server& server() const { return server_; }

private:
  struct Seat {
    std::unique_ptr<Client> client;
    PeerId peer;
    std::optional<TimePoint> wakes;  ///< Entry in the heap; may be earlier than needed.
    Deadlines<std::size_t>::Id entry;
  };

  void settle(TimePoint now, Outbox& outbox);
  void serve(std::size_t number, TimePoint now, Outbox& outbox);
  void remember(const Client& client, const Message& message, bool from_client, TimePoint now);

  Server server_;
  Random& random_;
  std::vector<Seat> clients_;
  std::uint64_t first_peer_ = 0;
  Deadlines<std::size_t> deadlines_;
  std::optional<TimePoint> server_wants_;
  bool watches_ = false;
  std::vector<Happened> happenings_;
  std::size_t most_log_ = 0;
  Duration wall_minus_steady_{};
  std::deque<Passed> log_;
  std::uint64_t logged_ = 0;
};

}  // namespace linebridge::sim::ocs
