#include "ops/http.hpp"

#include <optional>
#include <sstream>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

namespace linebridge::ops {
namespace {

namespace http = boost::beast::http;

std::string_view view(boost::beast::string_view text) {
  return {text.data(), text.size()};
}

std::string whole(http::response<http::string_body> response, bool with_body = true) {
  response.prepare_payload();
  std::ostringstream out;
  if (with_body) {
    out << response;
  } else {
    out << response.base();
  }
  return std::move(out).str();
}

}  // namespace

struct HttpStream::Impl {
  void renew() {
    parser.emplace();
    parser->header_limit(static_cast<std::uint32_t>(limits.head_bytes));
    parser->body_limit(limits.body_bytes);
    parser->eager(true);
  }

  Limits limits;
  std::string waiting;
  std::optional<http::request_parser<http::string_body>> parser;
  bool answering = false;  ///< A request was handed out and not answered yet.
};

HttpStream::HttpStream() : HttpStream(Limits{}) {}
HttpStream::HttpStream(Limits limits) : impl_(std::make_unique<Impl>()) {
  impl_->limits = limits;
  impl_->renew();
}
HttpStream::~HttpStream() = default;
HttpStream::HttpStream(HttpStream&&) noexcept = default;
HttpStream& HttpStream::operator=(HttpStream&&) noexcept = default;

void HttpStream::push(std::string_view bytes) {
  impl_->waiting.append(bytes);
}

Result<bool> HttpStream::next(Request& request) {
  Impl& in = *impl_;
  if (in.waiting.size() > in.limits.head_bytes + in.limits.body_bytes)
    return Error{Errc::too_long, "too much at once"};
  while (!in.answering && !in.waiting.empty() && !in.parser->is_done()) {
    boost::beast::error_code ec;
    const std::size_t used = in.parser->put(boost::asio::buffer(in.waiting), ec);
    in.waiting.erase(0, used);
    if (ec == http::error::need_more) {
      if (in.waiting.size() > in.limits.head_bytes && !in.parser->is_header_done())
        return Error{Errc::too_long, "header over its limit"};
      break;
    }
    if (ec == http::error::header_limit || ec == http::error::body_limit)
      return Error{Errc::too_long, ec.message()};
    if (ec) return Error{Errc::malformed, ec.message()};
    if (used == 0) break;
  }
  if (in.answering || !in.parser->is_done()) return false;
  in.answering = true;
  auto& message = in.parser->get();
  request = {std::string(view(message.method_string())), std::string(view(message.target())),
             std::move(message.body())};
  return true;
}

bool HttpStream::respond(std::string& out, unsigned status, std::string_view content_type,
                         std::string_view body) {
  Impl& in = *impl_;
  const auto& request = in.parser->get();
  http::response<http::string_body> response(http::int_to_status(status), request.version());
  response.keep_alive(request.keep_alive());
  response.set(http::field::content_type, boost::beast::string_view(content_type.data(), content_type.size()));
  response.set(http::field::cache_control, "no-store");
  response.body() = body;
  const bool stays = request.keep_alive();
  out += whole(std::move(response), request.method() != http::verb::head);
  in.answering = false;
  in.renew();
  return stays;
}

std::string HttpStream::refusal(const Error& error) {
  http::response<http::string_body> response(
      error.code == Errc::too_long ? http::status::payload_too_large : http::status::bad_request, 11);
  response.keep_alive(false);
  response.set(http::field::content_type, "text/plain");
  response.body() = error.detail + "\n";
  return whole(std::move(response));
}

}  // namespace linebridge::ops
