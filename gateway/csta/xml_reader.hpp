#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace linebridge::csta {

/// One element of a document. Prefixes are resolved, attributes are dropped: CSTA requests carry nothing in
/// them.
struct XmlElement {
  std::string space;      ///< Namespace, empty if none.
  std::string name;       ///< Local name.
  std::string text;       ///< Its own character data, without that of its children, untrimmed.
  std::size_t depth = 0;  ///< 0: the root.
};

/// A document as a list of its elements in the order of their start tags. Valid until the reader's next read().
class XmlDocument {
public:
  XmlDocument(const XmlElement* first, std::size_t size) : first_(first), size_(size) {}

  const XmlElement& root() const { return *first_; }
  /// The first child of that local name, in any namespace; nullptr if there is none.
  const XmlElement* child(const XmlElement& of, std::string_view name) const;
  /// child() of child() and so on; nullptr if one of them is missing.
  const XmlElement* path(std::initializer_list<std::string_view> names) const;
  /// Trimmed text of a path from the root, empty if it is missing. Ends with the document.
  std::string_view text(std::initializer_list<std::string_view> names) const;
  /// Calls `see` with every element inside `of`, in the order of their start tags.
  template <class See>
  void each_below(const XmlElement& of, See see) const {
    const XmlElement* const end = first_ + size_;
    for (const XmlElement* one = &of + 1; one != end && one->depth > of.depth; ++one)
      see(*one);
  }

private:
  const XmlElement* first_;
  std::size_t size_;
};

/// Random bytes. All zero: none.
using XmlSalt = std::array<std::uint8_t, 16>;

/// Reads whole XML bodies in UTF-8. No document type, no processing instructions, no entities but the five of
/// XML. Buffers are kept from one body to the next. A read that failed does not harm the next.
class XmlReader {
public:
  struct Limits {
    std::size_t body_bytes = 64 * 1024;
    std::size_t depth = 32;
    std::size_t elements = 1024;
    std::size_t attributes = 64;         ///< Of one element, namespace declarations included.
    std::size_t text_bytes = 16 * 1024;  ///< Of all elements together.
  };

  /// `salt` makes the hash tables behind names unpredictable to who writes bodies; without one the system is
  /// asked for one before each body, which is a call of the system for each.
  explicit XmlReader(const XmlSalt& salt = {}) : XmlReader(Limits{}, salt) {}
  explicit XmlReader(Limits limits, const XmlSalt& salt = {});
  ~XmlReader();

  /// Errors: malformed, unsupported (another encoding, a document type, a processing instruction), too_long (a
  /// limit).
  Result<XmlDocument> read(std::string_view body);

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace linebridge::csta
