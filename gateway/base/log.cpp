#include "base/log.hpp"

#include "base/text.hpp"

namespace linebridge {
namespace {

constexpr std::size_t usual_line = 300;  // A longer one costs another allocation.

}  // namespace

std::string_view level_name(Level level) {
  switch (level) {
    case Level::debug: return "debug";
    case Level::info: return "info";
    case Level::notice: return "notice";
    case Level::warning: return "warning";
    case Level::error: return "error";
    case Level::alarm: return "alarm";
  }
  return "unknown";
}

std::string render(const LogKind& kind, std::initializer_list<LogField> fields) {
  std::string out;
  out.reserve(usual_line);
  out = kind.text;
  for (const auto& field : fields) {
    const std::string value = printable(field.value, 300);
    const bool quote = value.empty() || value.find_first_of(" \"=") != std::string::npos;
    out += ' ';
    out += field.name;
    out += quote ? "=\"" : "=";
    for (const char c : value) {
      if (c == '"') out += '\\';
      out += c;
    }
    if (quote) out += '"';
  }
  return out;
}

}  // namespace linebridge
