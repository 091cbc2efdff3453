#include "home.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace linebridge::sim::ocs {
namespace {

constexpr std::string_view seconds_registered = "7200";

std::string provisioning_2005(const Site& site, const User& user) {
  return "<provisioning><user uri=\"" + escaped(user.address) + "\"><line uri=\"" + escaped(user.line) +
         "\" server=\"" + escaped(site.line_server) + "\"/></user></provisioning>";
}

std::string roaming_self_2007(const Site& site, const User& user) {
  const std::string space = "http://schemas.microsoft.com/2006/09/sip/";
  return "<roamingData xmlns=\"" + space + "roaming-self\"><categories xmlns=\"" + space +
         "categories\" uri=\"" + escaped(user.address) +
         "\"><category name=\"userProperties\" instance=\"0\" container=\"1\" version=\"1\" "
         "expireType=\"static\">"
         "<userProperties xmlns=\"" +
         space + "categories/userProperties\"><lines><line lineType=\"Rcc\" lineServer=\"" +
         escaped(site.line_server) + "\">" + escaped(user.line) +
         "</line></lines></userProperties></category></categories></roamingData>";
}

bool is_2007(const Site& site) {
  return site.flavour != Flavour::lcs2005;
}

std::string_view self_event(const Site& site) {
  return is_2007(site) ? "vnd-microsoft-roaming-self" : "vnd-microsoft-provisioning";
}

const User* sender(const Site& site, const Message& request) {
  return site.find(uri_in(request.get("From")));
}

}  // namespace

const User* Site::find(std::string_view address) const {
  const auto at = std::find_if(users.begin(), users.end(),
                               [&](const User& user) { return iequals(user.address, address); });
  return at == users.end() ? nullptr : &*at;
}

Result<User> parse_user(std::string_view text) {
  std::string_view line = text;
  std::string address = lower(trim(take_until(line, '=')));
  if (address.starts_with("sip:")) address.erase(0, 4);
  const std::size_t at = address.find('@');
  if (at == 0 || at == std::string::npos || at + 1 == address.size())
    return Error{Errc::malformed, "'" + printable(text) + "': write USER@DOMAIN=LINE-URI"};
  if (!istarts_with(line, "tel:") && !istarts_with(line, "sip:"))
    return Error{Errc::malformed, "'" + printable(text) + "': the line URI begins with tel:"};
  return User{"sip:" + address, std::string(trim(line))};
}

std::string gruu_of(const Message& request) {
  const auto epid = parameter(request.get("From"), "epid");
  return std::string(uri_in(request.get("From"))) + ";opaque=user:epid:" + std::string(epid.value_or("none")) +
         ";gruu";
}

Message answer_register(const Site& site, const Message& request, std::string_view tag) {
  if (sender(site, request) == nullptr) return answer_to(request, 404, "Not Found", tag);
  Message answer = answer_to(request, 200, "OK", tag);
  if (request.get("Expires") == "0") {
    answer.add("Expires", "0");
    return answer;
  }
  std::string contact(request.get("Contact"));
  contact += ";expires=" + std::string(seconds_registered);
  if (is_2007(site)) contact += ";gruu=\"" + gruu_of(request) + "\"";
  answer.add("Contact", std::move(contact));
  answer.add("Expires", std::string(seconds_registered));
  answer.add("Allow-Events", std::string(self_event(site)));
  answer.add("Server", is_2007(site) ? "RTC/3.5" : "RTC/2.0");
  answer.add("ms-keep-alive", "UAS; tcp=no; hop-hop=yes; end-end=no; timeout=300");
  if (is_2007(site)) answer.add("Supported", "msrtc-event-categories");
  return answer;
}

Message answer_subscribe(const Site& site, const Message& request, std::string_view tag) {
  const User* const user = sender(site, request);
  if (user == nullptr) return answer_to(request, 404, "Not Found", tag);
  const std::string event(request.get("Event"));
  const std::string expires(request.get("Expires"));
  Message answer = answer_to(request, 200, "OK", tag);
  answer.add("Event", event);
  answer.add("Expires", expires.empty() ? "3600" : expires);
  if (!iequals(event, self_event(site))) return answer;
  answer.add("ms-piggyback-cseq", "1");
  answer.add("subscription-state", "active;expires=3600");
  const bool ocs = is_2007(site);
  answer.add("Content-Type", ocs ? "application/vnd-microsoft-roaming-self+xml"
                                 : "application/vnd-microsoft-roaming-provisioning+xml");
  answer.body = ocs ? roaming_self_2007(site, *user) : provisioning_2005(site, *user);
  return answer;
}

}  // namespace linebridge::sim::ocs
