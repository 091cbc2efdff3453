#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace linebridge::sim::ocs {

/// JSON in one line. The caller sees to it that brackets match.
class JsonLine {
public:
  JsonLine& open(char bracket);          ///< '{' or '['.
  JsonLine& close(char bracket);         ///< '}' or ']'.
  JsonLine& name(std::string_view key);  ///< Before a value of an object.
  JsonLine& value(std::string_view text);
  JsonLine& value(const char* text) { return value(std::string_view(text)); }
  JsonLine& value(std::uint64_t number) { return bare(std::to_string(number)); }
  JsonLine& value(std::int64_t number) { return bare(std::to_string(number)); }
  JsonLine& value(bool flag) { return bare(flag ? "true" : "false"); }
  JsonLine& rounded(double number);  ///< With three digits behind the point.
  template <class T>
  JsonLine& member(std::string_view key, const T& what) {
    return name(key).value(what);
  }

  const std::string& text() const { return text_; }

private:
  JsonLine& bare(std::string_view what);
  void comma();
  void quote(std::string_view text);

  std::string text_;
  bool begins_ = true;  ///< No comma before the next value.
};

}  // namespace linebridge::sim::ocs
