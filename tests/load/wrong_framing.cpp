#include "tests/load/wrong_input.hpp"

/// Streams that cannot be cut into messages (RFC 3261 sections 7.5 and 18.3), and some that can although they
/// look odd.
namespace linebridge::test {
namespace {

/// A stranger's OPTIONS with these lines in the place of Content-Length.
std::string with_lines(Scene& s, std::string_view lines) {
  return s.stranger(s.options().head() + std::string(lines) + "\r\n");
}
template <std::size_t size>
struct Lines {
  char text[size];
  constexpr Lines(const char (&given)[size]) {
    for (std::size_t i = 0; i < size; ++i)
      text[i] = given[i];
  }
};
template <Lines lines>
std::string options_with(Scene& s) {
  return with_lines(s, {lines.text, sizeof lines.text - 1});
}
template <Lines bytes>
std::string stranger_with(Scene& s) {
  return s.stranger({bytes.text, sizeof bytes.text - 1});
}

constexpr auto malformed = Counter::sip_malformed;
constexpr std::string_view refused = "LB-SIP-001";

constexpr WrongInput kinds[] = {
    {"Content-Length missing", options_with<"">, "400 closed", malformed, refused},
    {"Content-Length empty", options_with<"Content-Length:\r\n">, "400 closed", malformed, refused},
    {"Content-Length doubled and different", options_with<"Content-Length: 0\r\nContent-Length: 1\r\n">,
     "400 closed", malformed, refused},
    {"Content-Length different in its short form", options_with<"Content-Length: 0\r\nl: 1\r\n">, "400 closed",
     malformed, refused},
    {"Content-Length doubled and equal", options_with<"Content-Length: 0\r\nContent-Length: 0\r\n">, "200"},
    {"Content-Length negative", options_with<"Content-Length: -1\r\n">, "400 closed", malformed, refused},
    {"Content-Length with a sign", options_with<"Content-Length: +0\r\n">, "400 closed", malformed, refused},
    {"Content-Length not a number", options_with<"Content-Length: many\r\n">, "400 closed", malformed, refused},
    {"Content-Length hexadecimal", options_with<"Content-Length: 0x10\r\n">, "400 closed", malformed, refused},
    {"Content-Length two numbers", options_with<"Content-Length: 0 0\r\n">, "400 closed", malformed, refused},
    {"Content-Length a list", options_with<"Content-Length: 0, 0\r\n">, "400 closed", malformed, refused},
    {"Content-Length over 64 bits", options_with<"Content-Length: 18446744073709551617\r\n">, "400 closed",
     malformed, refused},
    {"Content-Length over the limit", options_with<"Content-Length: 65537\r\n">, "400 closed",
     Counter::sip_limit, refused},
    {"Content-Length huge", options_with<"Content-Length: 4294967296\r\n">, "400 closed", Counter::sip_limit,
     refused},
    {"Content-Length too small",
     [](Scene& s) { return s.stranger(s.options().text() + "what is this\r\n\r\n"); }, "200 closed", malformed,
     refused},
    {"Content-Length larger than what comes",
     [](Scene& s) { return s.stranger(s.options().head() + "Content-Length: 100\r\n\r\nshort"); }, ""},
    {"lines that end in LF",
     [](Scene& s) {
       std::string text = s.options().text();
       std::erase(text, '\r');
       return s.stranger(text);
     },
     "closed", malformed, refused},
    {"one line that ends in LF", options_with<"Subject: a\nContent-Length: 0\r\n">, "closed", malformed,
     refused},
    {"a NUL in the head", options_with<"Subject: a\0b\r\nContent-Length: 0\r\n">, "closed", malformed, refused},
    {"a bare CR in a line", options_with<"Subject: a\rb\r\nContent-Length: 0\r\n">, "closed", malformed,
     refused},
    {"a bare CR between messages",
     [](Scene& s) { return s.stranger(s.options().text() + "\r" + s.options().text()); }, "200 closed",
     malformed, refused},
    {"a lone LF between messages",
     [](Scene& s) { return s.stranger(s.options().text() + "\n" + s.options().text()); }, "200 closed",
     malformed, refused},
    {"a NUL between messages", stranger_with<"\0\0\0\0\r\n\r\n">, "closed", malformed, refused},
    {"HTTP", stranger_with<"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n">, "closed", malformed,
     "LB-SIP-002"},
    {"HTTP without a length", stranger_with<"GET / HTTP/1.1\r\n\r\n">, "closed", malformed, refused},
    {"a TLS hello", stranger_with<"\x16\x03\x01\x00\x05\x01\x00\x00\x01\n">, "closed", malformed, refused},
    {"random bytes",
     [](Scene& s) {
       std::string bytes;
       for (std::uint64_t x = s.next() * 0x9E3779B97F4A7C15U, i = 0; i < 400; ++i)
         bytes += static_cast<char>((x = x * 6364136223846793005U + 1442695040888963407U) >> 56);
       return s.stranger(bytes + "\n\n");  // The first may end a line whose CR is the last of them.
     },
     "closed", malformed, refused},
    {"a line without an end", [](Scene& s) { return s.stranger(std::string(20000, 'x')); }, "closed",
     Counter::sip_limit, refused},
    {"a head that never ends", [](Scene& s) { return s.stranger(s.options().head()); }, ""},
    {"one byte a turn",
     [](Scene& s) {
       const std::string text = s.options().text();
       const PeerId on = s.wire.open();
       for (const char& c : text)
         s.wire.say(on, {&c, 1});
       const std::string start = s.wire.heard(on).substr(0, 11);
       s.wire.leave(on);
       return start.substr(start.size() < 8 ? 0 : 8);
     },
     "200", Counter::sip_messages_in},
    {"a hundred messages in one segment",
     [](Scene& s) {
       std::string all;
       for (int i = 0; i < 100; ++i)
         all += s.options().text();
       return s.neighbour(all);
     },
     "200 x100", Counter::sip_messages_in, "", 100},
    {"keep-alives without end",
     [](Scene& s) { return s.neighbour(times(100, "\r\n\r\n")); },
     "ping x100",
     {},
     "",
     100},
    {"single line ends between messages",
     [](Scene& s) { return s.neighbour("\r\n" + s.options().text() + "\r\n" + s.options().text()); }, "200 x2",
     Counter::sip_messages_in, "", 2},
};

}  // namespace

std::span<const WrongInput> wrong_framing() {
  return kinds;
}

}  // namespace linebridge::test
