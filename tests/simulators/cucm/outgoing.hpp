#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace linebridge::sim::cucm {

/// Whole frames that are to be sent, back to back, with what each is.
struct Outgoing {
  struct Part {
    std::int32_t id = 0;
    std::size_t size = 0;  ///< Of the frame.
  };
  std::string bytes;
  std::vector<Part> parts;
};

}  // namespace linebridge::sim::cucm
