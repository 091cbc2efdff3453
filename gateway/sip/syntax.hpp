#pragma once

#include <optional>
#include <string>
#include <string_view>

/// The grammar of RFC 3261 section 25.1 where something here leans on it: names, URIs, addresses, Via. Each
/// word says what is wrong, or nothing. Cost is linear in the text; nothing is allocated.
namespace linebridge::sip::syntax {

using Problem = std::optional<std::string_view>;  ///< What is wrong, in a few words that live for ever.

bool is_token(std::string_view text);  ///< "token": a method, a header name, an option tag.

/// One parameter, `name=value`, as it stands; `value` keeps its quotes and is empty if there is none.
struct Parameter {
  std::string_view name;
  std::string_view value;
};

/// Takes `;name=value` off the front of `rest`. False when no parameter follows: at the end, at a comma, or
/// after `problem` was set (no name, an unclosed quote, text behind the value).
bool take_parameter(std::string_view& rest, Parameter& parameter, Problem& problem);

/// The scheme of a URI without its colon; empty if there is none.
std::string_view scheme_of(std::string_view uri);
bool is_sip_scheme(std::string_view scheme);  ///< sip or sips, in any case.

/// A URI (RFC 3261 section 19.1.1, RFC 3986): no blanks, brackets or quotes, escapes of two digits; of sip and
/// sips the host and port too.
Problem check_uri(std::string_view uri);

/// The user part of a sip or sips URI with its escapes undone, a NUL among them too; empty if there is none.
std::string user_of(std::string_view uri);

/// How many values an address header may have, and which parameter of it must be single and not empty.
struct AddressForm {
  bool list = false;
  std::string_view single;  ///< "tag"; empty: none.
};
/// name-addr or addr-spec with parameters (RFC 3261 sections 20.10, 20.20, 20.39). A display name without
/// quotes may hold what is no token, as some clients write it, but nothing that separates values.
Problem check_address(std::string_view value, const AddressForm& form);

/// All values of a Via line (RFC 3261 section 20.42): any transport, in any case; a branch may be absent, but
/// it is not the magic cookie alone (section 8.1.1.7).
Problem check_via(std::string_view value);

}  // namespace linebridge::sip::syntax
