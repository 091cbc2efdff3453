#pragma once

#include <cstdint>

namespace linebridge::sim::cucm {

/// What a message that came from an application is, by its id alone.
enum class Incoming : std::uint8_t {
  request,   ///< Its fields are known.
  unserved,  ///< A request of the protocol whose fields nobody here reads: pass-through, media, recording and
             ///< so on.
  senseless  ///< A response or event, which only a CTI Manager sends, or an id that nobody knows.
};
Incoming classify(std::int32_t id);

}  // namespace linebridge::sim::cucm
