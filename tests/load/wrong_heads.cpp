#include "tests/load/wrong_input.hpp"

/// Heads that can be framed and not be taken: over a limit, against RFC 3261 section 8.1.1, or asking for what
/// is not there.
namespace linebridge::test {
namespace {

using Part = std::string Draft::*;

/// A stranger's OPTIONS without one of its lines, with it twice, or with another in its place.
template <Part part>
std::string without(Scene& s) {
  Draft draft = s.options();
  (draft.*part).clear();
  return s.neighbour(draft.text());
}
template <Part part>
std::string twice(Scene& s) {
  Draft draft = s.options();
  draft.*part += draft.*part;
  return s.neighbour(draft.text());
}
std::string with(Scene& s, Part part, std::string line) {
  Draft draft = s.options();
  draft.*part = std::move(line);
  return s.neighbour(draft.text());
}
std::string with_more(Scene& s, const std::string& lines) {
  Draft draft = s.options();
  draft.more += lines;
  return s.neighbour(draft.text());
}
std::string with_method(Scene& s, std::string_view method) {
  Draft draft = s.options();
  draft.method = method;
  draft.cseq = "CSeq: 1 " + draft.method + "\r\n";
  return s.neighbour(draft.text());
}

constexpr auto malformed = Counter::sip_malformed;
constexpr auto limit = Counter::sip_limit;
constexpr std::string_view stream = "LB-SIP-001";
constexpr std::string_view message = "LB-SIP-002";

constexpr WrongInput over_limits[] = {
    {"a head over 16 KiB",
     [](Scene& s) { return with_more(s, "Subject: " + std::string(16 * 1024, 'x') + "\r\n"); }, "closed", limit,
     stream},
    {"a head of 1 MiB", [](Scene& s) { return with_more(s, "Subject: " + std::string(1 << 20, 'x') + "\r\n"); },
     "closed", limit, stream, 1, 10},
    {"101 lines", [](Scene& s) { return with_more(s, times(100, "Subject: x\r\n")); }, "closed", limit, stream},
    {"10,000 lines", [](Scene& s) { return with_more(s, times(10000, "Subject: x\r\n")); }, "closed", limit,
     stream, 1, 10},
    {"1,000 Via lines", [](Scene& s) { return with_more(s, times(1000, "Via: SIP/2.0/TCP a\r\n")); }, "closed",
     limit, stream},
    {"1,000 Vias in one line",
     [](Scene& s) {
       return with(s, &Draft::via, "Via: SIP/2.0/TCP a" + times(999, ",SIP/2.0/TCP a") + "\r\n");
     },
     "400", limit, message},
    {"33 values", [](Scene& s) { return with_more(s, "Route: <sip:a>" + times(32, ",<sip:a>") + "\r\n"); },
     "400", limit, message},
    {"33 parameters", [](Scene& s) { return with_more(s, "Accept: a/b" + times(33, ";p=1") + "\r\n"); }, "400",
     limit, message},
    {"separators by the thousand",
     [](Scene& s) { return with_more(s, "Route: " + times(5000, ",;") + "\r\n"); }, "400", limit, message},
    {"a line folded 200 times",
     [](Scene& s) { return with_more(s, "Subject: a" + times(200, "\r\n b") + "\r\n"); }, "closed", limit,
     stream},
    {"a Request-URI of 8 KiB",
     [](Scene& s) { return with(s, &Draft::uri, "sip:" + std::string(8192, 'u') + "@gw.example.test"); },
     "200"},
};

constexpr WrongInput unfit[] = {
    {"no Via", without<&Draft::via>, "", malformed, message},
    {"no From", without<&Draft::from>, "400", malformed, message},
    {"no To", without<&Draft::to>, "400", malformed, message},
    {"no Call-ID", without<&Draft::call_id>, "400", malformed, message},
    {"no CSeq", without<&Draft::cseq>, "400", malformed, message},
    {"two From", twice<&Draft::from>, "400", malformed, message},
    {"two To", twice<&Draft::to>, "400", malformed, message},
    {"two Call-ID", twice<&Draft::call_id>, "400", malformed, message},
    {"two CSeq", twice<&Draft::cseq>, "400", malformed, message},
    {"two Max-Forwards", twice<&Draft::more>, "400", malformed, message},
    {"Call-ID empty", [](Scene& s) { return with(s, &Draft::call_id, "Call-ID:\r\n"); }, "400", malformed,
     message},
    {"From without a URI", [](Scene& s) { return with(s, &Draft::from, "From: ;tag=1\r\n"); }, "400", malformed,
     message},
    {"From with a broken URI", [](Scene& s) { return with(s, &Draft::from, "From: <sip:a@[::>;tag=1\r\n"); },
     "400", malformed, message},
    {"CSeq of another method", [](Scene& s) { return with(s, &Draft::cseq, "CSeq: 1 INFO\r\n"); }, "400",
     malformed, message},
    {"CSeq over 31 bits", [](Scene& s) { return with(s, &Draft::cseq, "CSeq: 2147483648 OPTIONS\r\n"); }, "400",
     malformed, message},
    {"CSeq negative", [](Scene& s) { return with(s, &Draft::cseq, "CSeq: -1 OPTIONS\r\n"); }, "400", malformed,
     message},
    {"CSeq without a number", [](Scene& s) { return with(s, &Draft::cseq, "CSeq: OPTIONS\r\n"); }, "400",
     malformed, message},
    {"a line without a colon", [](Scene& s) { return with_more(s, "what is this\r\n"); }, "400", malformed,
     message},
    {"a request line of one word", [](Scene& s) { return s.neighbour("OPTIONS\r\nContent-Length: 0\r\n\r\n"); },
     "closed", malformed, message},
    {"another SIP version", [](Scene& s) { return with(s, &Draft::version, "SIP/7.0"); }, "505", malformed,
     message},
    {"a status out of range",
     [](Scene& s) { return s.neighbour("SIP/2.0 4000 What\r\nContent-Length: 0\r\n\r\n"); }, "", malformed,
     message},
    {"a response without headers",
     [](Scene& s) { return s.neighbour("SIP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n"); }, "", malformed,
     message},
    {"a method of another job", [](Scene& s) { return with_method(s, "REGISTER"); }, "405",
     Counter::requests_refused, "LB-SIP-008"},
    {"a method nobody knows", [](Scene& s) { return with_method(s, "JABBERWOCKY"); }, "405",
     Counter::requests_refused, "LB-SIP-008"},
    {"a method in lower case", [](Scene& s) { return with_method(s, "options"); }, "405",
     Counter::requests_refused, "LB-SIP-008"},
    {"an extension we do not have", [](Scene& s) { return with_more(s, "Require: 100rel, timer\r\n"); }, "420",
     Counter::requests_refused, "LB-SIP-008"},
};

}  // namespace

std::span<const WrongInput> wrong_limits() {
  return over_limits;
}
std::span<const WrongInput> wrong_heads() {
  return unfit;
}

}  // namespace linebridge::test
