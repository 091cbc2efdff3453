#include "show.hpp"

#include "json.hpp"

namespace linebridge::sim::ocs {
namespace {

void add_client(JsonLine& json, const Client& client) {
  const ClientSettings& settings = client.settings();
  const std::string tag = client.node_tag();
  json.open('{').member("user", settings.user.address).member("line", settings.user.line);
  json.member("flavour", facts(settings.flavour).name).member("state", name_of(client.state()));
  json.member("silent", settings.silent).member("call_id", client.node_tag().empty() ? "" : client.call_id());
  json.member("node", std::string_view(tag).substr(0, tag.find('-'))).member("node_tag", tag);
  json.member("monitor", client.book().monitor()).member("system_status", client.system_status());
  json.name("calls").open('[');
  for (const auto& call : client.book().calls())
    json.open('{')
        .member("call_id", call.id)
        .member("state", name_of(call.state))
        .member("other", call.other)
        .close('}');
  json.close(']').name("events").open('{');
  for (const auto& [name, count] : client.book().counts())
    json.member(name, count);
  json.close('}').member("refused", client.times_refused()).member("refusal", client.last_refusal());
  json.member("signed_in", client.times_signed_in()).member("refreshed", client.times_refreshed());
  json.member("errors", client.times_wrong()).name("last_errors").open('[');
  for (const auto& text : client.wrong())
    json.value(text);
  json.close(']').close('}');
}

void add_passed(JsonLine& json, const Passed& passed) {
  json.open('{').member("at_us", passed.at_us).member("user", passed.user).member("from", passed.from);
  json.member("to", passed.to).member("text", passed.text).member("detail", passed.detail);
  json.member("call_id", passed.call_id).close('}');
}

}  // namespace

std::string show_passed(const Passed& passed) {
  JsonLine json;
  add_passed(json, passed);
  return json.text();
}

std::string show_client(const Client& client) {
  JsonLine json;
  add_client(json, client);
  return json.text();
}

std::string show_clients(const Office& office, std::optional<std::size_t> only) {
  JsonLine json;
  json.open('[');
  for (std::size_t i = 0; i < office.size(); ++i)
    if (!only || *only == i) add_client(json, office.client(i));
  return json.close(']').text();
}

std::string show_log(const Office& office, std::size_t most, std::string_view user) {
  JsonLine json;
  json.open('[');
  std::size_t count = 0;
  for (const auto& each : office.log())
    count += user.empty() || each.user == user ? 1U : 0U;
  for (const auto& each : office.log()) {
    if (!user.empty() && each.user != user) continue;
    if (count-- > most) continue;
    add_passed(json, each);
  }
  return json.close(']').text();
}

}  // namespace linebridge::sim::ocs
