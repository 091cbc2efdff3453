#pragma once

#include <compare>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// The simulated Unified CM cluster: CTI Managers, phones, and the calls between them. It shares no source and
/// no table with the gateway, so that one misunderstanding cannot hide on both sides.
namespace linebridge::sim::cucm {

/// A pair (node, number): device, line, call leg or global call.
struct Handle {
  std::int32_t manager = 0;
  std::int32_t number = 0;
  explicit operator bool() const { return number != 0; }
  friend auto operator<=>(const Handle&, const Handle&) = default;
};

struct Null {
  friend bool operator==(Null, Null) = default;
};

class Fields;
/// What a field of a message holds. Strings of all kinds are std::string: 8-bit text, UTF-8 for unicode fields,
/// or raw bytes.
using Value = std::variant<Null, std::int32_t, bool, std::string, std::vector<std::int32_t>, Handle,
                           std::vector<Handle>, Fields, std::vector<Fields>>;
struct Field;

/// The fields of a message or of an element inside one, by name. What is not there reads as zero, false or
/// empty. Names are literals: they must outlive the Fields.
class Fields {
public:
  Fields();
  Fields(std::initializer_list<Field> fields);
  Fields(const Fields&);
  Fields(Fields&&) noexcept;
  Fields& operator=(const Fields&);
  Fields& operator=(Fields&&) noexcept;
  ~Fields();

  Fields& set(std::string_view name, Value value) &;
  Fields&& set(std::string_view name, Value value) &&;
  const Value* find(std::string_view name) const;

  std::int32_t number(std::string_view name) const;
  bool flag(std::string_view name) const;
  std::string_view text(std::string_view name) const;
  const std::vector<std::int32_t>& numbers(std::string_view name) const;
  Handle handle(std::string_view name) const;
  /// A handle that travels as two separate numbers.
  Handle handle(std::string_view manager, std::string_view number_name) const;
  const std::vector<Handle>& handles(std::string_view name) const;
  const Fields& element(std::string_view name) const;
  const std::vector<Fields>& elements(std::string_view name) const;

  const std::vector<Field>& all() const { return list_; }
  /// Bytes of the fixed part this element had on the wire; 0 for one that was not decoded.
  std::size_t wire_size = 0;

private:
  std::vector<Field> list_;
};

struct Field {
  std::string_view name;
  Value value;
};

/// A message of the CTI/QBE protocol without its frame.
struct Message {
  std::int32_t id = 0;
  Fields fields;
};

}  // namespace linebridge::sim::cucm
