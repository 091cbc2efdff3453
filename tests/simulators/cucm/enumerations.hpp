#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace linebridge::sim::cucm {

/// Lists that an application fetches in parts: it asks for a handle, fetches until there is no more, and gives
/// the handle back. What is listed is fixed when the handle is made. A handle lives until it is given back.
class Enumerations {
public:
  static constexpr std::size_t most_open = 32;      ///< Handles of one connection at a time.
  static constexpr std::size_t most_fetched = 100;  ///< Items of one answer, whatever is asked for.

  /// Empty: too many are open.
  std::optional<std::int32_t> open(std::vector<std::size_t> items);

  struct Part {
    std::vector<std::size_t> items;
    bool more = false;
  };
  /// The next `count` items. Empty: no such handle.
  std::optional<Part> fetch(std::int32_t handle, std::int32_t count);
  /// False: no such handle.
  bool close(std::int32_t handle) { return lists_.erase(handle) != 0; }

private:
  struct List {
    std::vector<std::size_t> items;
    std::size_t taken = 0;
  };
  std::map<std::int32_t, List> lists_;
  std::int32_t next_ = 1;
};

}  // namespace linebridge::sim::cucm
