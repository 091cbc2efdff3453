#pragma once

#include <charconv>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

/// What the programs share that put load on a real socket.
namespace linebridge::bench {

/// A TCP connection to a port of this machine that never waits; who uses it polls. Throws when it breaks.
class Socket {
public:
  explicit Socket(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0)
      throw std::runtime_error("cannot connect to port " + std::to_string(port));
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  Socket(const Socket&) = delete;
  ~Socket() { ::close(socket_); }

  int descriptor() const { return socket_; }
  /// Sends what can be sent and takes it away from `out`.
  void write(std::string& out) {
    const auto sent = out.empty() ? 0 : ::send(socket_, out.data(), out.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent > 0) out.erase(0, static_cast<std::size_t>(sent));
  }
  /// What is there, perhaps nothing; valid until the next call.
  std::string_view read() {
    const auto got = ::recv(socket_, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
    if (got == 0) throw std::runtime_error("the other side closed the connection");
    return {buffer_.data(), got > 0 ? static_cast<std::size_t>(got) : 0};
  }

private:
  int socket_;
  std::vector<char> buffer_ = std::vector<char>(256 * 1024);
};

/// The whole of a command line's word as a number, or an exception that names it.
template <class Number>
Number number(std::string_view text) {
  Number value{};
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc{} || end != text.data() + text.size())
    throw std::runtime_error("no number: " + std::string(text));
  return value;
}

/// Of times in ascending order, at least one: `part` 0.99 gives the 99th percentile.
inline double percentile(const std::vector<double>& sorted, double part) {
  return sorted[static_cast<std::size_t>(part * static_cast<double>(sorted.size() - 1))];
}

}  // namespace linebridge::bench
