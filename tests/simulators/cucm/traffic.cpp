#include "tests/simulators/cucm/traffic.hpp"

#include <cstdio>
#include <utility>

#include "base/result.hpp"
#include "base/text.hpp"
#include "tests/simulators/cucm/codec.hpp"
#include "tests/simulators/cucm/layout.hpp"

namespace linebridge::sim::cucm {
namespace {

std::string number_text(std::int32_t number) {
  if (static_cast<std::uint32_t>(number) < 0x80000000 || number > -0x1000) return std::to_string(number);
  char hex[16];
  std::snprintf(hex, sizeof hex, "0x%08X", static_cast<unsigned>(number));
  return hex;
}

std::string value_text(const Slot& slot, const Value& value);

std::string inner_text(const Layout& layout, const Fields& fields) {
  std::string out;
  for (const Slot& slot : layout.slots) {
    const Value* value = fields.find(slot.name);
    const std::string text = value ? value_text(slot, *value) : std::string();
    if (text.empty()) continue;
    if (!out.empty()) out += ' ';
    out.append(std::string_view(slot.name));
    if (slot.kind != Kind::flag) out.append("=").append(text);
  }
  return out;
}

/// Empty for what is zero, false, null or without content.
std::string value_text(const Slot& slot, const Value& value) {
  return std::visit(
      Overloaded{
          [](Null) { return std::string(); },
          [](std::int32_t number) { return number == 0 ? std::string() : number_text(number); },
          [](bool flag) { return std::string(flag ? "true" : ""); },
          [&](const std::string& text) {
            if (slot.kind != Kind::bytes) return printable(text, 80);
            return text.empty() ? std::string() : "<" + std::to_string(text.size()) + " bytes>";
          },
          [](const std::vector<std::int32_t>& numbers) {
            std::string out;
            for (const std::int32_t number : numbers)
              out += (out.empty() ? "" : ",") + std::to_string(number);
            return out;
          },
          [](Handle handle) { return std::to_string(handle.manager) + "|" + std::to_string(handle.number); },
          [](const std::vector<Handle>& handles) {
            std::string out;
            for (const Handle& one : handles)
              out += (out.empty() ? "" : ",") + std::to_string(one.number);
            return out;
          },
          [&](const Fields& fields) {
            const std::string inner = inner_text(*slot.element, fields);
            return inner.empty() ? inner : "{" + inner + "}";
          },
          [&](const std::vector<Fields>& list) {
            std::string out;
            for (const Fields& one : list)
              out += "{" + inner_text(*slot.element, one) + "}";
            return out;
          }},
      value);
}

}  // namespace

std::string describe(const Message& message) {
  const Layout* layout = message_layout(message.id);
  return layout ? inner_text(*layout, message.fields) : std::string();
}

std::string_view Traffic::Entry::name() const {
  constexpr std::size_t at_id = 16;
  return message_name(static_cast<std::int32_t>(read_u32(frame, at_id)));
}

std::string Traffic::Entry::fields() const {
  FrameReader reader;
  reader.push(frame);
  const FrameReader::Item item = reader.next();
  const auto* whole = std::get_if<Frame>(&item);
  if (!whole) return {};
  const Result<Message> message = decode(*whole);
  return message ? describe(message.value()) : std::string();
}

void Traffic::add(TimePoint at, const std::string& manager, std::int32_t connection, Direction direction,
                  std::string_view frame) {
  std::string kept;
  while (!entries_.empty() && (entries_.size() >= most_ || bytes_ + frame.size() > most_bytes_))
    kept = forget_oldest();
  kept.assign(frame);  // In the memory that the oldest had: it costs less than new memory.
  bytes_ += frame.size();
  entries_.push_back({++count_, at, manager, connection, direction, std::move(kept)});
}

std::string Traffic::forget_oldest() {
  std::string frame = std::move(entries_.front().frame);
  entries_.pop_front();
  bytes_ -= frame.size();
  return frame;
}

}  // namespace linebridge::sim::cucm
