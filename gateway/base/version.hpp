#pragma once

#include <string_view>

namespace linebridge {

/// Of the whole product: "0.1.0".
std::string_view version();

}  // namespace linebridge
