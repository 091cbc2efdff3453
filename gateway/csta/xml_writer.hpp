#pragma once

#include <string>
#include <string_view>

#include "csta/edition.hpp"

namespace linebridge::csta {

/// Appends one XML body to a string. Names must be XML names that outlive the writer; texts may be anything.
class XmlWriter {
public:
  /// Writes the XML declaration and the root's start tag.
  XmlWriter(std::string& out, std::string_view root, const Edition& edition);
  /// Writes the root's end tag.
  ~XmlWriter();
  XmlWriter(const XmlWriter&) = delete;
  XmlWriter& operator=(const XmlWriter&) = delete;

  void open(std::string_view name);
  void close(std::string_view name);
  void empty(std::string_view name);
  /// An element with text. Escapes what XML needs escaped, drops what XML cannot hold, writes '?' for bytes
  /// that are not UTF-8.
  void text(std::string_view name, std::string_view value);

private:
  std::string& out_;
  std::string_view root_;
};

}  // namespace linebridge::csta
