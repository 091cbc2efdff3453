#include <chrono>
#include <cstdlib>
#include <ctime>
#include <stdexcept>
#include <utility>

#include <benchmark/benchmark.h>

#include "base/text.hpp"
#include "tests/bench/site.hpp"

/// What one node costs the processor, behind its door: bytes in, bytes out, no sockets. The time is that of the
/// node alone; the simulated CTI Manager and the clients are not in it.
namespace linebridge::bench {
namespace {

using namespace std::chrono_literals;

/// Processor time, so that others on the machine are not in it.
class StopWatch final : public Meter {
public:
  void begin() override { from_ = seconds(); }
  void end() override { spent_ += seconds() - from_; }
  /// Seconds since the last call.
  double take() { return std::exchange(spent_, 0); }

private:
  static double seconds() {
    timespec at{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &at);
    return static_cast<double>(at.tv_sec) + 1e-9 * static_cast<double>(at.tv_nsec);
  }
  double from_ = 0, spent_ = 0;
};

StopWatch watch;

/// Clients signed in; LINEBRIDGE_BENCH_USERS asks for fewer, for a profiler.
Site::Settings settings() {
  Site::Settings made;
  if (const char* const wanted = std::getenv("LINEBRIDGE_BENCH_USERS"))
    made.users = to_number<std::size_t>(wanted).value_or(made.users);
  return made;
}

/// Made once: signing 15,000 clients in takes a while.
Site& site() {
  static Site* const made = [] {
    auto* const fresh = new Site(settings(), watch);
    fresh->start();
    fresh->sign_in_all();
    return fresh;
  }();
  return *made;
}

/// Clients that are busy at the same time. What the switch and the clients do lies between two steps of all of
/// them, so the node does not find its caches full of the others' work each time, as it would not on a core of
/// its own. Each message is an input of its own all the same.
constexpr std::size_t busy = 50;

/// Runs `once` with `busy` clients after others; it gives back the seconds of the node that count.
template <class Once>
void run(benchmark::State& state, Once once) {
  Site& all = site();
  std::size_t next = 0;
  for (auto _ : state) {
    if (next + busy > all.clients.size()) next = 0;
    const std::span<Client> who(all.clients.data() + next, busy);
    next += busy;
    watch.take();
    state.SetIterationTime(once(all, who));
    all.advance(busy * 20us);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(busy));
}

void expect(std::string_view text, std::string_view part) {
  if (text.find(part) == std::string_view::npos)
    throw std::runtime_error("expected " + std::string(part) + " in " + std::string(text));
}

/// Hands in what `make` gives for each client.
template <class Make>
void send(Site& all, std::span<Client> who, Make make) {
  std::vector<Said> said;
  for (auto& client : who)
    said.push_back({&client, make(client)});
  all.send(said);
}
void send_make_call(Site& all, std::span<Client> who) {
  send(all, who, [](Client& client) { return client.info(client.make_call("+15551234")); });
}
/// Every answer has `part` in it.
void expect_answers(Site& all, std::string_view part) {
  all.received([part](Client&, std::string_view message) { expect(message, part); });
}
void end_calls(Site& all, std::span<Client> who) {
  for (const auto& client : who)
    all.hang_up(client);
  all.pump();
  all.answer_events();
}

void get_features(benchmark::State& state) {
  run(state, [](Site& all, std::span<Client> who) {
    send(all, who, [](Client& client) { return client.info(Client::get_features()); });
    const double spent = watch.take();
    expect_answers(all, "GetCSTAFeaturesResponse");
    return spent;
  });
}

void monitor_start(benchmark::State& state) {
  run(state, [](Site& all, std::span<Client> who) {
    send(all, who, [](Client& client) { return client.info(client.monitor_start()); });
    const double spent = watch.take();
    all.received([](Client& client, std::string_view message) {
      client.set_monitor(std::string(element(message, "monitorCrossRefID")));
    });
    send(all, who, [](Client& client) { return client.info(client.monitor_stop(client.monitor())); });
    expect_answers(all, "MonitorStopResponse");
    return spent;
  });
}

void ring(Site& all, std::span<Client> who) {
  for (const auto& client : who)
    all.ring(client);
}

/// With two calls on the line: one made, one that rings.
void snapshot_device(benchmark::State& state) {
  run(state, [](Site& all, std::span<Client> who) {
    send_make_call(all, who);
    all.pump();
    ring(all, who);
    all.pump();
    all.answer_events();
    watch.take();
    send(all, who, [](Client& client) { return client.info(client.snapshot_device()); });
    const double spent = watch.take();
    expect_answers(all, "</snapshotDeviceResponseInfo><snapshotDeviceResponseInfo>");
    end_calls(all, who);
    end_calls(all, who);
    return spent;
  });
}

/// The INFO, two requests to the switch, both answers and the call's first events in; the 200 and the first
/// event out.
void make_call(benchmark::State& state) {
  run(state, [](Site& all, std::span<Client> who) {
    send_make_call(all, who);
    all.pump();
    const double spent = watch.take();
    all.answer_events();
    end_calls(all, who);
    return spent;
  });
}

/// Everything of a call from MakeCall to its end: an INFO with its answer, and all events with theirs. What is
/// counted is INFOs, in both directions.
void whole_call(benchmark::State& state) {
  const std::uint64_t before = site().counters[Counter::events_sent];
  run(state, [](Site& all, std::span<Client> who) {
    send_make_call(all, who);
    all.pump();
    all.answer_events();
    end_calls(all, who);
    return watch.take();
  });
  const auto events = static_cast<std::int64_t>(site().counters[Counter::events_sent] - before);
  state.SetItemsProcessed(state.items_processed() + events);
}

/// The frames of a call that rings in, the first event out.
void event(benchmark::State& state) {
  run(state, [](Site& all, std::span<Client> who) {
    ring(all, who);
    all.pump();
    const double spent = watch.take();
    all.answer_events();
    end_calls(all, who);
    return spent;
  });
}

/// The client's 200 to an event.
void event_answer(benchmark::State& state) {
  run(state, [](Site& all, std::span<Client> who) {
    ring(all, who);
    all.pump();
    const auto answers = all.oks();
    watch.take();
    all.send(answers);
    const double spent = watch.take();
    end_calls(all, who);
    return spent;
  });
}

void refused_info(benchmark::State& state) {
  Client stranger(site().clients.size());
  run(state, [&](Site& all, std::span<Client> who) {
    send(all, who, [&](Client&) { return stranger.info(stranger.make_call("+15551234")); });
    const double spent = watch.take();
    expect_answers(all, "SIP/2.0 481");
    return spent;
  });
}

/// INVITE with RequestSystemStatus, and the line opened at the switch.
void sign_in(benchmark::State& state) {
  run(state, [](Site& all, std::span<Client> who) {
    send(all, who, [](Client& client) { return client.bye(); });
    all.pump();
    expect_answers(all, "SIP/2.0 200");
    for (auto& client : who)
      client = Client(Client::number_in(client.call_id()).value());
    watch.take();
    send(all, who, [](Client& client) { return client.invite(); });
    all.pump();
    const double spent = watch.take();
    all.received([](Client& client, std::string_view message) {
      if (!client.signed_in(message)) throw std::runtime_error("sign-in refused");
    });
    all.monitor(who);
    return spent;
  });
}

BENCHMARK(get_features)->UseManualTime();
BENCHMARK(monitor_start)->UseManualTime();
BENCHMARK(snapshot_device)->UseManualTime();
BENCHMARK(make_call)->UseManualTime();
BENCHMARK(whole_call)->UseManualTime();
BENCHMARK(event)->UseManualTime();
BENCHMARK(event_answer)->UseManualTime();
BENCHMARK(refused_info)->UseManualTime();
BENCHMARK(sign_in)->UseManualTime();

}  // namespace
}  // namespace linebridge::bench

int main(int count, char** words) {
  benchmark::Initialize(&count, words);
  if (benchmark::ReportUnrecognizedArguments(count, words)) return 1;
  linebridge::bench::site();
  benchmark::RunSpecifiedBenchmarks();
}
