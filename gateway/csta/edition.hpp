#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace linebridge::csta {

/// All editions' namespaces begin so (ECMA-323).
inline constexpr std::string_view csta_namespaces =
    "http://www.ecma-international.org/standards/ecma-323/csta/";

/// The edition of ECMA-323 a client speaks, as the end of its namespace: "ed3", "ed5", "ed3/priv5". What is
/// sent to a client carries the edition of its own request; its shape is always that of edition 3.
struct Edition {
  std::string name = "ed3";
  friend bool operator==(const Edition&, const Edition&) = default;
};

/// The edition of a namespace; edition 3 for an empty one. Nothing if the namespace is not CSTA's.
std::optional<Edition> edition_of(std::string_view space);

}  // namespace linebridge::csta
