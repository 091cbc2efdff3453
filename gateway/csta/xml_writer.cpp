#include "csta/xml_writer.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>

namespace linebridge::csta {
namespace {

/// Length of the UTF-8 sequence that `lead` begins; 0 for bytes that begin none.
std::size_t announced_length(unsigned lead) {
  if (lead < 0x80) return 1;
  if (lead < 0xC2) return 0;
  if (lead < 0xE0) return 2;
  if (lead < 0xF0) return 3;
  return lead < 0xF5 ? 4 : 0;
}

/// Length of the character at the front of `text` (RFC 3629), 0 if it is broken or not one of XML 1.0.
std::size_t character_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<std::uint8_t>(text[i]) : 0u; };
  const unsigned lead = byte(0);
  const unsigned second = byte(1);
  const std::size_t length = announced_length(lead);
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xC0) != 0x80) return 0;
  const bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
  const bool surrogate = lead == 0xED && second > 0x9F;
  const bool past_the_end = lead == 0xF4 && second > 0x8F;
  const bool not_a_character = lead == 0xEF && second == 0xBF && byte(2) > 0xBD;
  return overlong || surrogate || past_the_end || not_a_character ? 0 : length;
}

/// Stands for itself in XML text.
bool is_plain(char c) {
  return c >= 32 && c < 127 && c != '&' && c != '<' && c != '>' && c != '"';
}

/// Control characters are left out: XML 1.0 has no way to write them.
std::string_view escaped(char ascii) {
  switch (ascii) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    default: return {};
  }
}

void append_escaped(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const auto plain = static_cast<std::size_t>(
        std::distance(text.begin(), std::find_if_not(text.begin(), text.end(), is_plain)));
    out.append(text.substr(0, plain));
    text.remove_prefix(plain);
    if (text.empty()) return;
    const std::size_t length = character_length(text);
    if (length == 1) {
      out += escaped(text.front());
    } else if (length == 0) {
      out.push_back('?');
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
}

}  // namespace

XmlWriter::XmlWriter(std::string& out, std::string_view root, const Edition& edition) : out_(out), root_(root) {
  out_ += "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<";
  out_ += root_;
  out_ += " xmlns=\"";
  out_ += csta_namespaces;
  out_ += edition.name;
  out_ += "\">";
}

XmlWriter::~XmlWriter() {
  close(root_);
}

void XmlWriter::open(std::string_view name) {
  out_ += '<';
  out_ += name;
  out_ += '>';
}

void XmlWriter::close(std::string_view name) {
  out_ += "</";
  out_ += name;
  out_ += '>';
}

void XmlWriter::empty(std::string_view name) {
  out_ += '<';
  out_ += name;
  out_ += "/>";
}

void XmlWriter::text(std::string_view name, std::string_view value) {
  open(name);
  append_escaped(out_, value);
  close(name);
}

}  // namespace linebridge::csta
