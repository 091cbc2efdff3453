#include "cli/runtime_socket.hpp"

#include <optional>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <sys/un.h>

namespace linebridge::cli {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Unix = asio::local::stream_protocol;

constexpr std::size_t most_answer = 1024 * 1024;

/// Connect, write, read to the end, each begun when the one before has ended.
class Exchange {
public:
  Exchange(asio::io_context& loop, std::string line)
      : socket_(loop), line_(std::move(line)), buffer_(answer_, most_answer) {}

  void start(const Unix::endpoint& where) {
    socket_.async_connect(where, [this](error_code failed) { failed ? end(failed) : write(); });
  }

  std::optional<Result<std::string>> result;  ///< Empty until it has ended.

private:
  void write() {
    asio::async_write(socket_, asio::buffer(line_),
                      [this](error_code failed, std::size_t) { failed ? end(failed) : read(); });
  }
  void read() {
    asio::async_read(socket_, buffer_, [this](error_code failed, std::size_t) { end(failed); });
  }
  void end(error_code failed) {
    if (failed == asio::error::eof) {
      result = std::move(answer_);
    } else if (failed) {
      result = Error{Errc::closed, failed.message()};
    } else {
      result = Error{Errc::too_long, "the answer is over 1 MiB long"};
    }
  }

  Unix::socket socket_;
  std::string line_;
  std::string answer_;
  asio::dynamic_string_buffer<char, std::char_traits<char>, std::allocator<char>> buffer_;
};

}  // namespace

Result<std::string> ask_haproxy(const std::string& socket, const std::string& line, Duration limit) {
  if (socket.size() >= sizeof(sockaddr_un::sun_path))
    return Error{Errc::closed, "the socket's path is too long"};
  asio::io_context loop(1);
  Exchange exchange(loop, line);
  exchange.start(Unix::endpoint(socket));
  loop.run_for(limit);
  if (!exchange.result) return Error{Errc::timed_out, "no answer in time"};
  return *std::move(exchange.result);
}

}  // namespace linebridge::cli
