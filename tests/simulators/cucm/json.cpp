#include "tests/simulators/cucm/json.hpp"

#include <cstdio>

namespace linebridge::sim::cucm {
namespace {

void append_quoted(std::string& out, std::string_view text) {
  out.push_back('"');
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out.append(1, '\\').push_back(c);
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(c));
      out.append(escape);
    } else {
      out.push_back(c);
    }
  }
  out.push_back('"');
}

}  // namespace

void Json::separate() {
  if (!first_) out_.push_back(',');
  first_ = false;
}

Json& Json::open(char bracket) {
  separate();
  out_.push_back(bracket);
  first_ = true;
  return *this;
}

Json& Json::close(char bracket) {
  out_.push_back(bracket);
  first_ = false;
  return *this;
}

Json& Json::key(std::string_view name) {
  separate();
  append_quoted(out_, name);
  out_.push_back(':');
  first_ = true;
  return *this;
}

Json& Json::text(std::string_view value) {
  separate();
  append_quoted(out_, value);
  return *this;
}

Json& Json::raw(std::string_view value) {
  separate();
  out_.append(value);
  return *this;
}

}  // namespace linebridge::sim::cucm
