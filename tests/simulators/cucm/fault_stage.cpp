#include "tests/simulators/cucm/fault_stage.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "tests/simulators/cucm/layout.hpp"
#include "tests/simulators/cucm/spoiled_frame.hpp"

namespace linebridge::sim::cucm {

void FaultStage::take(const Outgoing& turn, const std::vector<Faults::Rule*>& rules, TimePoint now,
                      std::vector<std::string>& met) {
  if (hung_) return;
  Batch batch;
  std::size_t at = 0;
  for (const Outgoing::Part& part : turn.parts) {
    Frame frame;
    frame.id = part.id;
    frame.bytes = turn.bytes.substr(at, part.size);
    at += part.size;
    batch.push_back(std::move(frame));
  }
  for (Faults::Rule* rule : rules) {
    const std::uint64_t before = rule->met;
    apply(*rule, batch);
    const bool only_time = rule->kind == FaultKind::delay || rule->kind == FaultKind::drip;
    if (rule->met != before && !only_time) met.push_back(rule->text);
  }
  for (Frame& frame : batch)
    enqueue(std::move(frame), now);
}

void FaultStage::apply(Faults::Rule& rule, Batch& batch) {
  switch (rule.kind) {
    case FaultKind::omit: {
      std::erase_if(batch, [&](const Frame& frame) { return rule.meets(frame.id); });
      return;
    }
    case FaultKind::repeat: {
      Batch twice;
      for (Frame& frame : batch) {
        if (rule.meets(frame.id)) twice.push_back(frame);
        twice.push_back(std::move(frame));
      }
      batch = std::move(twice);
      return;
    }
    case FaultKind::reorder: return reorder(rule, batch);
    case FaultKind::garbage:
    case FaultKind::longer:
    case FaultKind::shorter:
    case FaultKind::half:
    case FaultKind::cut:
    case FaultKind::delay:
    case FaultKind::drip:
      for (Frame& frame : batch) {
        if (rule.meets(frame.id)) change(rule, frame);
      }
      return;
    default: return;  // Those about what comes in, or about connections.
  }
}

void FaultStage::change(const Faults::Rule& rule, Frame& frame) {
  switch (rule.kind) {
    case FaultKind::garbage: return spoil(frame.bytes, rule.spoil);
    case FaultKind::longer: return lengthen(frame.bytes, rule.number);
    case FaultKind::shorter: return shorten(frame.bytes, rule.number);
    case FaultKind::half:
      frame.bytes.resize(rule.number_given ? std::min<std::size_t>(rule.number, frame.bytes.size())
                                           : frame.bytes.size() / 2);
      frame.hang = true;
      frame.end = rule.stays ? End::none : End::close;
      return;
    case FaultKind::cut:
      frame.bytes.clear();
      frame.hang = true;
      frame.end = End::cut;
      return;
    case FaultKind::delay: frame.later += rule.time; return;
    case FaultKind::drip:
      frame.portion = rule.number;
      frame.pause = rule.time;
      return;
    default: return;
  }
}

void FaultStage::reorder(Faults::Rule& rule, Batch& batch) {
  const auto answers = [](const Frame& frame) { return is_answer(frame.id); };
  if (rule.order == Order::answers_first || rule.order == Order::answers_last) {
    const bool first = rule.order == Order::answers_first;
    if (batch.size() < 2) return;
    std::stable_partition(batch.begin(), batch.end(), [&](const Frame& frame) {
      const bool moves = answers(frame) && rule.meets(frame.id);
      return moves == first;
    });
    return;
  }
  std::vector<std::size_t> events;
  for (std::size_t at = 0; at < batch.size(); ++at) {
    if (!answers(batch[at])) events.push_back(at);
  }
  if (events.size() < 2 || !rule.meets(batch[events.front()].id)) return;
  if (rule.order == Order::pairs) {
    for (std::size_t i = 0; i + 1 < events.size(); i += 2)
      std::swap(batch[events[i]], batch[events[i + 1]]);
    return;
  }
  for (std::size_t i = events.size() - 1; i > 0; --i)
    std::swap(batch[events[i]], batch[events[rule.random.number() % (i + 1)]]);
}

void FaultStage::enqueue(Frame frame, TimePoint now) {
  Queue& queue = queues_[is_answer(frame.id) ? 1 : 0];
  frame.due = now + frame.later;
  if (!queue.empty()) frame.due = std::max(frame.due, queue.back().due);
  frame.number = ++count_;
  held_ += frame.bytes.size();
  queue.push_back(std::move(frame));
}

void FaultStage::add(std::string bytes, TimePoint now) {
  if (hung_) return;
  Frame frame;
  frame.id = -1;
  frame.bytes = std::move(bytes);
  enqueue(std::move(frame), now);
}

void FaultStage::release(TimePoint now) {
  for (Queue& queue : queues_) {
    for (Frame& frame : queue) {
      frame.due = std::min(frame.due, now);
      frame.portion = 0;
    }
  }
}

/// The queue whose first frame goes out next: one that is on its way, else the one due first.
const FaultStage::Queue* FaultStage::next() const {
  const Queue &events = queues_[0], &answers = queues_[1];
  if (events.empty() || answers.empty()) {
    return events.empty() && answers.empty() ? nullptr : events.empty() ? &answers : &events;
  }
  const Frame &event = events.front(), &answer = answers.front();
  if (event.sent > 0 || answer.sent > 0) return event.sent > 0 ? &events : &answers;
  const auto key = [](const Frame& frame) { return std::pair(frame.due, frame.number); };
  return key(event) < key(answer) ? &events : &answers;
}

TimePoint FaultStage::time_of(const Frame& frame) const {
  return frame.portion > 0 ? std::max(frame.due, next_portion_) : frame.due;
}

FaultStage::End FaultStage::pump(std::string& out, TimePoint now) {
  while (const Queue* chosen = hung_ ? nullptr : next()) {
    Queue& queue = queues_[chosen == queues_.data() ? 0 : 1];
    Frame& frame = queue.front();
    if (time_of(frame) > now) return End::none;
    const std::size_t rest = frame.bytes.size() - frame.sent;
    const std::size_t size = frame.portion > 0 ? std::min(frame.portion, rest) : rest;
    out.append(frame.bytes, frame.sent, size);
    frame.sent += size;
    held_ -= size;
    if (frame.portion > 0) next_portion_ = now + frame.pause;
    if (frame.sent < frame.bytes.size()) continue;
    const End end = frame.end;
    const bool hangs = frame.hang;
    queue.pop_front();
    if (hangs) hang();
    if (end != End::none) return end;
  }
  return End::none;
}

void FaultStage::hang() {
  hung_ = true;
  held_ = 0;
  for (Queue& queue : queues_)
    queue.clear();
}

std::optional<TimePoint> FaultStage::next_deadline() const {
  const Queue* chosen = hung_ ? nullptr : next();
  return chosen ? std::optional(time_of(chosen->front())) : std::nullopt;
}

}  // namespace linebridge::sim::cucm
