#include "tests/simulators/cucm/fields.hpp"

#include <algorithm>
#include <utility>

namespace linebridge::sim::cucm {
namespace {

template <class T>
const T& get_or_default(const Fields& fields, Name name) {
  static const T nothing{};
  const Value* value = fields.find(name);
  const T* held = value ? std::get_if<T>(value) : nullptr;
  return held ? *held : nothing;
}

}  // namespace

Fields::Fields() = default;
Fields::Fields(std::initializer_list<Field> fields) : list_(fields) {}
Fields::Fields(const Fields&) = default;
Fields::Fields(Fields&&) noexcept = default;
Fields& Fields::operator=(const Fields&) = default;
Fields& Fields::operator=(Fields&&) noexcept = default;
Fields::~Fields() = default;

Fields& Fields::set(Name name, Value value) & {
  const auto found =
      std::find_if(list_.begin(), list_.end(), [&name](const Field& f) { return f.name == name; });
  if (found == list_.end()) {
    add(name, std::move(value));
  } else {
    found->value = std::move(value);
  }
  return *this;
}

Fields&& Fields::set(Name name, Value value) && {
  set(name, std::move(value));
  return std::move(*this);
}

void Fields::add(Name name, Value value) {
  constexpr std::size_t at_first = 8;
  if (list_.capacity() == 0) list_.reserve(at_first);
  list_.push_back({name, std::move(value)});
}

void Fields::reserve(std::size_t count) {
  list_.reserve(count);
}

const Value* Fields::find(Name name) const {
  const auto found =
      std::find_if(list_.begin(), list_.end(), [&name](const Field& f) { return f.name == name; });
  return found == list_.end() ? nullptr : &found->value;
}

std::int32_t Fields::number(Name name) const {
  return get_or_default<std::int32_t>(*this, name);
}
bool Fields::flag(Name name) const {
  return get_or_default<bool>(*this, name);
}
std::string_view Fields::text(Name name) const {
  return get_or_default<std::string>(*this, name);
}
const std::vector<std::int32_t>& Fields::numbers(Name name) const {
  return get_or_default<std::vector<std::int32_t>>(*this, name);
}
Handle Fields::handle(Name name) const {
  return get_or_default<Handle>(*this, name);
}
Handle Fields::handle(Name manager, Name number_name) const {
  return {number(manager), number(number_name)};
}
const std::vector<Handle>& Fields::handles(Name name) const {
  return get_or_default<std::vector<Handle>>(*this, name);
}
const Fields& Fields::element(Name name) const {
  return get_or_default<Fields>(*this, name);
}
const std::vector<Fields>& Fields::elements(Name name) const {
  return get_or_default<std::vector<Fields>>(*this, name);
}

}  // namespace linebridge::sim::cucm
