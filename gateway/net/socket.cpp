#include "net/socket.hpp"

#include <cerrno>
#include <cstddef>
#include <cstring>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace linebridge::net {
namespace {

constexpr int backlog = 4096;

std::error_code last_error() {
  return {errno, std::generic_category()};
}

Error refused(std::string why) {
  return {Errc::refused, std::move(why)};
}

void set_option(int fd, int level, int name, int value) {
  ::setsockopt(fd, level, name, &value, sizeof value);
}

Fd open_socket(int family) {
  return Fd(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
}

Address ip_address(const void* bytes, std::size_t size, in_port_t port) {
  return {ip_text({static_cast<const char*>(bytes), size}), ntohs(port)};
}

/// Removes the socket that a dead process left. What is no socket, or answers, stays.
Status clear_path(const Address& where, const Endpoint& endpoint) {
  struct stat found{};
  if (::lstat(where.host.c_str(), &found) != 0) return Done{};
  if (!S_ISSOCK(found.st_mode)) return refused("something that is no socket stands there");
  std::error_code ec;
  begin_connect(endpoint, ec);
  if (ec != std::errc::connection_refused) return refused("another process listens there");
  ::unlink(where.host.c_str());
  return Done{};
}

/// bind() creates a Unix socket with the rights of the umask: no other moment is safe to set them.
int bind_with_mode(int fd, const Endpoint& endpoint, unsigned mode) {
  if (endpoint.family() != AF_UNIX) return ::bind(fd, endpoint.get(), endpoint.size);
  const mode_t before = ::umask(static_cast<mode_t>(~mode & 0777));
  const int result = ::bind(fd, endpoint.get(), endpoint.size);
  const int error = errno;
  ::umask(before);
  errno = error;
  return result;
}

}  // namespace

Fd& Fd::operator=(Fd&& other) noexcept {
  if (this != &other) {
    if (fd_ >= 0) ::close(fd_);
    fd_ = other.release();
  }
  return *this;
}

Fd::~Fd() {
  if (fd_ >= 0) ::close(fd_);
}

Result<Endpoint> to_endpoint(const Address& address) {
  Endpoint endpoint;
  if (address.is_unix()) {
    auto& path = reinterpret_cast<sockaddr_un&>(endpoint.storage);
    if (address.host.size() >= sizeof path.sun_path)
      return Error{Errc::malformed, "socket path '" + address.host + "' is over 107 bytes"};
    path.sun_family = AF_UNIX;
    std::memcpy(path.sun_path, address.host.c_str(), address.host.size() + 1);
    endpoint.size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address.host.size() + 1);
    return endpoint;
  }
  const std::string bytes = ip_bytes(address.host);
  if (bytes.empty()) return Error{Errc::malformed, "'" + address.host + "' is not a numeric IP address"};
  if (bytes.size() == sizeof(in_addr)) {
    auto& v4 = reinterpret_cast<sockaddr_in&>(endpoint.storage);
    v4.sin_family = AF_INET;
    v4.sin_port = htons(address.port);
    std::memcpy(&v4.sin_addr, bytes.data(), bytes.size());
    endpoint.size = sizeof v4;
  } else {
    auto& v6 = reinterpret_cast<sockaddr_in6&>(endpoint.storage);
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(address.port);
    std::memcpy(&v6.sin6_addr, bytes.data(), bytes.size());
    endpoint.size = sizeof v6;
  }
  return endpoint;
}

Address to_address(const Endpoint& endpoint) {
  if (endpoint.family() == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(endpoint.storage);
    return ip_address(&v4.sin_addr, sizeof v4.sin_addr, v4.sin_port);
  }
  if (endpoint.family() == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(endpoint.storage);
    if (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr)) return ip_address(&v6.sin6_addr.s6_addr[12], 4, v6.sin6_port);
    return ip_address(&v6.sin6_addr, sizeof v6.sin6_addr, v6.sin6_port);
  }
  const std::size_t head = offsetof(sockaddr_un, sun_path);
  if (endpoint.family() != AF_UNIX || endpoint.size <= head) return {};
  const auto& path = reinterpret_cast<const sockaddr_un&>(endpoint.storage);
  return {std::string(path.sun_path, ::strnlen(path.sun_path, endpoint.size - head)), 0};
}

Address local_address(int fd) {
  Endpoint endpoint;
  endpoint.size = sizeof endpoint.storage;
  return ::getsockname(fd, endpoint.get(), &endpoint.size) == 0 ? to_address(endpoint) : Address{};
}

Address remote_address(int fd) {
  Endpoint endpoint;
  endpoint.size = sizeof endpoint.storage;
  return ::getpeername(fd, endpoint.get(), &endpoint.size) == 0 ? to_address(endpoint) : Address{};
}

std::string ip_bytes(const std::string& text) {
  in6_addr raw{};
  const int family = text.find(':') == std::string::npos ? AF_INET : AF_INET6;
  if (::inet_pton(family, text.c_str(), &raw) != 1) return {};
  return {reinterpret_cast<const char*>(&raw), family == AF_INET ? sizeof(in_addr) : sizeof(in6_addr)};
}

std::string ip_text(std::string_view bytes) {
  char text[INET6_ADDRSTRLEN] = {};
  ::inet_ntop(bytes.size() == sizeof(in_addr) ? AF_INET : AF_INET6, bytes.data(), text, sizeof text);
  return text;
}

Result<Fd> open_listener(const Address& where, unsigned mode) {
  const auto endpoint = to_endpoint(where);
  if (!endpoint) return endpoint.error();
  if (where.is_unix()) {
    if (const auto cleared = clear_path(where, endpoint.value()); !cleared) return cleared.error();
  }
  Fd fd = open_socket(endpoint.value().family());
  if (!fd) return refused(last_error().message());
  if (!where.is_unix()) set_option(fd.get(), SOL_SOCKET, SO_REUSEADDR, 1);
  if (bind_with_mode(fd.get(), endpoint.value(), mode) != 0 || ::listen(fd.get(), backlog) != 0)
    return refused(last_error().message());
  return fd;
}

Fd accept_one(int listener, std::error_code& ec) {
  Fd fd(::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  ec = fd ? std::error_code{} : last_error();
  return fd;
}

Fd begin_connect(const Endpoint& to, std::error_code& ec) {
  Fd fd = open_socket(to.family());
  ec = fd && ::connect(fd.get(), to.get(), to.size) == 0 ? std::error_code{} : last_error();
  return fd;
}

std::error_code pending_error(int fd) {
  int error = 0;
  socklen_t size = sizeof error;
  if (::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0) return last_error();
  return {error, std::generic_category()};
}

void set_stream_options(int fd) {
  Endpoint endpoint;
  endpoint.size = sizeof endpoint.storage;
  if (::getsockname(fd, endpoint.get(), &endpoint.size) != 0 || endpoint.family() == AF_UNIX) return;
  set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
  set_option(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
  set_option(fd, IPPROTO_TCP, TCP_KEEPIDLE, 60);
  set_option(fd, IPPROTO_TCP, TCP_KEEPINTVL, 15);
  set_option(fd, IPPROTO_TCP, TCP_KEEPCNT, 4);
}

std::size_t receive(int fd, char* into, std::size_t most, std::error_code& ec) {
  const ssize_t got = ::recv(fd, into, most, 0);
  ec = got >= 0 ? std::error_code{} : last_error();
  return got >= 0 ? static_cast<std::size_t>(got) : 0;
}

std::size_t send(int fd, std::string_view bytes, std::error_code& ec) {
  const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  ec = sent >= 0 ? std::error_code{} : last_error();
  return sent >= 0 ? static_cast<std::size_t>(sent) : 0;
}

void shut_output(int fd) {
  ::shutdown(fd, SHUT_WR);
}

bool would_block(const std::error_code& ec) {
  return ec == std::errc::operation_would_block || ec == std::errc::resource_unavailable_try_again ||
         ec == std::errc::interrupted;
}

}  // namespace linebridge::net
