#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <exception>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <poll.h>

#include "tests/bench/driver.hpp"
#include "tests/bench/messages.hpp"

/// Sends INFOs over one TCP connection, some at a time without waiting for their answers, and measures how
/// many are answered a second and how long one takes. It blocks in poll() only, and for at most 10 s.
namespace linebridge::bench {
namespace {

using Clock = std::chrono::steady_clock;

struct Options {
  std::uint16_t port = 0;
  std::size_t sessions = 100, requests = 100000;
  std::size_t window = 64;  ///< Requests on their way.
  double rate = 0;          ///< Requests a second; 0: as many as are answered.
  bool sign_in = false;
};

class Connection {
public:
  explicit Connection(std::uint16_t port) : socket_(port) {}

  std::string out;

  /// Writes and reads what can be without waiting, or waits until something can, at most `limit`.
  void work(std::chrono::milliseconds limit) {
    pollfd wanted{socket_.descriptor(), static_cast<short>(out.empty() ? POLLIN : POLLIN | POLLOUT), 0};
    if (::poll(&wanted, 1, static_cast<int>(limit.count())) < 0) throw std::runtime_error("poll failed");
    if ((wanted.revents & POLLOUT) != 0) socket_.write(out);
    if ((wanted.revents & (POLLIN | POLLHUP | POLLERR)) != 0) read_some();
  }
  /// The next whole message, empty if there is none yet; valid until work().
  std::string_view next() {
    const std::string_view message = first_message(std::string_view(in_).substr(taken_));
    taken_ += message.size();
    return message;
  }

private:
  void read_some() {
    in_.erase(0, std::exchange(taken_, 0));
    in_.append(socket_.read());
  }

  Socket socket_;
  std::string in_;
  std::size_t taken_ = 0;
};

/// The next message; throws when there is none in 10 s.
std::string_view wait_for_message(Connection& connection) {
  const auto end = Clock::now() + std::chrono::seconds(10);
  for (;;) {
    if (const auto message = connection.next(); !message.empty()) return message;
    if (Clock::now() > end) throw std::runtime_error("no answer in 10 s");
    connection.work(std::chrono::milliseconds(1000));
  }
}

void sign_in(Connection& connection, std::vector<Client>& clients) {
  for (auto& client : clients) {
    connection.out += client.invite();
    const std::string_view answer = wait_for_message(connection);
    if (!client.signed_in(answer)) throw std::runtime_error("sign-in refused: " + std::string(answer));
    connection.out += client.ack();
    connection.out += client.info(client.monitor_start());
    if (!wait_for_message(connection).starts_with("SIP/2.0 200")) throw std::runtime_error("no monitor");
  }
}

/// Answers come in the order of the requests, for all of them come at once; the times are kept in that order.
std::vector<double> run(Connection& connection, std::vector<Client>& clients, const Options& options) {
  std::vector<double> took;
  took.reserve(options.requests);
  std::deque<Clock::time_point> sent;
  const std::string body = Client::get_features();
  const auto start = Clock::now();
  std::size_t asked = 0;
  auto heard = start;
  while (took.size() < options.requests) {
    while (asked < options.requests && sent.size() < options.window) {
      if (options.rate > 0 &&
          Clock::now() < start + std::chrono::duration<double>(static_cast<double>(asked) / options.rate))
        break;
      connection.out += clients[asked++ % clients.size()].info(body);
      sent.push_back(Clock::now());
    }
    const bool paced = options.rate > 0 && asked < options.requests;
    connection.work(std::chrono::milliseconds(paced ? 0 : 1000));
    for (auto message = connection.next(); !message.empty(); message = connection.next()) {
      if (!message.starts_with("SIP/2.0 200")) throw std::runtime_error("no 200: " + std::string(message));
      heard = Clock::now();
      took.push_back(std::chrono::duration<double>(heard - sent.front()).count());
      sent.pop_front();
    }
    if (Clock::now() - heard > std::chrono::seconds(10)) throw std::runtime_error("no answer in 10 s");
  }
  std::printf("{\"requests\": %zu, \"seconds\": %.6f, ", took.size(),
              std::chrono::duration<double>(heard - start).count());
  return took;
}

int measure(const Options& options) {
  std::vector<Client> clients;
  for (std::size_t i = 0; i < options.sessions; ++i)
    clients.emplace_back(i);
  Connection connection(options.port);
  if (options.sign_in) sign_in(connection, clients);
  std::printf("ready\n");
  std::fflush(stdout);
  if (std::getchar() == EOF) return EXIT_FAILURE;  // Until the processor time of the server has been read.
  auto took = run(connection, clients, options);
  std::sort(took.begin(), took.end());
  const auto at = [&](double part) { return percentile(took, part); };
  std::printf("\"p50\": %.6f, \"p99\": %.6f, \"p999\": %.6f, \"bytes\": %zu}\n", at(0.5), at(0.99), at(0.999),
              clients[0].info(Client::get_features()).size());
  std::fflush(stdout);
  std::getchar();  // The connection stays until the processor time has been read again.
  return EXIT_SUCCESS;
}

Options read_options(int count, char** words) {
  Options out;
  for (int i = 1; i < count; ++i) {
    const std::string_view word = words[i];
    if (word == "--sign-in") {
      out.sign_in = true;
      continue;
    }
    if (i + 1 == count) throw std::runtime_error(std::string(word) + " needs a value");
    const std::string_view value = words[++i];
    if (word == "--port") {
      out.port = number<std::uint16_t>(value);
    } else if (word == "--sessions") {
      out.sessions = number<std::size_t>(value);
    } else if (word == "--requests") {
      out.requests = number<std::size_t>(value);
    } else if (word == "--window") {
      out.window = number<std::size_t>(value);
    } else if (word == "--rate") {
      out.rate = number<double>(value);
    } else {
      throw std::runtime_error("unknown option " + std::string(word));
    }
  }
  return out;
}

}  // namespace
}  // namespace linebridge::bench

int main(int count, char** words) {
  try {
    return linebridge::bench::measure(linebridge::bench::read_options(count, words));
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "linebridge-bench-load: %s\n", problem.what());
    return EXIT_FAILURE;
  }
}
