#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "view/view.hpp"

namespace linebridge::cli {

/// Draws what passed as a ladder: a lane each for client, front end, node, CTI Manager and phone, a line for
/// each message, an arrow from where it came to where it went. At the front end's lane the arrow shows whether
/// the front end saw it; at the CTI Managers' stands the number of which. Pure text.
class Drawing {
public:
  struct Style {
    std::size_t width = 0;  ///< Columns of the terminal; what is longer is cut. 0: nothing is cut.
    bool colour = false;    ///< By escape sequences of ECMA-48.
    bool unicode = false;   ///< Lines and arrows as such, not made of ASCII.
    bool relative = false;  ///< Seconds since the first line, not the time of day in UTC.
  };

  explicit Drawing(Style style);

  /// The names of the lanes; a line or two.
  std::string head() const;
  /// One line, with its line feed. A new day of the clock says its date before.
  std::string line(const view::Passed& passed);

private:
  struct Signs;

  std::string time(std::int64_t at_us);
  std::string lanes(const view::Passed& passed, std::string_view colour) const;
  std::string words(const view::Passed& passed, std::size_t room) const;
  std::string painted(std::string_view colour, std::string text) const;
  std::string_view colour_of(const std::string& id);
  std::size_t lane_at(std::size_t lane) const;
  std::size_t before_words() const;

  Style style_;
  std::size_t apart_ = 8;  ///< Columns from lane to lane.
  std::size_t id_width_ = 13;
  std::optional<std::int64_t> first_us_;
  std::string date_;
  std::map<std::string, std::size_t> ids_;  ///< In the order they came; each has a colour.
};

}  // namespace linebridge::cli
