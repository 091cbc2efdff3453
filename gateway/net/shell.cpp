#include "net/shell.hpp"

#include <cassert>
#include <csignal>
#include <map>
#include <unordered_map>
#include <utility>

#include "base/catalogue.hpp"
#include "net/acceptor.hpp"
#include "net/dial.hpp"
#include "net/entrance.hpp"
#include "net/proxy_v2.hpp"
#include "net/stream.hpp"

namespace linebridge::net {
namespace {

constexpr std::size_t administrators_reserve = 64;

TimePoint clock_now() {
  return std::chrono::steady_clock::now();
}

bool is_administrators(Listener listener) {
  return listener == Listener::agent || listener == Listener::api || listener == Listener::metrics ||
         listener == Listener::control;
}

std::string_view name_of(const Shell::Event& event) {
  constexpr std::string_view names[] = {"opened", "bytes", "closed", "drained", "tick", "stop"};
  static_assert(std::size(names) == std::variant_size_v<Shell::Event>);
  return names[event.index()];
}

}  // namespace

struct Shell::Impl final : Stream::Owner {
  struct Peer {
    Peer(Loop& loop, PeerId id, Owner& owner, const Stream::Settings& settings)
        : stream(loop, id, owner, settings) {}
    /// TLS that follows a dial.
    struct Secure {
      std::shared_ptr<const TlsContext> context;
      std::string host;
      std::string first;  ///< Goes out before it.
      TimePoint until;
      std::unique_ptr<Handshake> handshake;
    };
    Stream stream;
    Address to;  ///< Whom we dialled.
    std::optional<Dial> dial;
    std::optional<Secure> secure;
    bool touched = false;
  };

  /// A listening socket and what who comes there passes.
  struct Door {
    Address bound;
    std::unique_ptr<Entrance> entrance;
    std::unique_ptr<Acceptor> acceptor;
  };

  Impl(Settings s, Counters& c, Log& l)
      : settings(s),
        counters(c),
        log(l),
        read_buffer(s.read_bytes),
        plain_buffer(s.read_bytes + TlsFilter::longest_record),
        alarm(loop),
        last_moment(loop) {
    stream_settings = {read_buffer, plain_buffer, s.low_mark, s.high_mark, s.flush_within};
  }

  void turn(const Event& event);
  void flush_touched();
  void note_slow(const Event& event, Duration took);
  void arm();
  void stop_now();

  void accepted(Fd fd, Listener listener, Entrance& entrance);
  void open(Entrance::Passed passed);
  void dialled(PeerId id, Dial::Outcome outcome);
  void dial_secured(PeerId id, Handshake::Outcome outcome);
  void dial_failed(Peer& peer, Gone why, std::string_view reason);
  void dial_up(PeerId id, Fd fd, std::unique_ptr<TlsFilter> tls);
  Peer& add_peer();
  Peer* find(PeerId id);
  std::size_t count() const;

  void on_bytes(PeerId peer, std::string_view bytes) override { turn(Bytes{peer, bytes}); }
  void on_drained(PeerId peer) override;
  void on_ended(PeerId peer, Gone why) override;
  void on_tls_broken(const Address& remote, std::string_view reason) override;

  const Settings settings;
  Counters& counters;
  Log& log;
  Loop loop;
  std::vector<char> read_buffer;
  std::vector<char> plain_buffer;  ///< What TLS makes of the other.
  Stream::Settings stream_settings;
  Machine machine;
  std::unordered_map<std::uint64_t, Peer> peers;
  std::vector<Door> doors;
  std::map<std::string, std::shared_ptr<const TlsContext>> dial_tls;  ///< By Target::tls_settings.
  std::uint64_t last_id = 0;
  std::vector<PeerId> touched;
  std::string thrown_away;  ///< What is appended for a peer that is gone.
  std::optional<TimePoint> deadline;
  std::optional<TimePoint> armed;
  Timer alarm;
  Timer last_moment;  ///< Of a Stop.
  bool stopping = false;
  bool in_turn = false;
};

void Shell::Impl::turn(const Event& event) {
  assert(!in_turn && machine);
  in_turn = true;
  const TimePoint begin = clock_now();
  deadline = machine(event, begin);
  flush_touched();
  in_turn = false;
  arm();
  const Duration took = clock_now() - begin;
  if (took > settings.slow_turn) note_slow(event, took);
}

void Shell::Impl::flush_touched() {
  for (const PeerId id : std::exchange(touched, {})) {
    Peer* peer = find(id);
    if (!peer) continue;
    peer->touched = false;
    peer->stream.flush();
  }
  thrown_away.clear();
}

void Shell::Impl::note_slow(const Event& event, Duration took) {
  counters.add(Counter::slow_turns);
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(took).count();
  log.write(catalogue::slow_turn, {{"event", name_of(event)}, {"ms", std::to_string(ms)}});
}

/// An alarm that is too early costs one look; setting it anew for every deadline that moves on would cost more.
void Shell::Impl::arm() {
  if (!deadline || (armed && *armed <= *deadline)) return;
  armed = deadline;
  alarm.at(*armed, [this] {
    armed.reset();
    if (deadline && *deadline <= clock_now()) return turn(Tick{});
    arm();
  });
}

void Shell::Impl::stop_now() {
  if (std::exchange(stopping, true)) return loop.quit();
  const TimePoint by = clock_now() + settings.stop_within;
  last_moment.at(by, [this] { loop.quit(); });
  turn(Stop{by});
}

void Shell::Impl::accepted(Fd fd, Listener listener, Entrance& entrance) {
  Origin origin;
  origin.listener = listener;
  origin.local = local_address(fd.get());
  origin.remote = remote_address(fd.get());
  if (origin.local.is_unix()) origin.remote = origin.local;
  if (count() >= settings.peers + (is_administrators(listener) ? administrators_reserve : 0)) {
    counters.add(Counter::peers_refused);
    log.write(catalogue::too_many_peers, {{"peer", to_text(origin.remote)}, {"socket", to_text(origin.local)}});
    return;
  }
  entrance.take(std::move(fd), std::move(origin));
}

void Shell::Impl::open(Entrance::Passed passed) {
  Peer& peer = add_peer();
  peer.stream.attach(std::move(passed.fd), std::move(passed.tls));
  turn(Opened{PeerId{last_id}, std::move(passed.origin)});
}

void Shell::Impl::dialled(PeerId id, Dial::Outcome outcome) {
  Peer* peer = find(id);
  assert(peer);
  peer->dial.reset();
  if (peer->stream.closing()) return;
  if (auto* failed = std::get_if<Dial::Failed>(&outcome))
    return dial_failed(*peer, failed->why, failed->reason);
  auto& up = std::get<Dial::Up>(outcome);
  if (!peer->secure) return dial_up(id, std::move(up.fd), nullptr);
  auto& secure = *peer->secure;
  secure.handshake = std::make_unique<Handshake>(
      loop, std::move(up.fd), std::make_unique<TlsFilter>(secure.context, secure.host), std::move(secure.first),
      secure.until, [this, id](Handshake::Outcome made) { dial_secured(id, std::move(made)); });
}

void Shell::Impl::dial_secured(PeerId id, Handshake::Outcome outcome) {
  Peer* peer = find(id);
  assert(peer);
  const auto secure = std::exchange(peer->secure, std::nullopt);
  if (peer->stream.closing()) return;
  if (const auto* why = std::get_if<TlsFailure>(&outcome)) {
    counters.add(Counter::tls_refused);
    const Gone gone = why->rule == "time"     ? Gone::timed_out
                      : why->rule == "closed" ? Gone::broken
                                              : Gone::refused;
    std::string reason = "TLS: " + (why->reason.empty() ? "closed by the other side" : why->reason);
    if (!why->subject.empty()) reason += " (certificate of " + why->subject + ")";
    return dial_failed(*peer, gone, reason);
  }
  auto& up = std::get<Handshake::Secured>(outcome);
  counters.add(Counter::tls_handshakes);
  dial_up(id, std::move(up.fd), std::move(up.tls));
}

void Shell::Impl::dial_failed(Peer& peer, Gone why, std::string_view reason) {
  log.write(catalogue::dial_failed, {{"address", to_text(peer.to)}, {"reason", reason}});
  peer.stream.end(why);
}

void Shell::Impl::dial_up(PeerId id, Fd fd, std::unique_ptr<TlsFilter> tls) {
  Peer& peer = *find(id);
  Origin origin;
  origin.local = local_address(fd.get());
  origin.remote = peer.to.is_unix() ? peer.to : remote_address(fd.get());
  origin.tls = tls != nullptr;
  if (tls) origin.tls_name = tls->peer_name();
  peer.stream.attach(std::move(fd), std::move(tls));
  if (!std::exchange(peer.touched, true)) touched.push_back(id);
  turn(Opened{id, std::move(origin)});
}

Shell::Impl::Peer& Shell::Impl::add_peer() {
  const PeerId id{++last_id};
  return peers.try_emplace(id.value, loop, id, *this, stream_settings).first->second;
}

Shell::Impl::Peer* Shell::Impl::find(PeerId id) {
  const auto found = peers.find(id.value);
  return found == peers.end() ? nullptr : &found->second;
}

std::size_t Shell::Impl::count() const {
  std::size_t all = peers.size();
  for (const auto& door : doors)
    all += door.entrance->size();
  return all;
}

void Shell::Impl::on_tls_broken(const Address& remote, std::string_view reason) {
  counters.add(Counter::tls_broken);
  log.write(catalogue::tls_broken, {{"peer", to_text(remote)}, {"reason", reason}});
}

void Shell::Impl::on_drained(PeerId id) {
  const Peer* peer = find(id);
  if (peer && !peer->stream.closing()) turn(Drained{id});
}

void Shell::Impl::on_ended(PeerId id, Gone why) {
  peers.erase(id.value);
  turn(Closed{id, why});
}

Shell::Shell(Settings settings, Counters& counters, Log& log)
    : impl_(std::make_unique<Impl>(settings, counters, log)) {
  std::signal(SIGPIPE, SIG_IGN);
}

Shell::~Shell() = default;

Result<Address> Shell::listen(Listener as, const Address& where, Preface preface, unsigned mode) {
  return open_door(as, where, preface, mode, nullptr);
}

Result<Address> Shell::listen_tls(Listener as, const Address& where, std::shared_ptr<const TlsContext> tls,
                                  Preface preface) {
  return open_door(as, where, preface, 0660, std::move(tls));
}

Result<Address> Shell::open_door(Listener as, const Address& where, Preface preface, unsigned mode,
                                 std::shared_ptr<const TlsContext> tls) {
  auto opened = open_listener(where, mode);
  if (!opened) return opened.error();
  Fd fd = std::move(opened).value();
  const Address bound = local_address(fd.get());
  const auto& own = impl_->settings;
  auto entrance = std::make_unique<Entrance>(
      impl_->loop,
      Entrance::Settings{preface == Preface::proxy_v2, std::move(tls), own.preface_within, own.handshake_within,
                         own.handshakes},
      impl_->counters, impl_->log,
      [impl = impl_.get()](Entrance::Passed passed) { impl->open(std::move(passed)); });
  auto acceptor = std::make_unique<Acceptor>(impl_->loop, std::move(fd), bound, impl_->log,
                                             [impl = impl_.get(), as, at = entrance.get()](Fd accepted) {
                                               impl->accepted(std::move(accepted), as, *at);
                                             });
  impl_->doors.push_back({bound, std::move(entrance), std::move(acceptor)});
  return bound;
}

void Shell::renew_tls(const Address& bound, std::shared_ptr<const TlsContext> tls) {
  for (auto& door : impl_->doors)
    if (door.bound == bound) door.entrance->renew_tls(tls);
}

void Shell::dial_tls(const std::string& name, std::shared_ptr<const TlsContext> tls) {
  impl_->dial_tls[name] = std::move(tls);
}

void Shell::run(Machine machine) {
  impl_->machine = std::move(machine);
  for (const int signal : {SIGTERM, SIGINT})
    impl_->loop.on_signal(signal, [impl = impl_.get()] { impl->stop_now(); });
  impl_->loop.post([impl = impl_.get()] { impl->turn(Tick{}); });
  impl_->loop.run();
}

void Shell::quit() {
  impl_->loop.quit();
}

void Shell::stop() {
  impl_->loop.post([impl = impl_.get()] { impl->stop_now(); });
}

void Shell::post(std::function<void()> work) {
  impl_->loop.post([impl = impl_.get(), work = std::move(work)] {
    work();
    impl->turn(Tick{});
  });
}

void Shell::on_hangup(std::function<void()> work) {
  impl_->loop.on_signal(SIGHUP, [impl = impl_.get(), work = std::move(work)] {
    work();
    impl->turn(Tick{});
  });
}

std::size_t Shell::open() const {
  return impl_->count();
}

std::string& Shell::to(PeerId id) {
  auto* peer = impl_->find(id);
  if (!peer || peer->stream.closing()) {
    impl_->thrown_away.clear();
    return impl_->thrown_away;
  }
  if (!std::exchange(peer->touched, true)) impl_->touched.push_back(id);
  return peer->stream.out();
}

std::size_t Shell::queued(PeerId id) const {
  const auto* peer = impl_->find(id);
  return peer ? peer->stream.queued() : 0;
}

PeerId Shell::dial(const Target& target) {
  auto& peer = impl_->add_peer();
  const PeerId id{impl_->last_id};
  const auto context = impl_->dial_tls.find(target.tls_settings);
  if (target.tls && context == impl_->dial_tls.end()) {
    impl_->log.write(catalogue::dial_without_tls, {{"address", to_text(target.address)}});
    peer.stream.end(Gone::unreachable);
    return id;
  }
  const TimePoint until = clock_now() + target.limit;
  std::string first = target.proxy ? proxy_v2::encode(*target.proxy) : std::string();
  if (target.tls) {
    const std::string& host = target.tls_host.empty() ? target.address.host : target.tls_host;
    peer.secure.emplace(context->second, host, std::move(first), until, nullptr);
  } else {
    peer.stream.out() = std::move(first);
  }
  peer.to = target.address;
  peer.dial.emplace(impl_->loop, target.address, until,
                    [impl = impl_.get(), id](Dial::Outcome outcome) { impl->dialled(id, std::move(outcome)); });
  return id;
}

void Shell::close(PeerId id, Flush flush) {
  if (auto* peer = impl_->find(id)) peer->stream.close(Gone::by_us, flush);
}

void Shell::read(PeerId id, bool on) {
  if (auto* peer = impl_->find(id)) peer->stream.read(on);
}

}  // namespace linebridge::net
