#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <stdexcept>
#include <utility>

#include <openssl/sha.h>

#include "base/text.hpp"
#include "tests/bench/cti_client.hpp"
#include "tests/simulators/cucm/cluster.hpp"

/// What the simulated cluster costs one core without sockets: listing and opening many lines, and whole calls
/// with both parties watched. The time is the cluster's alone; the applications are not in it.
namespace linebridge::bench {
namespace {

using namespace std::chrono_literals;
using cti::Application;

constexpr std::size_t phones = 10000;
constexpr std::size_t busy = 50;  ///< Calls that go on at the same time.

double processor_seconds() {
  timespec at{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &at);
  return static_cast<double>(at.tv_sec) + 1e-9 * static_cast<double>(at.tv_nsec);
}

class Wire final : public Outbox {
public:
  std::string& to(PeerId peer) override { return out_.at(peer.value); }
  std::size_t queued(PeerId) const override { return 0; }
  PeerId dial(const Target&) override { return {}; }
  void close(PeerId, Flush) override { throw std::runtime_error("the cluster closed a connection"); }
  void read(PeerId, bool) override {}

private:
  std::vector<std::string> out_ = std::vector<std::string>(64);
};

sim::cucm::ClusterSpec cluster_spec(std::size_t managers) {
  sim::cucm::ClusterSpec spec;
  for (std::size_t i = 0; i < managers; ++i)
    spec.managers.push_back(
        {"cti" + std::to_string(i + 1), {"127.0.0.1", static_cast<std::uint16_t>(2001 + i)}});
  spec.users.push_back({"linebridge", "secret", {"SEP*"}, true, false});
  for (std::size_t phone = 0; phone < phones; ++phone) {
    auto& made = spec.phones.emplace_back();
    made.name = cti::phone_name(phone);
    for (std::size_t line = cti::first_line(phone); line < cti::first_line(phone) + cti::lines_on(phone);
         ++line)
      made.lines.push_back({cti::line_number(line), "", "User " + std::to_string(line), 4, 2, false});
  }
  return spec;
}

/// A cluster and its applications.
class Stage {
public:
  Stage(std::size_t managers, std::size_t connections)
      : spec_(cluster_spec(managers)),
        key_(sim::cucm::LoginKey::make()),
        random_(repeatable(7)),
        cluster_(spec_, key_, random_, log_, now_) {
    for (std::size_t i = 0; i < connections; ++i) {
      Origin origin;
      origin.listener = Listener::cti;
      origin.local = {"127.0.0.1", static_cast<std::uint16_t>(2001 + i % managers)};
      cluster_.on(Opened{{i}, origin}, now_, wire_);
      applications.push_back(std::make_unique<Application>(tally));
      applications.back()->log_in();
    }
    pump();
    for (const auto& each : applications) {
      if (!each->is_in()) throw std::runtime_error("no log-in");
    }
  }

  /// Until nobody has anything to say. Each message of an application comes to the cluster by itself.
  void pump() {
    while (turn()) {
    }
  }

  /// Calls of as many pairs as are busy at the same time, one after another.
  void call(std::vector<cti::Pair>& pairs, std::size_t count) {
    const std::uint64_t wanted = tally.calls + count;
    for (std::size_t next = 0; tally.calls < wanted; next += busy) {
      if (next + busy > pairs.size()) next = 0;
      for (std::size_t i = next; i < next + busy; ++i)
        Application::call(*pairs[i].from, *pairs[i].to);
      const std::uint64_t before = tally.calls;
      pump();
      if (tally.calls != before + busy) throw std::runtime_error("calls that do not end");
      advance(busy * 500us);
    }
  }

  /// Processor time of the cluster since it was last asked.
  double take_seconds() { return std::exchange(seconds_, 0); }

  cti::Tally tally;
  std::vector<std::unique_ptr<Application>> applications;

private:
  bool turn() {
    std::vector<std::string> said;
    for (const auto& each : applications)
      said.push_back(std::exchange(each->out, {}));
    const double before = processor_seconds();
    for (std::size_t i = 0; i < said.size(); ++i)
      feed(i, said[i]);
    seconds_ += processor_seconds() - before;
    bool any = false;
    for (std::size_t i = 0; i < applications.size(); ++i) {
      std::string& out = wire_.to({i});
      any = any || !out.empty();
      applications[i]->take(out);
      out.clear();
    }
    return any;
  }

  void feed(std::size_t connection, std::string_view bytes) {
    while (!bytes.empty()) {
      const std::size_t size = sim::cucm::read_u32(bytes, 0) + 8;
      cluster_.on(Bytes{{connection}, bytes.substr(0, size)}, now_, wire_);
      bytes.remove_prefix(size);
    }
  }

  void advance(Duration by) {
    now_ += by;
    if (now_ >= heartbeat_) {
      heartbeat_ = now_ + 20s;
      for (const auto& each : applications)
        each->heartbeat();
    }
    const double before = processor_seconds();
    if (const auto at = cluster_.next_deadline(); at && *at <= now_) cluster_.on(Tick{}, now_, wire_);
    seconds_ += processor_seconds() - before;
  }

  sim::cucm::ClusterSpec spec_;
  sim::cucm::LoginKey key_;
  Random random_;
  NoLog log_;
  TimePoint now_{}, heartbeat_{};
  sim::cucm::Cluster cluster_;
  Wire wire_;
  double seconds_ = 0;
};

/// What another library needs to look at each byte of a call once: a yardstick that only the machine moves.
double digest_seconds(const std::vector<std::string>& frames) {
  constexpr int times = 2000;
  unsigned char out[SHA256_DIGEST_LENGTH];
  const double before = processor_seconds();
  for (int i = 0; i < times; ++i) {
    for (const std::string& frame : frames)
      SHA256(reinterpret_cast<const unsigned char*>(frame.data()), frame.size(), out);
  }
  return (processor_seconds() - before) / times;
}

/// How the applications share the work: each opens its part of the lines, or each opens all.
struct Shape {
  const char* name;
  std::size_t managers, connections;
  bool all_lines;
};

void open_lines(Stage& stage, const Shape& shape) {
  const std::size_t count = stage.applications.size();
  for (std::size_t i = 0; i < count; ++i)
    shape.all_lines ? stage.applications[i]->open(0, 1, phones) : stage.applications[i]->open(i, count, phones);
  stage.pump();
}

/// The frames of one call, all connections together.
std::vector<std::string> frames_of_a_call(Stage& stage, std::vector<cti::Pair>& pairs) {
  std::vector<std::string> frames;
  stage.tally.see = [&frames](std::string_view frame) { frames.emplace_back(frame); };
  Application::call(*pairs[0].from, *pairs[0].to);
  stage.pump();
  stage.tally.see = nullptr;
  return frames;
}

void measure(const Shape& shape, std::size_t calls) {
  Stage stage(shape.managers, shape.connections);
  stage.take_seconds();
  const std::uint64_t before = stage.tally.bytes_in;
  stage.applications[0]->list();
  stage.pump();
  if (stage.applications[0]->listed_phones() < phones) throw std::runtime_error("phones that are not listed");
  const std::uint64_t list_bytes = stage.tally.bytes_in - before;
  const double list_seconds = stage.take_seconds();
  open_lines(stage, shape);
  const double open_seconds = stage.take_seconds();
  auto pairs = cti::pairs(stage.applications, phones);
  const auto frames = frames_of_a_call(stage, pairs);
  stage.call(pairs, busy);
  stage.take_seconds();
  stage.call(pairs, calls);
  const double each = stage.take_seconds() / static_cast<double>(calls);
  std::size_t bytes = 0;
  for (const std::string& frame : frames)
    bytes += frame.size();
  const double digest = digest_seconds(frames);
  std::printf(
      "{\"shape\": \"%s\", \"calls\": %zu, \"us_per_call\": %.2f, \"messages_per_call\": %zu, "
      "\"bytes_per_call\": %zu, \"digest_us_per_call\": %.2f, \"list_ms\": %.2f, \"list_bytes\": %llu, "
      "\"open_s\": %.3f}",
      shape.name, calls, each * 1e6, frames.size(), bytes, digest * 1e6, list_seconds * 1e3,
      static_cast<unsigned long long>(list_bytes), open_seconds);
}

constexpr Shape shapes[] = {{"one", 1, 1, false}, {"eight", 8, 8, false}, {"two_of_all", 2, 2, true}};

/// LINEBRIDGE_BENCH_CALLS asks for another count, for a profiler.
std::size_t calls_wanted() {
  const char* const wanted = std::getenv("LINEBRIDGE_BENCH_CALLS");
  return wanted ? to_number<std::size_t>(wanted).value_or(10000) : 10000;
}

}  // namespace
}  // namespace linebridge::bench

int main(int count, char** words) {
  using namespace linebridge::bench;
  try {
    const char* between = "[";
    for (const Shape& shape : shapes) {
      if (count > 1 && std::string_view(words[1]) != shape.name) continue;
      std::printf("%s", std::exchange(between, ",\n "));
      measure(shape, calls_wanted());
    }
    std::printf("]\n");
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "linebridge-bench-cucm: %s\n", problem.what());
    return EXIT_FAILURE;
  }
}
