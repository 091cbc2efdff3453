#include "tests/simulators/cucm/console_admin.hpp"

#include <map>
#include <vector>

#include "tests/simulators/cucm/cluster.hpp"
#include "tests/simulators/cucm/console_users.hpp"
#include "tests/simulators/cucm/models.hpp"

namespace linebridge::sim::cucm {
namespace {

using Words = std::span<const std::string>;

Reply done() {
  return {true, "done"};
}
Reply wrong(std::string text) {
  return {false, std::move(text)};
}
Reply no_phone(const std::string& name) {
  return wrong("no such phone: " + name);
}
std::string word(Words words, std::size_t at) {
  return at < words.size() ? words[at] : std::string();
}

/// The phones of that name, or of names that begin so if it ends in '*'.
std::vector<PhoneId> phones_named(const Exchange& exchange, std::string_view pattern) {
  std::vector<PhoneId> found;
  for (PhoneId phone = 0; phone < exchange.phones().size(); ++phone) {
    const Phone& one = exchange.phones()[phone];
    if (!one.deleted && matches(pattern, one.spec.name)) found.push_back(phone);
  }
  return found;
}

Reply do_register(Cluster& cluster, Words words) {
  const auto phones = phones_named(cluster.exchange(), words[1]);
  for (const PhoneId phone : phones)
    cluster.exchange().set_registered(phone, true);
  return phones.empty() ? no_phone(words[1]) : done();
}

struct Leaving {
  OutOfService out;
  RegistrationReason reason;
};

Reply do_unregister(Cluster& cluster, Words words) {
  static const std::map<std::string, Leaving, std::less<>> reasons = {
      {"", {OutOfService::unregistered, RegistrationReason::unknown}},
      {"off", {OutOfService::unregistered, RegistrationReason::unknown}},
      {"failure", {OutOfService::device_failure, RegistrationReason::unknown}},
      {"node", {OutOfService::call_manager_failure, RegistrationReason::unknown}},
      {"no-node", {OutOfService::no_call_manager, RegistrationReason::unknown}},
      {"rehome", {OutOfService::rehome, RegistrationReason::unknown}},
      {"power-save", {OutOfService::power_save, RegistrationReason::power_save}}};
  const auto why = reasons.find(word(words, 2));
  if (why == reasons.end()) return wrong("say off, failure, node, no-node, rehome or power-save");
  Exchange& exchange = cluster.exchange();
  const auto phones = phones_named(exchange, words[1]);
  for (const PhoneId phone : phones) {
    if (why->second.out == OutOfService::rehome && !exchange.phones()[phone].legs.empty()) {
      return wrong("a phone moves to another node when it has no calls: " + exchange.phones()[phone].spec.name);
    }
  }
  for (const PhoneId phone : phones)
    exchange.set_registered(phone, false, why->second.out, why->second.reason);
  return phones.empty() ? no_phone(words[1]) : done();
}

Reply do_reset(Cluster& cluster, Words words) {
  const auto phones = phones_named(cluster.exchange(), words[1]);
  for (const PhoneId phone : phones) {
    cluster.exchange().set_registered(phone, false, OutOfService::unregistered, RegistrationReason::reset);
    cluster.exchange().set_registered(phone, true, OutOfService::unregistered, RegistrationReason::reset);
  }
  return phones.empty() ? no_phone(words[1]) : done();
}

/// restrict|permit PHONE [NUMBER [PARTITION]]
Reply set_restricted(Cluster& cluster, Words words, bool on) {
  Exchange& exchange = cluster.exchange();
  const auto phone = exchange.phone(words[1]);
  if (!phone) return no_phone(words[1]);
  if (words.size() == 2) {
    exchange.set_restricted(*phone, on);
    return done();
  }
  const auto line = exchange.line(*phone, words[2], word(words, 3));
  if (!line) return wrong("no such line on it: " + words[2]);
  exchange.set_line_restricted(*line, on);
  return done();
}

/// phone add NAME MODEL NUMBER[/PARTITION]... | phone delete NAME
Reply do_phone(Cluster& cluster, Words words) {
  Exchange& exchange = cluster.exchange();
  if (words[1] == "delete" && words.size() == 3) {
    const auto phone = exchange.phone(words[2]);
    if (!phone) return no_phone(words[2]);
    exchange.delete_phone(*phone);
    return done();
  }
  if (words[1] != "add" || words.size() < 5) {
    return wrong("say phone add NAME MODEL NUMBER[/PARTITION]..., or phone delete NAME");
  }
  const PhoneModel* model = find_model(words[3]);
  if (!model) return wrong("not a known model: " + words[3]);
  PhoneSpec spec;
  spec.name = words[2];
  spec.model = model->name;
  spec.type = model->type;
  spec.protocol = model->protocol;
  spec.registered = !is_application_device(model->type);
  for (const std::string& line : words.subspan(4)) {
    LineSpec one;
    const std::size_t slash = line.find('/');
    one.number = line.substr(0, slash);
    if (slash != std::string::npos) one.partition = line.substr(slash + 1);
    spec.lines.push_back(one);
  }
  return exchange.add_phone(spec) ? done() : wrong("there is a phone of that name: " + words[2]);
}

/// line add|remove PHONE NUMBER [PARTITION]
Reply do_line(Cluster& cluster, Words words) {
  Exchange& exchange = cluster.exchange();
  const auto phone = exchange.phone(words[2]);
  if (!phone) return no_phone(words[2]);
  if (words[1] == "add") {
    LineSpec spec;
    spec.number = words[3];
    spec.partition = word(words, 4);
    return exchange.add_line(*phone, spec) ? done() : wrong("the phone has it: " + words[3]);
  }
  if (words[1] != "remove") return wrong("say line add or line remove");
  const auto line = exchange.line(*phone, words[3], word(words, 4));
  if (!line) return wrong("no such line on it: " + words[3]);
  exchange.remove_line(*line);
  return done();
}

Reply log_in(Cluster& cluster, PhoneId phone, const std::string& name) {
  Exchange& exchange = cluster.exchange();
  const ProfileSpec* profile = cluster.directory().profile(name);
  if (!profile) return wrong("no such profile: " + name);
  const Phone& at = exchange.phones()[phone];
  if (!at.spec.extension_mobility) return wrong("nobody can log in there: " + at.spec.name);
  if (!at.profile.empty()) return wrong("log out " + at.profile + " first");
  for (const Phone& other : exchange.phones()) {
    if (other.profile == name) return wrong("is logged in at " + other.spec.name);
  }
  exchange.log_in(phone, *profile);
  return done();
}

/// em login PHONE PROFILE | em logout PHONE
Reply do_em(Cluster& cluster, Words words) {
  Exchange& exchange = cluster.exchange();
  const auto phone = exchange.phone(words[2]);
  if (!phone) return no_phone(words[2]);
  if (words[1] == "login" && words.size() == 4) return log_in(cluster, *phone, words[3]);
  if (words[1] != "logout" || words.size() != 3) return wrong("say em login PHONE PROFILE, or em logout PHONE");
  if (exchange.phones()[*phone].profile.empty()) return wrong("nobody is logged in there");
  exchange.log_out(*phone);
  return done();
}

Reply do_dnd_option(Cluster& cluster, Words words) {
  static const std::map<std::string, DndOption, std::less<>> options = {
      {"none", DndOption::none},
      {"ringer_off", DndOption::ringer_off},
      {"call_reject", DndOption::call_reject}};
  const auto phone = cluster.exchange().phone(words[1]);
  if (!phone) return no_phone(words[1]);
  const auto option = options.find(words[2]);
  if (option == options.end()) return wrong("say none, ringer_off or call_reject");
  cluster.exchange().set_dnd_option(*phone, option->second);
  return done();
}

}  // namespace

const std::map<std::string_view, AdminCommand>& admin_commands() {
  constexpr std::size_t many = 100;
  static const std::map<std::string_view, AdminCommand> table = {
      {"register", {2, 2, do_register}},
      {"unregister", {2, 3, do_unregister}},
      {"reset", {2, 2, do_reset}},
      {"restrict", {2, 4, [](Cluster& c, Words words) { return set_restricted(c, words, true); }}},
      {"permit", {2, 4, [](Cluster& c, Words words) { return set_restricted(c, words, false); }}},
      {"phone", {3, many, do_phone}},
      {"line", {4, 5, do_line}},
      {"em", {3, 4, do_em}},
      {"dnd-option", {3, 3, do_dnd_option}},
      {"users", {1, 1, [](Cluster& c, Words) { return Reply{true, show_users(c)}; }}},
      {"user", {3, many, user_command}},
      {"directory", {2, 2, directory_command}},
  };
  return table;
}

std::string_view admin_help() {
  return "  register PHONE              the phone comes back; PHONE* takes all whose names begin so\n"
         "  unregister PHONE [REASON]   the phone is gone, with its calls: off, failure, node (its node "
         "failed),\n"
         "                              no-node (no node to go to), rehome (to a better node), power-save\n"
         "  reset PHONE                 the phone restarts\n"
         "  restrict PHONE [NUMBER [PARTITION]]\n"
         "                              the phone, or one line of it, may not be controlled any more\n"
         "  permit PHONE [NUMBER [PARTITION]]\n"
         "                              it may again\n"
         "  phone add NAME MODEL NUMBER[/PARTITION]...\n"
         "                              a new phone; MODEL as 7965 or CIPC\n"
         "  phone delete NAME           removes it from the cluster\n"
         "  line add PHONE NUMBER [PARTITION]\n"
         "                              a line on the phone's next button\n"
         "  line remove PHONE NUMBER [PARTITION]\n"
         "                              takes it off, with its calls\n"
         "  em login PHONE PROFILE      Extension Mobility: a user comes to the phone with his lines\n"
         "  em logout PHONE             he goes; the phone's own lines are back\n"
         "  dnd-option PHONE OPTION     none, ringer_off or call_reject\n"
         "  users                       users with their devices and connections, as JSON\n"
         "  user NAME add PASSWORD [DEVICE]...\n"
         "                              a new user\n"
         "  user NAME delete            removes him; his connections are closed\n"
         "  user NAME give DEVICE       one more device in his list\n"
         "  user NAME take DEVICE       one less\n"
         "  user NAME account STATE     good, locked, expired, expired_for_good or disabled\n"
         "  user NAME password WORD     from the next log-in on\n"
         "  user NAME expires DAYS      days until the password expires; never: it does not\n"
         "  user NAME cti on|off        whether he may use CTI at all\n"
         "  user NAME all on|off        whether he may acquire any device\n"
         "  directory up|down|slow      where log-ins are checked; slow: they time out\n";
}

}  // namespace linebridge::sim::cucm
