#include "tests/simulators/cucm/exchange_route.hpp"

#include <algorithm>
#include <limits>

namespace linebridge::sim::cucm {
namespace {

constexpr std::size_t never = std::numeric_limits<std::size_t>::max();

/// How early a phone finds the numbers of a partition; `never`: it cannot dial them.
std::size_t rank(const std::vector<Appearance>& lines, const Phone& phone, const std::string& partition) {
  const auto& search = phone.spec.search;
  if (!search.empty()) {
    const auto found = std::find(search.begin(), search.end(), partition);
    return found == search.end() ? never : static_cast<std::size_t>(found - search.begin());
  }
  const auto own = std::find_if(phone.lines.begin(), phone.lines.end(),
                                [&](AppearanceId id) { return lines[id].spec.partition == partition; });
  return static_cast<std::size_t>(own - phone.lines.begin());
}

}  // namespace

/// One appearance of the line that `from` (a line of the cluster, or the world outside) means by a number.
std::optional<AppearanceId> Exchange::find_line(const std::string& number, AppearanceId from) const {
  const auto [first, last] = lines_by_number_.equal_range(number);
  std::optional<AppearanceId> best;
  std::size_t best_rank = never;
  for (auto at = first; at != last; ++at) {
    if (from == outside_line) return at->second;
    const std::size_t one = rank(lines_, phones_[lines_[from].phone], lines_[at->second].spec.partition);
    if (one >= best_rank) continue;
    best = at->second;
    best_rank = one;
  }
  return best;
}

/// Which appearances of a line can ring, and whether it is busy or gone if none can.
void Exchange::find_room(Route& route, AppearanceId line) const {
  route.kind = Route::Kind::out_of_order;
  const LineSpec& wanted = lines_[line].spec;
  const auto [first, last] = lines_by_number_.equal_range(wanted.number);
  for (auto at = first; at != last; ++at) {
    const Appearance& shared = lines_[at->second];
    if (shared.spec.partition != wanted.partition || !is_registered(at->second)) continue;
    const Phone& phone = phones_[shared.phone];
    const bool rejects = phone.dnd && phone.dnd_option == DndOption::call_reject;
    const bool room = !rejects && calls_on(at->second) < shared.spec.busy_trigger;
    if (room) route.lines.push_back(at->second);
    if (route.kind != Route::Kind::free) route.kind = room ? Route::Kind::free : Route::Kind::busy;
  }
}

Exchange::Route Exchange::resolve(const std::string& destination, AppearanceId from) const {
  Route route;
  std::string number = destination;
  for (int forwards = 0;; ++forwards) {
    const auto found = find_line(number, from);
    if (!found) break;
    const Appearance& line = lines_[*found];
    route.called = party(*found);
    if (forwards == 0) route.original_called = route.called;
    const auto forward = [&](const std::string& to, LegReason reason) {
      route.last_redirecting = route.called;
      route.reason = reason;
      route.lines.clear();
      number = to;
      from = *found;
    };
    if (forwards == most_forwards) {
      route.kind = Route::Kind::busy;
      return route;
    }
    if (!line.forward_all.empty()) {
      forward(line.forward_all, LegReason::forward_all);
      continue;
    }
    find_room(route, *found);
    if (route.kind != Route::Kind::busy || line.forward_busy.empty()) return route;
    forward(line.forward_busy, LegReason::forward_busy);
  }
  route.kind = Route::Kind::unknown;
  route.outside = outside(number);
  if (!route.outside) return route;
  route.called = outside_party(number);
  if (route.reason == LegReason::direct) route.original_called = route.called;
  using Behaviour = OutsideSpec::Behaviour;
  route.kind = route.outside->behaviour == Behaviour::busy          ? Route::Kind::busy
               : route.outside->behaviour == Behaviour::unreachable ? Route::Kind::out_of_order
                                                                    : Route::Kind::free;
  return route;
}

}  // namespace linebridge::sim::cucm
