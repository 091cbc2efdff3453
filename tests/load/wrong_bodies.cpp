#include "tests/load/wrong_input.hpp"

/// Bodies that are no CSTA XML, or XML made to hurt (XML 1.0 sections 2.8 and 4; ECMA-323 clause 8).
namespace linebridge::test {
namespace {

using namespace std::string_literals;

std::string body(Scene& s, const std::string& text) {
  return s.member(s.info().text(text));
}
std::string body_of_type(Scene& s, std::string_view type, std::string_view text) {
  Draft draft = s.in_dialog("INFO");
  draft.more += type;
  return s.member(draft.text(text));
}
std::string sign_in_with(Scene& s, const std::string& text) {
  return s.neighbour(s.invite().text(text));
}
/// A good request with `inside` in it.
std::string features(const std::string& inside, std::string_view attributes = {}) {
  return "<GetCSTAFeatures xmlns=\"http://www.ecma-international.org/standards/ecma-323/csta/ed3\"" +
         std::string(attributes) + ">" + inside + "</GetCSTAFeatures>";
}
std::string nested(std::size_t depth) {
  return times(depth, "<a>") + times(depth, "</a>");
}
std::string attributes(std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i)
    out += " a" + std::to_string(i) + "=''";
  return out;
}
/// The same text with two bytes a character, low byte first or last.
std::string utf16(std::string_view text, bool low_first) {
  std::string out = low_first ? "\xFF\xFE" : "\xFE\xFF";
  for (const char c : text) {
    if (!low_first) out += '\0';
    out += c;
    if (low_first) out += '\0';
  }
  return out;
}

std::string billion_laughs() {
  std::string text = "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY l0 \"lol\">";
  for (int i = 1; i < 10; ++i)
    text += "<!ENTITY l" + std::to_string(i) + " \"" + times(10, "&l" + std::to_string(i - 1) + ";") + "\">";
  return text + "]>" + features("&l9;");
}
std::string quadratic() {
  return "<!DOCTYPE a [<!ENTITY x \"" + std::string(30000, 'x') + "\">]>" + features(times(8000, "&x;"));
}

constexpr auto malformed = Counter::csta_malformed;
constexpr std::string_view refused = "LB-SIP-008";

constexpr WrongInput kinds[] = {
    {"a body over the limit", [](Scene& s) { return s.stranger(s.info().text(std::string(65537, ' '))); },
     "400 closed", Counter::sip_limit, "LB-SIP-001"},
    {"a body of the limit's size, blank", [](Scene& s) { return body(s, std::string(65536, ' ')); }, "400",
     malformed, refused},
    {"a document type", [](Scene& s) { return body(s, "<!DOCTYPE GetCSTAFeatures>" + features("")); }, "400",
     malformed, refused},
    {"entities that laugh",
     [](Scene& s) {
       static const std::string text = billion_laughs();
       return body(s, text);
     },
     "400", malformed, refused},
    {"an entity used 8,000 times",
     [](Scene& s) {
       static const std::string text = quadratic();
       return body(s, text);
     },
     "400", malformed, refused},
    {"an external entity",
     [](Scene& s) {
       return body(s, "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>" + features("&x;"));
     },
     "400", malformed, refused},
    {"an external document type",
     [](Scene& s) { return body(s, "<!DOCTYPE a SYSTEM \"http://192.0.2.66/a.dtd\">" + features("")); }, "400",
     malformed, refused},
    {"a parameter entity",
     [](Scene& s) { return body(s, "<!DOCTYPE a [<!ENTITY % x SYSTEM \"a\"> %x;]>" + features("")); }, "400",
     malformed, refused},
    {"an entity nobody declared", [](Scene& s) { return body(s, features("&nbsp;")); }, "400", malformed,
     refused},
    {"a processing instruction", [](Scene& s) { return body(s, features("<?php system('id') ?>")); }, "400",
     malformed, refused},
    {"33 levels", [](Scene& s) { return body(s, features(nested(32))); }, "400", malformed, refused},
    {"8,000 levels",
     [](Scene& s) {
       static const std::string text = features(nested(8000));
       return body(s, text);
     },
     "400", malformed, refused},
    {"levels that never close",
     [](Scene& s) {
       static const std::string text = times(10000, "<a>");
       return body(s, text);
     },
     "400", malformed, refused},
    {"65 attributes",
     [](Scene& s) {
       static const std::string text = features("", attributes(64));
       return body(s, text);
     },
     "400", malformed, refused},
    {"5,000 attributes",
     [](Scene& s) {
       static const std::string text = features("", attributes(5000));
       return body(s, text);
     },
     "400", malformed, refused, 1, 10},
    {"an attribute twice", [](Scene& s) { return body(s, features("", " a='' a=''")); }, "400", malformed,
     refused},
    {"1,025 elements",
     [](Scene& s) {
       static const std::string text = features(times(1024, "<a/>"));
       return body(s, text);
     },
     "400", malformed, refused, 1, 10},
    {"a text over its limit",
     [](Scene& s) { return body(s, features("<a>" + std::string(17000, 'x') + "</a>")); }, "400", malformed,
     refused},
    {"a name of 60,000 bytes",
     [](Scene& s) {
       static const std::string text = "<" + std::string(60000, 'a') + "/>";
       return body(s, text);
     },
     "400", malformed, refused, 1, 10},
    {"UTF-16, low byte first", [](Scene& s) { return body(s, utf16(features(""), true)); }, "400", malformed,
     refused},
    {"UTF-16, high byte first", [](Scene& s) { return body(s, utf16(features(""), false)); }, "400", malformed,
     refused},
    {"UTF-16 without a mark", [](Scene& s) { return body(s, utf16(features(""), true).substr(2)); }, "400",
     malformed, refused},
    {"a mark of UTF-8", [](Scene& s) { return body(s, "\xEF\xBB\xBF" + features("")); }, "200"},
    {"Latin-1 declared",
     [](Scene& s) { return body(s, "<?xml version='1.0' encoding='ISO-8859-1'?>" + features("")); }, "400",
     malformed, refused},
    {"UTF-16 declared and not there",
     [](Scene& s) { return body(s, "<?xml version='1.0' encoding='UTF-16'?>" + features("")); }, "400",
     malformed, refused},
    {"bytes that are no UTF-8", [](Scene& s) { return body(s, features("<a>\xC3\x28\xFF</a>")); }, "400",
     malformed, refused},
    {"a character over-long in UTF-8", [](Scene& s) { return body(s, features("<a>\xC0\xAF</a>")); }, "400",
     malformed, refused},
    {"a NUL in the body", [](Scene& s) { return body(s, features("<a>\0</a>"s)); }, "400", malformed, refused},
    {"a control character", [](Scene& s) { return body(s, features("<a>\x01</a>")); }, "400", malformed,
     refused},
    {"a truncated body", [](Scene& s) { return body(s, features("").substr(0, 60)); }, "400", malformed,
     refused},
    {"two roots", [](Scene& s) { return body(s, features("") + features("")); }, "400", malformed, refused},
    {"tags that do not match", [](Scene& s) { return body(s, features("<a></b>")); }, "400", malformed,
     refused},
    {"a prefix nobody declared", [](Scene& s) { return body(s, features("<p:a/>")); }, "400", malformed,
     refused},
    {"a prefix declared anew", [](Scene& s) { return body(s, features("<p:a xmlns:p='b'/>", " xmlns:p='a'")); },
     "200"},
    {"the prefix xml bound elsewhere", [](Scene& s) { return body(s, features("<a xmlns:xml='b'/>")); }, "400",
     malformed, refused},
    {"an unknown namespace", [](Scene& s) { return body(s, "<MakeCall xmlns='urn:else'/>"); }, "400", malformed,
     refused},
    {"a root that is not CSTA's", [](Scene& s) { return body(s, "<html><body/></html>"); }, "400", malformed,
     refused},
    {"unknown elements inside", [](Scene& s) { return body(s, features(nested(20) + "<b>text</b>")); }, "200"},
    {"JSON", [](Scene& s) { return body(s, "{\"a\":1}"); }, "400", malformed, refused},
    {"another content type", [](Scene& s) { return body_of_type(s, "Content-Type: text/plain\r\n", "hello"); },
     "415", Counter::requests_refused, refused},
    {"no content type", [](Scene& s) { return body_of_type(s, "", features("")); }, "415",
     Counter::requests_refused, refused},
    {"many parts",
     [](Scene& s) {
       return body_of_type(
           s, "Content-Type: multipart/mixed;boundary=b\r\n",
           times(100, "--b\r\nContent-Type: a/b\r\nContent-Type: a/b\r\n\r\n\r\n") + "--b--\r\n");
     },
     "415", Counter::requests_refused, refused},
    {"a body packed",
     [](Scene& s) {
       return body_of_type(s, "Content-Type: application/csta+xml\r\nContent-Encoding: gzip\r\n",
                           "\x1F\x8B\x08");
     },
     "415", Counter::sip_malformed, "LB-SIP-002"},
    {"a sign-in without a body", [](Scene& s) { return sign_in_with(s, ""); }, "400", Counter::invites_refused,
     "LB-SES-002"},
    {"a sign-in that is no XML", [](Scene& s) { return sign_in_with(s, "hello"); }, "400",
     Counter::invites_refused, "LB-SES-002"},
    {"a sign-in with another request", [](Scene& s) { return sign_in_with(s, features("")); }, "400",
     Counter::invites_refused, "LB-SES-002"},
    {"a sign-in with SDP",
     [](Scene& s) {
       Draft draft = s.options();
       draft.method = "INVITE";
       draft.cseq = "CSeq: 1 INVITE\r\n";
       draft.more += "Content-Type: application/sdp\r\n";
       return s.neighbour(draft.text("v=0\r\n"));
     },
     "415", Counter::invites_refused, "LB-SES-002"},
    {"a re-INVITE that is no XML",
     [](Scene& s) {
       Draft draft = s.in_dialog("INVITE");
       draft.more += "Content-Type: application/csta+xml\r\n";
       return s.member(draft.text("<a>"));
     },
     "400", malformed, refused},
};

}  // namespace

std::span<const WrongInput> wrong_bodies() {
  return kinds;
}

}  // namespace linebridge::test
