#pragma once

#include <string_view>

#include "base/result.hpp"
#include "csta/edition.hpp"
#include "csta/xml_reader.hpp"
#include "model/services.hpp"

namespace linebridge::csta {

struct Decoded {
  model::Request request;
  Edition edition;  ///< The answer carries the same one.
};

/// Reads CSTA XML requests (ECMA-323), leniently: any edition, any prefix or none, elements in any order,
/// unknown ones skipped, blanks around texts dropped. What a request lacks comes out empty; to refuse that in
/// CSTA's words is up to who serves it. The private data lcs:line is looked for in
/// extensions/privateData/private.
class Decoder {
public:
  /// A well-formed CSTA root without a service of ours becomes UnknownService.
  /// Errors: those of XmlReader::read, and unsupported if the root is not CSTA's.
  Result<Decoded> decode(std::string_view body);

private:
  XmlReader reader_;
};

/// The same with a reader of its own; where many bodies come, keep a Decoder.
Result<Decoded> decode(std::string_view body);

}  // namespace linebridge::csta
