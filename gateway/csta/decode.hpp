#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "csta/edition.hpp"
#include "csta/xml_reader.hpp"
#include "model/requests.hpp"

namespace linebridge::csta {

/// What a request carries in extensions/privateData/private that we know. Other extensions are skipped.
struct PrivateData {
  std::string line;  ///< lcs:line, the user's line URI; empty if absent.
};

struct Decoded {
  model::Request request;
  PrivateData private_data;
  Edition edition;  ///< The answer carries the same one.
};

/// Reads CSTA XML requests (ECMA-323), leniently: any edition, any prefix or none, elements in any order,
/// unknown ones skipped, blanks around texts dropped. What a request lacks comes out empty, what is no value of
/// its type comes out as unreadable; to refuse that in CSTA's words is up to who serves it.
class Decoder {
public:
  /// `salt`: see XmlReader.
  explicit Decoder(const XmlSalt& salt = {}) : reader_(salt) {}

  /// A CSTA root that is no service of the table becomes UnknownService; a response, CSTAErrorCode or an event
  /// becomes NotARequest. Errors: those of XmlReader::read, and unsupported if the root is not CSTA's.
  Result<Decoded> decode(std::string_view body);

private:
  XmlReader reader_;
};

/// The same with a reader of its own; where many bodies come, keep a Decoder.
Result<Decoded> decode(std::string_view body);

}  // namespace linebridge::csta
