#include "lb/splitter/egress.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "sip/framing/next_hop.hpp"

namespace linebridge::lb::splitter {
namespace {

std::optional<sip::NextHop> hop_of(const sip::HeadView& request) {
  auto routes = request.first("Route");
  if (!routes) return sip::next_hop(request.request_uri());
  return sip::next_hop(sip::uri_of(sip::take_value(*routes)));
}

std::string_view without_brackets(std::string_view host) {
  if (host.size() > 1 && host.starts_with('[') && host.ends_with(']')) return host.substr(1, host.size() - 2);
  return host;
}

}  // namespace

std::optional<std::size_t> Egress::place_of(const sip::HeadView& request) const {
  if (settings_.egress.host.empty()) return std::nullopt;
  const auto hop = hop_of(request);
  if (!hop) return std::nullopt;
  const auto found = std::find_if(settings_.ocs.begin(), settings_.ocs.end(), [&](const OcsHost& each) {
    return each.tls == hop->tls && each.address.port == hop->address.port &&
           iequals(each.address.host, without_brackets(hop->address.host));
  });
  if (found == settings_.ocs.end()) return std::nullopt;
  return static_cast<std::size_t>(found - settings_.ocs.begin());
}

std::optional<std::size_t> Egress::find(PeerId peer) const {
  for (std::size_t place = 0; place < ways_.size(); ++place)
    if (peer && ways_[place].peer == peer) return place;
  return std::nullopt;
}

bool Egress::may_keep(const Way& way, std::size_t bytes) const {
  return way.kept.size() < settings_.egress_waiting && way.bytes + bytes <= settings_.egress_bytes;
}

void Egress::keep(Way& way, Outgoing request) {
  way.bytes += request.text.size();
  way.kept.push_back(std::move(request));
}

void Egress::became_sure(Way& way) {
  way.state = Way::State::sure;
  way.pause = {};
  way.bytes = 0;
  way.kept = {};
}

std::vector<Outgoing> Egress::ended(Way& way, TimePoint now) {
  const bool failed = way.state == Way::State::dialled || way.state == Way::State::unsure;
  way.state = Way::State::none;
  way.peer = {};
  way.bytes = 0;
  if (!failed) return {};
  way.pause = std::clamp(way.pause * 2, settings_.egress_pause, settings_.egress_pause_most);
  way.not_before = now + way.pause;
  return std::exchange(way.kept, {});
}

}  // namespace linebridge::lb::splitter
