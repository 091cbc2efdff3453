#include "net/shell.hpp"

#include <cassert>
#include <csignal>
#include <map>
#include <unordered_map>
#include <utility>

#include "base/catalogue.hpp"
#include "net/acceptor.hpp"
#include "net/dial.hpp"
#include "net/preface.hpp"
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
    Stream stream;
    std::optional<Dial> dial;
    bool touched = false;
  };

  Impl(Settings s, Counters& c, Log& l)
      : settings(s), counters(c), log(l), read_buffer(s.read_bytes), alarm(loop), last_moment(loop) {
    stream_settings = {read_buffer, s.low_mark, s.high_mark, s.flush_within};
  }

  void turn(const Event& event);
  void flush_touched();
  void note_slow(const Event& event, Duration took);
  void arm();
  void stop_now();

  void accepted(Fd fd, Listener listener, Preface preface);
  void read_preface(Fd fd, Origin origin);
  void preface_read(std::uint64_t number, Origin origin, Result<PrefaceReader::Ready> result);
  void open(Fd fd, Origin origin);
  void dialled(PeerId id, const Address& to, Dial::Outcome outcome);
  Peer& add_peer();
  Peer* find(PeerId id);
  std::size_t count() const { return peers.size() + prefaces.size(); }

  void on_bytes(PeerId peer, std::string_view bytes) override { turn(Bytes{peer, bytes}); }
  void on_drained(PeerId peer) override;
  void on_ended(PeerId peer, Gone why) override;

  const Settings settings;
  Counters& counters;
  Log& log;
  Loop loop;
  std::vector<char> read_buffer;
  Stream::Settings stream_settings;
  Machine machine;
  std::map<std::uint64_t, PrefaceReader> prefaces;
  std::unordered_map<std::uint64_t, Peer> peers;
  std::vector<std::unique_ptr<Acceptor>> acceptors;
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

void Shell::Impl::accepted(Fd fd, Listener listener, Preface preface) {
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
  preface == Preface::proxy_v2 ? read_preface(std::move(fd), std::move(origin))
                               : open(std::move(fd), std::move(origin));
}

void Shell::Impl::read_preface(Fd fd, Origin origin) {
  const std::uint64_t number = ++last_id;
  prefaces.try_emplace(number, loop, std::move(fd), clock_now() + settings.preface_within,
                       [this, number, origin = std::move(origin)](Result<PrefaceReader::Ready> result) {
                         preface_read(number, origin, std::move(result));
                       });
}

void Shell::Impl::preface_read(std::uint64_t number, Origin origin, Result<PrefaceReader::Ready> result) {
  prefaces.erase(number);
  if (result) {
    auto ready = std::move(result).value();
    origin.proxy = std::move(ready.header);
    return open(std::move(ready.fd), std::move(origin));
  }
  if (result.error().detail.empty()) return;
  counters.add(Counter::peers_refused);
  log.write(catalogue::preface_refused, {{"peer", to_text(origin.remote)}, {"reason", result.error().detail}});
}

void Shell::Impl::open(Fd fd, Origin origin) {
  Peer& peer = add_peer();
  peer.stream.attach(std::move(fd));
  turn(Opened{PeerId{last_id}, std::move(origin)});
}

void Shell::Impl::dialled(PeerId id, const Address& to, Dial::Outcome outcome) {
  Peer* peer = find(id);
  assert(peer);
  peer->dial.reset();
  if (peer->stream.closing()) return;
  if (auto* failed = std::get_if<Dial::Failed>(&outcome)) {
    log.write(catalogue::dial_failed, {{"address", to_text(to)}, {"reason", failed->reason}});
    return peer->stream.end(failed->why);
  }
  auto& up = std::get<Dial::Up>(outcome);
  Origin origin;
  origin.local = local_address(up.fd.get());
  origin.remote = to.is_unix() ? to : remote_address(up.fd.get());
  peer->stream.attach(std::move(up.fd));
  if (!std::exchange(peer->touched, true)) touched.push_back(id);
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
  auto opened = open_listener(where, mode);
  if (!opened) return opened.error();
  Fd fd = std::move(opened).value();
  const Address bound = local_address(fd.get());
  impl_->acceptors.push_back(std::make_unique<Acceptor>(
      impl_->loop, std::move(fd), bound, impl_->log,
      [impl = impl_.get(), as, preface](Fd accepted) { impl->accepted(std::move(accepted), as, preface); }));
  return bound;
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
  if (target.tls) {
    impl_->log.write(catalogue::dial_without_tls, {{"address", to_text(target.address)}});
    peer.stream.end(Gone::unreachable);
    return id;
  }
  if (target.proxy) peer.stream.out() = proxy_v2::encode(*target.proxy);
  peer.dial.emplace(impl_->loop, target.address, clock_now() + target.limit,
                    [impl = impl_.get(), id, to = target.address](Dial::Outcome outcome) {
                      impl->dialled(id, to, std::move(outcome));
                    });
  return id;
}

void Shell::close(PeerId id, Flush flush) {
  if (auto* peer = impl_->find(id)) peer->stream.close(Gone::by_us, flush);
}

void Shell::read(PeerId id, bool on) {
  if (auto* peer = impl_->find(id)) peer->stream.read(on);
}

}  // namespace linebridge::net
