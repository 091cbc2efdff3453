#include "session/reception.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "session/refusals.hpp"

namespace linebridge::session {
namespace {

std::string text(std::string_view a, std::string_view b, std::string_view c = {}) {
  return std::string(a).append(b).append(c);
}

Refusal not_chosen(const users::NotChosen& why) {
  switch (why.why) {
    case users::NotChosen::Why::not_owned: return {404, 50006, "line not owned", why.reason};
    case users::NotChosen::Why::not_listed: return {404, 50007, "line not listed", why.reason};
    case users::NotChosen::Why::device_not_listed: return {404, 50008, "device not listed", why.reason};
    case users::NotChosen::Why::ambiguous: return {404, 50009, "ambiguous line", why.reason};
  }
  return {404, 50007, "line not listed", why.reason};
}

}  // namespace

bool Reception::is_own_name(std::string_view host) const {
  return std::any_of(settings_.names.begin(), settings_.names.end(),
                     [host](const std::string& name) { return iequals(name, host); });
}

bool Reception::is_listed(std::string_view address) const {
  return std::any_of(settings_.incoming.begin(), settings_.incoming.end(),
                     [address](const Network& network) { return network.contains(address); });
}

std::variant<Known, Refusal> Reception::identify(const SignIn& asked, const users::Directory& directory) const {
  if (!settings_.enabled) return Refusal{503, 50001, "application off", "remote call control is switched off"};
  if (!is_listed(asked.sender)) return refusals::not_listed(asked.sender);
  if (!is_own_name(asked.request_host))
    return Refusal{404, 50003, "domain not mine",
                   text("host ", asked.request_host, " is not among our names (sip.names)")};
  const std::string address = text("sip:", asked.from_user, "@").append(asked.from_host);
  if (asked.from_user.empty())
    return Refusal{403, 50004, "user unknown",
                   "the sender's address (From) is not of the form sip:USER@DOMAIN"};
  const users::User* user = directory.find(address);
  if (user == nullptr)
    return Refusal{403, 50004, "user unknown", text("no user ", printable(address), " is known here")};
  if (!user->assigned)
    return Refusal{403, 50005, "user not assigned",
                   text("user ", address, " is not assigned to remote call control")};
  const std::string uri = !asked.line.empty()
                              ? std::string(asked.line)
                              : text("tel:", asked.to_user, ";phone-context=" + settings_.default_context);
  auto line = numbers::parse_line_uri(uri);
  if (!line)
    return Refusal{404, 50010, "bad line URI", text("line URI '", printable(uri), "': " + line.error().detail)};
  return Known{user, std::move(line).value()};
}

std::variant<Placed, Refusal> Reception::place(const Known& known,
                                               const std::vector<cti::driver::Appearance>& listed) const {
  std::vector<users::Candidate> candidates;
  std::vector<std::size_t> origin;
  for (std::size_t i = 0; i < listed.size(); ++i) {
    if (listed[i].restricted) continue;
    candidates.push_back(
        {listed[i].device, listed[i].partition, listed[i].registered, listed[i].ip_communicator});
    origin.push_back(i);
  }
  const auto choice = users::choose(*known.user, known.line, candidates, settings_.choice);
  if (const auto* none = std::get_if<users::NotChosen>(&choice)) return not_chosen(*none);
  const auto& chosen = std::get<users::Chosen>(choice);
  return Placed{listed[origin[chosen.index]], chosen.rule};
}

Refusal Reception::no_link() {
  return {503, 50011, "no CTI link", "no CTI Manager is in service"};
}
// Not 503: that would turn OCS away from this address for all users.
Refusal Reception::too_many_of_user(std::string_view user, std::size_t most) {
  return {403, 50013, "sessions of one user",
          text("user ", user, " has " + std::to_string(most) + " sessions here already")};
}
Refusal Reception::no_room() {
  return {503, 50012, "node full", "this node takes no more sessions"};
}
Refusal Reception::stopping() {
  return {503, 50014, "node stopping", "this node stops"};
}
Refusal Reception::draining() {
  return {503, 50015, "node draining", "this node takes no new sessions"};
}

}  // namespace linebridge::session
