#include "cli/fetch.hpp"

#include <exception>
#include <optional>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

namespace linebridge::cli {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

constexpr std::uint64_t most_body = 64 * 1024 * 1024;

asio::awaitable<Reply> ask(std::string path, std::string target) {
  asio::local::stream_protocol::socket socket(co_await asio::this_coro::executor);
  co_await socket.async_connect(asio::local::stream_protocol::endpoint(path), asio::use_awaitable);

  http::request<http::empty_body> request(http::verb::get, target, 11);
  request.set(http::field::host, "linebridge");
  request.set(http::field::connection, "close");
  co_await http::async_write(socket, request, asio::use_awaitable);

  boost::beast::flat_buffer buffer;
  http::response_parser<http::string_body> response;
  response.body_limit(most_body);
  co_await http::async_read(socket, buffer, response, asio::use_awaitable);
  co_return Reply{response.get().result_int(), std::move(response.get().body())};
}

std::string reason(const std::exception_ptr& failed) {
  try {
    std::rethrow_exception(failed);
  } catch (const boost::system::system_error& problem) {
    return problem.code().message();
  } catch (const std::exception& problem) {
    return problem.what();
  }
}

}  // namespace

Result<Reply> fetch(const std::string& socket, const std::string& target, Duration limit) {
  std::optional<Result<Reply>> result;
  asio::io_context loop(1);
  asio::co_spawn(loop, ask(socket, target), [&result](const std::exception_ptr& failed, Reply reply) {
    if (failed) {
      result = Error{Errc::closed, reason(failed)};
    } else {
      result = std::move(reply);
    }
  });
  loop.run_for(limit);
  if (!result) return Error{Errc::timed_out, "no answer in time"};
  return *std::move(result);
}

}  // namespace linebridge::cli
