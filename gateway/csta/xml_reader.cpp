#include "csta/xml_reader.hpp"

#include <cstring>
#include <new>
#include <optional>

#include <expat.h>

#include "base/text.hpp"

namespace linebridge::csta {
namespace {

/// Between namespace and local name in what Expat hands out. Cannot be part of a name, so the last one
/// separates.
constexpr char separator = '\n';

/// A body up to this size leaves a parser as good as new. A reset keeps the tables of names that a body filled
/// and walks through them ever after, so one body made of thousands of names would slow down all that follow.
constexpr std::size_t harmless_bytes = 2048;

struct FreeParser {
  void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
};

bool is_utf8_name(std::string_view encoding) {
  return iequals(encoding, "UTF-8") || iequals(encoding, "US-ASCII");
}

/// What Expat would take for another encoding than the one it was told.
std::optional<Error> encoding_refusal(std::string_view body) {
  if (body.starts_with("\xFE\xFF") || body.starts_with("\xFF\xFE")) return Error{Errc::unsupported, "UTF-16"};
  if (body.find('\0') != std::string_view::npos) return Error{Errc::malformed, "a NUL byte"};
  return std::nullopt;
}

/// " at line 1, column 7". Expat 2.9 has functions of its own for bodies over 4 GiB, and warns of the old ones.
std::string place_in(XML_Parser parser) {
#if XML_MAJOR_VERSION == 2 && XML_MINOR_VERSION < 9
  const auto line = XML_GetCurrentLineNumber(parser);
  const auto column = XML_GetCurrentColumnNumber(parser);
#else
  const auto line = XML_GetCurrentLineNumber64(parser);
  const auto column = XML_GetCurrentColumnNumber64(parser);
#endif
  return " at line " + std::to_string(line) + ", column " + std::to_string(column + 1);
}

/// Expat takes the whole of it from version 2.8.0 on, and half before.
void set_salt(XML_Parser parser, const XmlSalt& salt) {
#if XML_MAJOR_VERSION > 2 || (XML_MAJOR_VERSION == 2 && XML_MINOR_VERSION >= 8)
  XML_SetHashSalt16Bytes(parser, salt.data());
#else
  unsigned long half = 0;
  std::memcpy(&half, salt.data(), sizeof half);
  XML_SetHashSalt(parser, half);
#endif
}

}  // namespace

struct XmlReader::Impl {
  Impl(Limits given, const XmlSalt& its_salt) : limits(given), salt(its_salt) {}

  void prepare();
  void refuse(Errc code, std::string why);
  void start(const XML_Char* name, const XML_Char** attributes);
  void end();
  void characters(std::string_view text);

  Limits limits;
  XmlSalt salt;
  std::unique_ptr<std::remove_pointer_t<XML_Parser>, FreeParser>
      parser;  ///< None: to be made for the next body.
  std::vector<XmlElement>
      elements;  ///< Only the first `count` are of this document: the others keep their buffers.
  std::size_t count = 0;
  std::vector<std::size_t> open;  ///< Places of the elements that have not ended.
  std::size_t declared = 0;       ///< Namespaces declared by the start tag that is being read.
  std::size_t text_bytes = 0;
  std::optional<Error> refusal;  ///< The first reason of ours.
};

void XmlReader::Impl::prepare() {
  if (parser) {
    XML_ParserReset(parser.get(), "UTF-8");
  } else {
    parser.reset(XML_ParserCreateNS("UTF-8", separator));
    if (!parser) throw std::bad_alloc();
  }
  XML_Parser p = parser.get();
  if (salt != XmlSalt{}) set_salt(p, salt);
  XML_SetUserData(p, this);
  XML_SetElementHandler(
      p, [](void* self, const XML_Char* name, const XML_Char** a) { static_cast<Impl*>(self)->start(name, a); },
      [](void* self, const XML_Char*) { static_cast<Impl*>(self)->end(); });
  XML_SetCharacterDataHandler(p, [](void* self, const XML_Char* text, int size) {
    static_cast<Impl*>(self)->characters({text, static_cast<std::size_t>(size)});
  });
  XML_SetStartNamespaceDeclHandler(
      p, [](void* self, const XML_Char*, const XML_Char*) { ++static_cast<Impl*>(self)->declared; });
  XML_SetStartDoctypeDeclHandler(p, [](void* self, const XML_Char*, const XML_Char*, const XML_Char*, int) {
    static_cast<Impl*>(self)->refuse(Errc::unsupported, "a document type declaration");
  });
  XML_SetProcessingInstructionHandler(p, [](void* self, const XML_Char*, const XML_Char*) {
    static_cast<Impl*>(self)->refuse(Errc::unsupported, "a processing instruction");
  });
  XML_SetXmlDeclHandler(p, [](void* self, const XML_Char*, const XML_Char* encoding, int) {
    if (encoding && !is_utf8_name(encoding))
      static_cast<Impl*>(self)->refuse(Errc::unsupported, "encoding \"" + printable(encoding, 40) + "\"");
  });

  count = 0;
  open.clear();
  declared = 0;
  text_bytes = 0;
  refusal.reset();
}

void XmlReader::Impl::refuse(Errc code, std::string why) {
  if (refusal) return;
  refusal = Error{code, std::move(why)};
  XML_StopParser(parser.get(), XML_FALSE);
}

void XmlReader::Impl::start(const XML_Char* name, const XML_Char** attributes) {
  std::size_t many = std::exchange(declared, 0);
  for (const XML_Char** at = attributes; *at; at += 2)
    ++many;
  if (refusal) return;
  if (many > limits.attributes) return refuse(Errc::too_long, "an element with too many attributes");
  if (open.size() >= limits.depth) return refuse(Errc::too_long, "elements nested too deep");
  if (count >= limits.elements) return refuse(Errc::too_long, "too many elements");

  if (count == elements.size()) elements.emplace_back();
  XmlElement& element = elements[count];
  const std::string_view full = name;
  const auto cut = full.rfind(separator);
  element.space = cut == std::string_view::npos ? std::string_view{} : full.substr(0, cut);
  element.name = cut == std::string_view::npos ? full : full.substr(cut + 1);
  element.text.clear();
  element.depth = open.size();
  open.push_back(count++);
}

void XmlReader::Impl::end() {
  if (!refusal) open.pop_back();
}

void XmlReader::Impl::characters(std::string_view text) {
  if (refusal || open.empty()) return;
  text_bytes += text.size();
  if (text_bytes > limits.text_bytes) return refuse(Errc::too_long, "too much text");
  elements[open.back()].text += text;
}

XmlReader::XmlReader(Limits limits, const XmlSalt& salt) : impl_(std::make_unique<Impl>(limits, salt)) {}
XmlReader::~XmlReader() = default;

Result<XmlDocument> XmlReader::read(std::string_view body) {
  if (body.size() > impl_->limits.body_bytes) return Error{Errc::too_long, "a body over the limit"};
  if (const auto refusal = encoding_refusal(body)) return *refusal;

  impl_->prepare();
  XML_Parser parser = impl_->parser.get();
  const auto status = XML_Parse(parser, body.data(), static_cast<int>(body.size()), XML_TRUE);
  std::optional<Error> error = impl_->refusal;
  if (!error && status != XML_STATUS_OK)
    error = Error{Errc::malformed, std::string(XML_ErrorString(XML_GetErrorCode(parser))) + place_in(parser)};
  if (body.size() > harmless_bytes) impl_->parser.reset();
  if (error) return *error;
  return XmlDocument(impl_->elements.data(), impl_->count);
}

}  // namespace linebridge::csta
