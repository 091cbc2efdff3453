#include <cstdio>
#include <cstdlib>
#include <exception>

#include "tests/bench/counting_new.hpp"
#include "tests/bench/site.hpp"

/// What an idle session takes: signed in, with a monitor, nothing going on. Counted at operator new and delete
/// while the node works, so the simulated CTI Manager and the clients are not in it.
namespace linebridge::bench {
namespace {

class HeapMeter final : public Meter {
public:
  void begin() override { count_allocations(true); }
  void end() override { count_allocations(false); }
};

void run() {
  constexpr std::size_t users = 15000, connections = 4, trace_bytes = 4 * 1024 * 1024;
  HeapMeter meter;
  Site site({users, connections, trace_bytes}, meter);
  site.start();
  const auto empty = static_cast<long long>(allocations().bytes - static_cast<std::int64_t>(trace_bytes));
  site.sign_in_all();
  // What ended is kept for a while: idle means that this is over.
  for (int i = 0; i < 60; ++i)
    site.advance(std::chrono::seconds(1));
  const auto idle =
      static_cast<long long>(allocations().bytes - static_cast<std::int64_t>(trace_bytes)) - empty;
  std::printf(
      "{\"sessions\": %zu, \"bytes_per_session\": %lld, \"trace_ring_bytes\": %zu,\n"
      " \"bytes_without_sessions\": %lld, \"phones\": %zu}\n",
      users, idle / static_cast<long long>(users), trace_bytes, empty, users);
}

}  // namespace
}  // namespace linebridge::bench

int main() {
  try {
    linebridge::bench::run();
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "linebridge-bench-memory: %s\n", problem.what());
    return EXIT_FAILURE;
  }
}
