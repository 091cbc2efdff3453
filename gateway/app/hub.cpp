#include "app/hub.hpp"

namespace linebridge::app {

std::optional<TimePoint> Hub::turn(const core::Input& input, TimePoint now) {
  gateway_.on(input, now, *this);
  if (gateway_.finished()) shell_.quit();
  return gateway_.next_deadline();
}

void Hub::ask(view::Order order, TimePoint now, Reply reply) {
  const std::uint64_t id = ++last_question_;
  waiting_.emplace(id, std::move(reply));
  gateway_.on(core::Asked{id, std::move(order)}, now, *this);
}

void Hub::reply(std::uint64_t id, view::Answer answer) {
  auto node = waiting_.extract(id);
  if (!node.empty()) node.mapped()(std::move(answer));
}

}  // namespace linebridge::app
