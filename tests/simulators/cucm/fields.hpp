#pragma once

#include <compare>
#include <cstddef>
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

/// The name of a field, with a number made of it so that finding one costs little. A literal's number is made
/// by the compiler. The text must outlive the Name.
class Name {
public:
  template <std::size_t N>
  consteval Name(const char (&literal)[N]) : Name(std::string_view(literal, N - 1)) {}
  constexpr Name(std::string_view text) : text_(text) {
    for (const char c : text)
      hash_ = (hash_ ^ static_cast<unsigned char>(c)) * 16777619u;  // FNV-1a
  }
  constexpr operator std::string_view() const { return text_; }
  constexpr std::uint32_t hash() const { return hash_; }
  friend constexpr bool operator==(const Name& a, const Name& b) {
    return a.hash_ == b.hash_ && (a.text_.data() == b.text_.data() || a.text_ == b.text_);
  }

private:
  std::string_view text_;
  std::uint32_t hash_ = 2166136261u;
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

  Fields& set(Name name, Value value) &;
  Fields&& set(Name name, Value value) &&;
  /// The same for a name that is not there yet.
  void add(Name name, Value value);
  void reserve(std::size_t count);
  const Value* find(Name name) const;

  std::int32_t number(Name name) const;
  bool flag(Name name) const;
  std::string_view text(Name name) const;
  const std::vector<std::int32_t>& numbers(Name name) const;
  Handle handle(Name name) const;
  /// A handle that travels as two separate numbers.
  Handle handle(Name manager, Name number_name) const;
  const std::vector<Handle>& handles(Name name) const;
  const Fields& element(Name name) const;
  const std::vector<Fields>& elements(Name name) const;

  const std::vector<Field>& all() const { return list_; }
  /// Bytes of the fixed part this element had on the wire; 0 for one that was not decoded.
  std::size_t wire_size = 0;

private:
  std::vector<Field> list_;
};

struct Field {
  Name name;
  Value value;
};

/// A message of the CTI/QBE protocol without its frame.
struct Message {
  std::int32_t id = 0;
  Fields fields;
};

}  // namespace linebridge::sim::cucm
