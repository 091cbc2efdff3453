#pragma once

#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <sys/socket.h>

#include "base/address.hpp"
#include "base/result.hpp"

/// Sockets as the operating system has them: TCP and Unix streams, never blocking, never inherited by children.
namespace linebridge::net {

/// Owns a descriptor and closes it.
class Fd {
public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(other.release()) {}
  Fd& operator=(Fd&& other) noexcept;
  ~Fd();

  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }
  explicit operator bool() const { return fd_ >= 0; }

private:
  int fd_ = -1;
};

/// A socket address as the operating system takes it.
struct Endpoint {
  sockaddr_storage storage{};
  socklen_t size = 0;

  int family() const { return storage.ss_family; }
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

/// A numeric IP address or a Unix path. Errors: malformed (a name, a path over 107 bytes).
Result<Endpoint> to_endpoint(const Address& address);
/// IPv4 within IPv6 comes out as IPv4; a nameless Unix socket as the empty Address.
Address to_address(const Endpoint& endpoint);
Address local_address(int fd);
Address remote_address(int fd);

/// The 4 or 16 bytes of a numeric IP address, empty for anything else; and the way back.
std::string ip_bytes(const std::string& text);
std::string ip_text(std::string_view bytes);

/// A listening socket. A Unix path left by a dead process is taken over, and gets `mode`.
/// Errors: malformed (not numeric, path too long), refused (in use by somebody alive, no such address, not a
/// socket).
Result<Fd> open_listener(const Address& where, unsigned mode);

/// The next connection, or nothing and the reason in `ec` (would_block: none waits).
Fd accept_one(int listener, std::error_code& ec);

/// Begins to connect. Without `ec` it is connected; EINPROGRESS: wait until writable, then ask pending_error();
/// EAGAIN (Unix, the listener's queue is full): try again later.
Fd begin_connect(const Endpoint& to, std::error_code& ec);
std::error_code pending_error(int fd);

/// TCP: no delay, and keep-alive that finds a dead peer in about two minutes. Nothing for Unix.
void set_stream_options(int fd);

/// Without SIGPIPE. Gives the bytes moved; 0 with no error from receive() is the end of the stream.
std::size_t receive(int fd, char* into, std::size_t most, std::error_code& ec);
std::size_t send(int fd, std::string_view bytes, std::error_code& ec);
void shut_output(int fd);

/// Nothing to do now, ask again when the descriptor is ready.
bool would_block(const std::error_code& ec);

}  // namespace linebridge::net
