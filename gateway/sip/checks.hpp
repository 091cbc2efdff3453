#pragma once

#include <optional>
#include <string_view>

#include "sip/message.hpp"

/// What a SIP message must hold to before anything acts on it, one function a rule. RFC 4475 shows why: parsers
/// let most of it through. A rule is as lenient as deployed clients need: a Via may be without a branch and
/// name its transport in any case, headers may be folded, short, in any case and order, unknown headers and
/// parameters pass, and so do display names in UTF-8 and empty reason phrases.
namespace linebridge::sip {

using Verdict = std::optional<Broken>;  ///< Nothing if the rule is kept.

/// All rules, in the order in which they are to be answered (RFC 3261 section 8.2): version, start line,
/// headers, scheme, body. One pass over the headers.
Verdict check(const HeadView& head, std::string_view body);

Verdict check_version(const HeadView& head);       ///< 505 (RFC 3261 sections 7.1, 21.5.6).
Verdict check_request_line(const HeadView& head);  ///< One SP between its parts, none behind (section 7.1).
Verdict check_method(const HeadView& head);        ///< A token (section 7.1).
Verdict check_request_uri(const HeadView& head);   ///< No <>, blanks or headers (sections 7.1, 19.1.1).
Verdict check_scheme(const HeadView& head);        ///< 416 unless sip or sips (section 8.2.2.1).

Verdict check_name(const HeaderLine& line);     ///< A token (section 7.3.1).
Verdict check_call_id(std::string_view value);  ///< Not empty, no blanks (section 20.8).
/// A number below 2**31 and the method of the request line (section 8.1.1.5).
Verdict check_cseq(const HeadView& head);
Verdict check_max_forwards(std::string_view value);  ///< 0 to 255 (section 20.22); 0 is for a proxy to refuse.
Verdict check_expires(std::string_view value);       ///< 0 to 2**32-1 seconds (section 20.19).
/// Seconds with parameters; `refresher` is uac or uas (RFC 4028 sections 4, 5).
Verdict check_session_interval(std::string_view name, std::string_view value);
Verdict check_require(std::string_view value);  ///< Option tags (section 20.32).
Verdict check_from_or_to(std::string_view name,
                         std::string_view value);  ///< One address, one tag (20.20, 20.39).
/// Addresses; a Contact may be `*` (section 20.10), routes need their brackets (sections 20.30, 20.34).
Verdict check_addresses(std::string_view name, std::string_view value);
/// An INVITE or UPDATE has one Contact, a sip or sips URI, because it is where we send to (section 8.1.1.8).
Verdict check_target(const HeadView& head);
Verdict check_via(std::string_view value);  ///< Each hop (section 20.42), no cookie without branch (8.1.1.7).

Verdict check_content_type(std::string_view value);      ///< type/subtype (section 20.15).
Verdict check_content_encoding(std::string_view value);  ///< 415 unless identity (section 20.12).
/// 415 for a disposition that we do not know and that is required (section 20.11).
Verdict check_content_disposition(std::string_view value);

}  // namespace linebridge::sip
