#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace linebridge::lb::app {

/// Start with this configuration.
struct Serve {
  std::string config_file;
};
/// Say this and end.
struct Say {
  std::string text;
  int status = 0;  ///< Of the process; what is said with another than 0 goes to standard error.
};

/// The command line of linebridge-splitter, without the program's name.
std::variant<Serve, Say> read_words(const std::vector<std::string_view>& words);

}  // namespace linebridge::lb::app
