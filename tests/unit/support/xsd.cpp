#include "tests/unit/support/xsd.hpp"

#include <array>
#include <cstdarg>
#include <cstdio>
#include <stdexcept>

#include <libxml/parser.h>
#include <libxml/xmlschemas.h>

namespace linebridge::test {
namespace {

template <auto free>
struct Free {
  template <class T>
  void operator()(T* what) const {
    free(what);
  }
};
using Document = std::unique_ptr<xmlDoc, Free<xmlFreeDoc>>;
using SchemaParser = std::unique_ptr<xmlSchemaParserCtxt, Free<xmlSchemaFreeParserCtxt>>;
using Validator = std::unique_ptr<xmlSchemaValidCtxt, Free<xmlSchemaFreeValidCtxt>>;

[[gnu::format(printf, 2, 3)]] void add_problem(void* to, const char* format, ...) {
  std::array<char, 500> line{};
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(line.data(), line.size(), format, arguments);
  va_end(arguments);
  *static_cast<std::string*>(to) += line.data();
}

}  // namespace

struct Schema::Impl {
  std::unique_ptr<xmlSchema, Free<xmlSchemaFree>> schema;
};

Schema::Schema(const std::string& path) : impl_(std::make_unique<Impl>()) {
  const SchemaParser parser(xmlSchemaNewParserCtxt((LINEBRIDGE_SOURCE_DIR "/tests/data/" + path).c_str()));
  impl_->schema.reset(xmlSchemaParse(parser.get()));
  if (!impl_->schema) throw std::runtime_error("no schema: tests/data/" + path);
}

Schema::~Schema() = default;

std::string Schema::problems(std::string_view document) const {
  const Document read(xmlReadMemory(document.data(), static_cast<int>(document.size()), "body.xml", nullptr,
                                    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING));
  if (!read) return "not well-formed";
  std::string said;
  const Validator validator(xmlSchemaNewValidCtxt(impl_->schema.get()));
  xmlSchemaSetValidErrors(validator.get(), add_problem, add_problem, &said);
  const int code = xmlSchemaValidateDoc(validator.get(), read.get());
  return code == 0 ? "" : said.empty() ? "invalid, code " + std::to_string(code) : said;
}

const Schema& csta_schema() {
  static const Schema schema("csta/csta-rcc.xsd");
  return schema;
}

std::string csta_problems(std::string_view body) {
  static constexpr std::string_view space = "http://www.ecma-international.org/standards/ecma-323/csta/";
  std::string text(body);
  const auto at = text.find(space);
  const auto quote = at == std::string::npos ? at : text.find_first_of("\"'", at);
  if (quote != std::string::npos) text.replace(at, quote - at, std::string(space) + "ed3");
  return csta_schema().problems(text);
}

}  // namespace linebridge::test
