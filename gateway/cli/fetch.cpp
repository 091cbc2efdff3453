#include "cli/fetch.hpp"

#include <optional>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <sys/un.h>

namespace linebridge::cli {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;
using Unix = asio::local::stream_protocol;

constexpr std::uint64_t most_body = 64 * 1024 * 1024;

/// One request and its answer: connect, write, read, each begun when the one before has ended.
class Exchange {
public:
  Exchange(asio::io_context& loop, const std::string& method, const std::string& target) : socket_(loop) {
    request_.version(11);
    request_.method_string(method);
    request_.target(target);
    request_.set(http::field::host, "linebridge");
    request_.set(http::field::connection, "close");
    request_.prepare_payload();
    response_.body_limit(most_body);
  }

  void start(const Unix::endpoint& where) {
    socket_.async_connect(where, [this](error_code failed) { failed ? end(failed) : write(); });
  }

  std::optional<Result<Reply>> result;  ///< Empty until it has ended.

private:
  void write() {
    http::async_write(socket_, request_,
                      [this](error_code failed, std::size_t) { failed ? end(failed) : read(); });
  }
  void read() {
    http::async_read(socket_, buffer_, response_, [this](error_code failed, std::size_t) { end(failed); });
  }
  void end(error_code failed) {
    if (failed) {
      result = Error{Errc::closed, failed.message()};
    } else {
      result = Reply{response_.get().result_int(), std::move(response_.get().body())};
    }
  }

  Unix::socket socket_;
  http::request<http::empty_body> request_;
  boost::beast::flat_buffer buffer_;
  http::response_parser<http::string_body> response_;
};

}  // namespace

Result<Reply> fetch(const std::string& socket, const std::string& target, Duration limit,
                    const std::string& method) {
  if (socket.size() >= sizeof(sockaddr_un::sun_path))
    return Error{Errc::closed, "the socket's path is too long"};
  asio::io_context loop(1);
  Exchange exchange(loop, method, target);
  exchange.start(Unix::endpoint(socket));
  loop.run_for(limit);
  if (!exchange.result) return Error{Errc::timed_out, "no answer in time"};
  return *std::move(exchange.result);
}

}  // namespace linebridge::cli
