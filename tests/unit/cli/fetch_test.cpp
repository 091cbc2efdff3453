#include "cli/fetch.hpp"

#include <cstring>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/unit/support/temporary.hpp"

namespace linebridge::cli {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::StartsWith;

int listen_at(const std::string& path) {
  const int listener = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), path.size());
  EXPECT_EQ(::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  EXPECT_EQ(::listen(listener, 1), 0);
  return listener;
}

/// A Unix socket that takes one connection, reads a request and answers with fixed bytes.
class OneAnswer {
public:
  OneAnswer(const std::string& path, std::string answer)
      : listener_(listen_at(path)), thread_([this, text = std::move(answer)] { serve(text); }) {}
  ~OneAnswer() {
    if (thread_.joinable()) thread_.join();
    ::close(listener_);
  }

  /// What was asked; waits until the connection has ended.
  std::string request() {
    thread_.join();
    return request_;
  }

private:
  void serve(const std::string& answer) {
    const int connection = ::accept(listener_, nullptr, nullptr);
    std::array<char, 4096> buffer{};
    while (request_.find("\r\n\r\n") == std::string::npos) {
      const auto size = ::read(connection, buffer.data(), buffer.size());
      if (size <= 0) break;
      request_.append(buffer.data(), static_cast<std::size_t>(size));
    }
    EXPECT_EQ(::send(connection, answer.data(), answer.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(answer.size()));
    ::shutdown(connection, SHUT_WR);
    while (::read(connection, buffer.data(), buffer.size()) > 0) {
    }
    ::close(connection);
  }

  int listener_;
  std::string request_;
  std::thread thread_;
};

TEST(CliFetch, GetsStatusAndBody) {
  const test::TemporaryDirectory directory;
  OneAnswer node(directory.path("s"), "HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\n\r\nhello");
  const auto reply = fetch(directory.path("s"), "/v1/status?x=1", 30s);
  ASSERT_TRUE(reply) << reply.error().detail;
  EXPECT_EQ(reply.value().status, 404u);
  EXPECT_EQ(reply.value().body, "hello");
  EXPECT_THAT(node.request(), StartsWith("GET /v1/status?x=1 HTTP/1.1\r\n"));
}

TEST(CliFetch, OrdersWithoutABody) {
  const test::TemporaryDirectory directory;
  OneAnswer node(directory.path("s"), "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
  ASSERT_TRUE(fetch(directory.path("s"), "/v1/drain", 30s, "POST"));
  EXPECT_THAT(node.request(), StartsWith("POST /v1/drain HTTP/1.1\r\n"));
}

TEST(CliFetch, TakesABodyThatEndsWithTheConnection) {
  const test::TemporaryDirectory directory;
  const OneAnswer node(directory.path("s"), "HTTP/1.1 200 OK\r\n\r\n{}");
  const auto reply = fetch(directory.path("s"), "/", 30s);
  ASSERT_TRUE(reply) << reply.error().detail;
  EXPECT_EQ(reply.value().body, "{}");
}

TEST(CliFetch, SaysWhyNobodyAnswers) {
  const test::TemporaryDirectory directory;
  const auto missing = fetch(directory.path("s"), "/", 30s);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, Errc::closed);
  EXPECT_EQ(missing.error().detail, "No such file or directory");

  EXPECT_FALSE(fetch(directory.path(std::string(300, 'x')), "/", 30s)) << "a path no socket can have";
}

TEST(CliFetch, RefusesAnswersThatAreNotHttp) {
  for (const auto* answer : {"", "hello\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe"}) {
    const test::TemporaryDirectory directory;
    const OneAnswer node(directory.path("s"), answer);
    const auto reply = fetch(directory.path("s"), "/", 30s);
    ASSERT_FALSE(reply) << answer;
    EXPECT_EQ(reply.error().code, Errc::closed);
  }
}

TEST(CliFetch, GivesUpOnASilentNode) {
  const test::TemporaryDirectory directory;
  const int listener = listen_at(directory.path("s"));
  const auto reply = fetch(directory.path("s"), "/", 20ms);
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, Errc::timed_out);
  ::close(listener);
}

}  // namespace
}  // namespace linebridge::cli
