#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <stdexcept>
#include <utility>

#include <poll.h>

#include "tests/bench/cti_client.hpp"
#include "tests/bench/driver.hpp"

/// Applications on real connections to a simulated cluster: they list and open all phones, and then make so
/// many whole calls a second. It blocks in poll() only.
namespace linebridge::bench {
namespace {

using cti::Application;
using cti::Clock;

struct Options {
  std::vector<std::uint16_t> ports;  ///< Of the CTI Managers.
  std::size_t connections = 8, phones = 10000, calls = 20000;
  double rate = 2000;  ///< Calls a second.
};

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

class Run {
public:
  explicit Run(const Options& options) : options_(options) {
    for (std::size_t i = 0; i < options.connections; ++i) {
      connections_.push_back(std::make_unique<Socket>(options.ports[i % options.ports.size()]));
      applications_.push_back(std::make_unique<Application>(tally_));
      applications_.back()->log_in();
    }
    until("the log-in", [](Application& each) { return each.is_in(); });
  }

  void list_and_open() {
    const auto start = Clock::now();
    applications_[0]->list();
    until("the list",
          [this](Application& each) { return &each != applications_[0].get() || each.is_listed(); });
    const double listed = seconds_since(start);
    for (std::size_t i = 0; i < applications_.size(); ++i)
      applications_[i]->open(i, applications_.size(), options_.phones);
    until("open lines", [](Application& each) { return each.is_open(); });
    std::printf("ready {\"list_ms\": %.2f, \"open_s\": %.3f, \"listed\": %zu}\n", listed * 1e3,
                seconds_since(start) - listed, applications_[0]->listed_phones());
    std::fflush(stdout);
  }

  void call() {
    auto pairs = cti::pairs(applications_, options_.phones);
    tally_.timed = true;
    const auto start = Clock::now();
    std::size_t made = 0;
    for (auto heard = start; tally_.calls < options_.calls;) {
      const std::uint64_t before = tally_.calls;
      for (; made < options_.calls && seconds_since(start) * options_.rate >= static_cast<double>(made);
           ++made) {
        const cti::Pair& next = pairs[made % pairs.size()];
        if (next.from->other) break;
        Application::call(*next.from, *next.to);
      }
      work(made < options_.calls ? 0 : 1000);
      if (tally_.calls != before) heard = Clock::now();
      if (seconds_since(heard) > 10) throw std::runtime_error("calls that do not end");
    }
    report(seconds_since(start));
  }

private:
  void report(double seconds) {
    auto& took = tally_.took;
    std::sort(took.begin(), took.end());
    const auto at = [&](double part) { return percentile(took, part); };
    std::printf("{\"calls\": %llu, \"seconds\": %.6f, \"p50\": %.6f, \"p99\": %.6f, \"p999\": %.6f}\n",
                static_cast<unsigned long long>(tally_.calls), seconds, at(0.5), at(0.99), at(0.999));
    std::fflush(stdout);
  }

  template <class Done>
  void until(const char* what, Done done) {
    const auto start = Clock::now();
    while (!std::all_of(applications_.begin(), applications_.end(),
                        [&](const auto& each) { return done(*each); })) {
      if (seconds_since(start) > 60) throw std::runtime_error("waited 60 s for " + std::string(what));
      work(1000);
    }
  }

  /// Writes and reads what can be, or waits until something can.
  void work(int milliseconds) {
    std::vector<pollfd> wanted;
    for (std::size_t i = 0; i < connections_.size(); ++i) {
      connections_[i]->write(applications_[i]->out);
      const bool more = !applications_[i]->out.empty();
      wanted.push_back(
          {connections_[i]->descriptor(), static_cast<short>(more ? POLLIN | POLLOUT : POLLIN), 0});
    }
    if (::poll(wanted.data(), wanted.size(), milliseconds) < 0) throw std::runtime_error("poll failed");
    for (std::size_t i = 0; i < connections_.size(); ++i) {
      if ((wanted[i].revents & (POLLIN | POLLHUP | POLLERR)) != 0)
        applications_[i]->take(connections_[i]->read());
    }
  }

  const Options& options_;
  cti::Tally tally_;
  std::vector<std::unique_ptr<Socket>> connections_;
  std::vector<std::unique_ptr<Application>> applications_;
};

int measure(const Options& options) {
  Run run(options);
  run.list_and_open();
  if (std::getchar() == EOF) return EXIT_FAILURE;  // Until the processor time of the cluster has been read.
  run.call();
  std::getchar();  // The connections stay until it has been read again.
  return EXIT_SUCCESS;
}

Options read_options(int count, char** words) {
  Options out;
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string_view word = words[i], value = words[i + 1];
    if (word == "--port") {
      out.ports.push_back(number<std::uint16_t>(value));
    } else if (word == "--connections") {
      out.connections = number<std::size_t>(value);
    } else if (word == "--phones") {
      out.phones = number<std::size_t>(value);
    } else if (word == "--calls") {
      out.calls = number<std::size_t>(value);
    } else if (word == "--rate") {
      out.rate = number<double>(value);
    } else {
      throw std::runtime_error("unknown option " + std::string(word));
    }
  }
  if (out.ports.empty()) throw std::runtime_error("needs --port");
  return out;
}

}  // namespace
}  // namespace linebridge::bench

int main(int count, char** words) {
  try {
    return linebridge::bench::measure(linebridge::bench::read_options(count, words));
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "linebridge-bench-cucm-load: %s\n", problem.what());
    return EXIT_FAILURE;
  }
}
