#include "base/version.hpp"

namespace linebridge {

std::string_view version() {
  return LINEBRIDGE_VERSION;
}

}  // namespace linebridge
