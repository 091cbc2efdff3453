#include "sip/dialog.hpp"

#include "base/address.hpp"
#include "sip/syntax.hpp"

namespace linebridge::sip {
namespace {

std::string host_and_port(const OurAddress& address) {
  return to_text(Address{address.host, address.port});
}

}  // namespace

std::string OurAddress::contact() const {
  return "<sip:" + host_and_port(*this) + (tls ? ";transport=tls>" : ";transport=tcp>");
}

std::string OurAddress::sent_by() const {
  return (tls ? "SIP/2.0/TLS " : "SIP/2.0/TCP ") + host_and_port(*this);
}

bool Dialog::belongs(const Message& request) const {
  return request.head.call_id() == call_id && request.head.to_tag() == local_tag &&
         request.head.from_tag() == remote_tag;
}

Result<Dialog> make_dialog(const Message& invite, std::string local_tag, OurAddress ours) {
  const auto contact = invite.head.first("Contact");
  if (!contact || uri_of(*contact).empty()) return Error{Errc::malformed, "INVITE without Contact"};
  if (invite.head.from_tag().empty()) return Error{Errc::malformed, "INVITE without From tag"};
  Dialog dialog;
  dialog.call_id = invite.head.call_id();
  dialog.remote_tag = invite.head.from_tag();
  dialog.local = std::string(*invite.head.first("To")) + ";tag=" + local_tag;
  dialog.local_tag = std::move(local_tag);
  dialog.remote = *invite.head.first("From");
  dialog.target = request_uri_of(*contact);
  for (const auto& line : invite.head.lines()) {
    if (!HeadView::same_name(line.name, "Record-Route")) continue;
    for (std::string_view rest = line.value; !rest.empty();) {
      const std::string_view route = take_value(rest);
      if (!syntax::is_sip_scheme(syntax::scheme_of(uri_of(route))))
        return Error{Errc::malformed, "a Record-Route that is no SIP URI"};
      dialog.routes.emplace_back(route);
    }
  }
  dialog.ours = std::move(ours);
  dialog.remote_cseq = invite.cseq;
  return dialog;
}

std::string_view request_uri_of(std::string_view value) {
  const std::string_view uri = uri_of(value);
  const std::size_t user_end = uri.find('@');  // A user part may hold a question mark.
  return uri.substr(0, uri.find('?', user_end == std::string_view::npos ? 0 : user_end));
}

void refresh_target(Dialog& dialog, const Message& request) {
  const auto contact = request.head.first("Contact");
  if (contact && !uri_of(*contact).empty()) dialog.target = request_uri_of(*contact);
}

}  // namespace linebridge::sip
