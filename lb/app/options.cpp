#include "lb/app/options.hpp"

#include <optional>

#include "base/version.hpp"

namespace linebridge::lb::app {
namespace {

constexpr std::string_view help =
    "Usage: linebridge-splitter --config FILE\n"
    "Takes the SIP dialogs of OCS connections apart, so that HAProxy can place each on a node.\n"
    "\n"
    "  -c, --config FILE  the site's configuration\n"
    "  -h, --help         show this and end\n"
    "  -V, --version      show the version and end\n";

Say wrong(std::string_view what) {
  return {"linebridge-splitter: " + std::string(what) + "\nTry linebridge-splitter --help.\n", 2};
}

}  // namespace

std::variant<Serve, Say> read_words(const std::vector<std::string_view>& words) {
  std::optional<std::string> file;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = words[i];
    if (word == "-h" || word == "--help") return Say{std::string(help)};
    if (word == "-V" || word == "--version") return Say{"linebridge-splitter " + std::string(version()) + "\n"};
    if (word.starts_with("--config=")) {
      file = word.substr(word.find('=') + 1);
    } else if (word == "-c" || word == "--config") {
      if (++i == words.size()) return wrong(std::string(word) + " needs a file");
      file = words[i];
    } else {
      return wrong("unknown word '" + std::string(word) + "'");
    }
  }
  if (!file || file->empty()) return wrong("--config FILE is missing");
  return Serve{*file};
}

}  // namespace linebridge::lb::app
