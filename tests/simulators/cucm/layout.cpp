#include "tests/simulators/cucm/layout.hpp"

#include <array>
#include <cassert>
#include <map>
#include <memory>
#include <utility>

namespace linebridge::sim::cucm {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 9> shared_runs = {{
    {"@REQ", "seq:i"},
    {"@RSP", "seq:i result:i"},
    {"@LINE", "lineCallManagerID:i lineID:i"},
    {"@DEV", "callManagerID:i deviceID:i"},
    {"@DEVEV", "deviceCallManagerID:i deviceID:i"},
    {"@CALLREF", "@LINE callLegCallManagerID:i callLegID:i"},
    {"@CALLEV", "@LINE callCallManagerID:i callLegID:i"},
    {"@PARTYX",
     "unModifiedCallingParty:s unModifiedCalledParty:s unModifiedOriginalCalledParty:s "
     "unModifiedLastRedirectingParty:s callingPartyPI:b callingPartyNamePI:b calledPartyPI:b "
     "calledPartyNamePI:b "
     "originalCalledPartyPI:b originalCalledPartyNamePI:b lastRedirectingPartyPI:b "
     "lastRedirectingPartyNamePI:b "
     "callingName:u calledName:u originalCalledName:u lastRedirectingName:u callingLocale:i calledLocale:i "
     "originalCalledLocale:i lastRedirectingLocale:i callingDN:PartyDNInfo calledDN:PartyDNInfo "
     "originalCalledDN:PartyDNInfo lastRedirectingDN:PartyDNInfo"},
    {"@MMX",
     "callingPartyMultiMediaCapBitMask:i calledPartyMultiMediaCapBitMask:i "
     "callingPartyMultiMediaCapabilityInfo:DeviceMultiMediaCapability "
     "calledPartyMultiMediaCapabilityInfo:DeviceMultiMediaCapability deviceUUID:s peerUUID:s"},
}};

/// Twice as many places as slots at least, so that looking for a field ends soon.
void set_places(Layout& layout) {
  assert(layout.slots.size() <= Layout::most_slots);
  std::size_t size = 4;
  while (size < 2 * layout.slots.size())
    size *= 2;
  layout.places.assign(size, Layout::no_slot);
  for (std::size_t slot = 0; slot < layout.slots.size(); ++slot) {
    std::size_t place = layout.slots[slot].name.hash() % size;
    while (layout.places[place] != Layout::no_slot)
      place = (place + 1) % size;
    layout.places[place] = static_cast<std::uint8_t>(slot);
  }
}

class Book {
public:
  Book() {
    for (const LayoutText& text : element_layouts())
      elements_.emplace(text.name, read(text));
    for (const auto table : {provider_layouts(), line_layouts(), call_layouts()}) {
      for (const LayoutText& text : table)
        add_message(text);
    }
  }
  const Layout* message(std::int32_t id) const {
    const bool known = id >= 0 && static_cast<std::size_t>(id) < messages_.size();
    return known ? messages_[static_cast<std::size_t>(id)].get() : nullptr;
  }
  const Layout* element(std::string_view name) const {
    const auto found = elements_.find(name);
    return found == elements_.end() ? nullptr : &found->second;
  }

private:
  void add_message(const LayoutText& text) {
    const auto at = static_cast<std::size_t>(text.id);
    if (at >= messages_.size()) messages_.resize(at + 1);
    if (!messages_[at]) messages_[at] = std::make_unique<const Layout>(read(text));
  }

  Layout read(const LayoutText& text) const {
    Layout layout{text.id, text.name, {}, 0, {}};
    append(text.fields, layout);
    set_places(layout);
    return layout;
  }

  void append(std::string_view fields, Layout& layout) const {
    while (!fields.empty()) {
      const std::size_t end = fields.find(' ');
      append_word(fields.substr(0, end), layout);
      fields = end == std::string_view::npos ? std::string_view{} : fields.substr(end + 1);
    }
  }

  void append_word(std::string_view word, Layout& layout) const {
    for (const auto& [name, run] : shared_runs) {
      if (word == name) return append(run, layout);
    }
    const std::size_t colon = word.find(':');
    assert(colon != std::string_view::npos);
    Slot slot{word.substr(0, colon), Kind::number, nullptr, layout.fixed_size};
    set_kind(slot, word.substr(colon + 1));
    layout.fixed_size += slot_size(slot.kind);
    layout.slots.push_back(slot);
  }

  void set_kind(Slot& slot, std::string_view code) const {
    static const std::map<std::string_view, Kind> simple = {
        {"i", Kind::number}, {"b", Kind::flag},   {"s", Kind::text},      {"u", Kind::unicode},
        {"y", Kind::bytes},  {"h", Kind::handle}, {"i[]", Kind::numbers}, {"h[]", Kind::handles}};
    if (const auto found = simple.find(code); found != simple.end()) {
      slot.kind = found->second;
      return;
    }
    const bool list = code.ends_with("[]");
    slot.kind = list ? Kind::elements : Kind::element;
    slot.element = element(list ? code.substr(0, code.size() - 2) : code);
    assert(slot.element);
  }

  std::map<std::string_view, Layout> elements_;
  std::vector<std::unique_ptr<const Layout>> messages_;  ///< By id.
};

const Book& book() {
  static const Book all;
  return all;
}

}  // namespace

std::size_t Layout::find(const Name& field) const {
  const std::size_t last = places.size() - 1;
  for (std::size_t place = field.hash() & last; places[place] != no_slot; place = (place + 1) & last) {
    if (slots[places[place]].name == field) return places[place];
  }
  return slots.size();
}

std::size_t slot_size(Kind kind) {
  switch (kind) {
    case Kind::number:
    case Kind::flag: return 4;
    case Kind::text:
    case Kind::bytes:
    case Kind::handle: return 8;
    case Kind::element: return 12;
    case Kind::unicode:
    case Kind::numbers:
    case Kind::handles:
    case Kind::elements: return 16;
  }
  return 0;
}

const Layout* message_layout(std::int32_t id) {
  return book().message(id);
}
const Layout* element_layout(std::string_view name) {
  return book().element(name);
}

std::string_view message_name(std::int32_t id) {
  const Layout* layout = message_layout(id);
  return layout ? layout->name : "unknown message";
}

}  // namespace linebridge::sim::cucm
