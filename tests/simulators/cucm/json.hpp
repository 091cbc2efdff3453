#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace linebridge::sim::cucm {

/// Writes one line of JSON, value by value. The caller sees to it that what it begins it also ends.
class Json {
public:
  Json& begin_object() { return open('{'); }
  Json& end_object() { return close('}'); }
  Json& begin_array() { return open('['); }
  Json& end_array() { return close(']'); }
  Json& key(std::string_view name);
  Json& text(std::string_view value);
  Json& number(std::int64_t value) { return raw(std::to_string(value)); }
  Json& flag(bool value) { return raw(value ? "true" : "false"); }

  const std::string& line() const { return out_; }

private:
  Json& open(char bracket);
  Json& close(char bracket);
  Json& raw(std::string_view value);
  void separate();

  std::string out_;
  bool first_ = true;
};

}  // namespace linebridge::sim::cucm
