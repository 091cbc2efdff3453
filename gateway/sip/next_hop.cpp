#include "sip/next_hop.hpp"

#include "sip/framing/head_view.hpp"

namespace linebridge::sip {

std::optional<NextHop> next_hop(const Dialog& dialog) {
  return next_hop(dialog.routes.empty() ? std::string_view(dialog.target) : uri_of(dialog.routes.front()));
}

}  // namespace linebridge::sip
