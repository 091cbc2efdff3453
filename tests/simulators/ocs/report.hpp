#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "histogram.hpp"

namespace linebridge::sim::ocs {

/// What a load run has seen.
class Report {
public:
  static constexpr std::array<std::string_view, 7> kinds = {"INVITE", "re-INVITE", "UPDATE", "INFO",
                                                            "BYE",    "event",     "echo"};

  void took(std::string_view node, std::string_view kind, Duration time);
  void dialog(std::string_view node) { ++nodes_[std::string(node)].dialogs; }
  void error(std::string_view kind, std::string_view text);

  std::uint64_t errors() const;
  std::uint64_t count(std::string_view kind) const;

  struct Totals {
    std::uint64_t sessions = 0, signed_in = 0, refused = 0, returned = 0, calls = 0, messages = 0, dials = 0;
    std::uint64_t most_held = 0;
    double seconds = 0;          ///< From the first INVITE to the last answer.
    double sign_in_seconds = 0;  ///< From the first INVITE to the last 200 to one.
  };
  std::string json(const Totals& totals) const;
  std::string table(const Totals& totals) const;

private:
  struct Node {
    std::uint64_t dialogs = 0;
    std::array<Histogram, kinds.size()> times;
  };
  static constexpr std::size_t most_texts = 20, most_kinds = 64;

  std::array<Histogram, kinds.size()> all_;
  std::map<std::string, Node, std::less<>> nodes_;  ///< By the beginning of the tag: "pub", "sub".
  std::map<std::string, std::uint64_t, std::less<>> errors_;
  std::vector<std::string> texts_;
};

}  // namespace linebridge::sim::ocs
