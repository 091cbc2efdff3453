#include "tests/bench/site.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace linebridge::bench {
namespace {

using namespace std::chrono_literals;

sim::cucm::ClusterSpec cluster(std::size_t phones) {
  sim::cucm::ClusterSpec spec;
  spec.managers.push_back({"cti1", {"cti1", 2748}});
  spec.users.push_back({"linebridge", "secret", {"SEP*"}});
  for (std::size_t i = 0; i < phones; ++i) {
    auto& phone = spec.phones.emplace_back();
    phone.name = phone_name(i);
    phone.lines.push_back({phone_number(i), "", "User " + std::to_string(i)});
  }
  spec.outside.push_back({"+1555*", "Outside"});
  return spec;
}

users::Directory directory(const std::vector<Client>& clients) {
  std::vector<users::User> users;
  for (const auto& client : clients)
    users.push_back({client.user(), true, numbers::parse_line_uri(client.line()).value(), {}});
  return users::Directory(std::move(users));
}

core::Gateway::Settings node_settings(std::size_t trace_bytes) {
  core::Gateway::Settings made;
  made.version = "bench";
  made.reception = {true, {"gw.example.test"}, {Network::parse("192.0.2.0/24").value()}, {}, "dialstring"};
  made.cti.managers.push_back({"cti1", 2748});
  made.cti.user = "linebridge";
  made.cti.password = "secret";
  made.trace_bytes = trace_bytes;
  return made;
}

}  // namespace

PeerId Wire::dial(const Target&) {
  dialled.push_back({links_from + dialled.size()});
  return dialled.back();
}

Site::Site(Settings settings, Meter& around)
    : meter(&around), settings_(settings), spec_(cluster(settings.users)), key_(sim::cucm::LoginKey::make()) {
  for (std::size_t i = 0; i < settings.users; ++i)
    clients.emplace_back(i);
  exchange_ = std::make_unique<sim::cucm::Exchange>(spec_);
  traffic_ = std::make_unique<sim::cucm::Traffic>(16);
  static NoLog quiet;
  shared_ = std::make_unique<sim::cucm::Shared>(
      sim::cucm::Shared{spec_, *exchange_, key_, sim_random_, *traffic_, quiet});
}
Site::~Site() = default;

void Site::metered(const core::Input& input) {
  meter->begin();
  on(input);
  meter->end();
}

void Site::start() {
  auto users = std::make_shared<const users::Directory>(directory(clients));
  meter->begin();
  node_ = std::make_unique<core::Gateway>(node_settings(settings_.trace_bytes), std::move(users), random_,
                                          counters, log);
  node_->start(now_, wire_);
  meter->end();
  for (std::size_t i = 0; i < settings_.connections; ++i)
    metered(Opened{{i + 1}, {Listener::sip, {"192.0.2.20", 5060}, {"192.0.2.10", 40000}, "", std::nullopt}});
  link_ = wire_.dialled.at(0);
  provider_ = std::make_unique<sim::cucm::Provider>(*shared_, spec_.managers[0].name, 1, now_);
  metered(Opened{link_, {}});
  pump();
}

PeerId Site::peer_of(const Client& client) const {
  return {1 + static_cast<std::size_t>(&client - clients.data()) % settings_.connections};
}

void Site::send(const std::vector<Said>& all) {
  meter->begin();
  for (const auto& [client, bytes] : all)
    on(Bytes{peer_of(*client), bytes});
  meter->end();
}

void Site::tell() {
  for (const auto& happening : exchange_->take_happenings())
    provider_->tell(happening, now_);
}

/// The switch handles what the node asked for; what it says is kept, one piece a request.
bool Site::let_switch_work() {
  const auto keep = [this] {
    tell();
    if (std::string said = provider_->take_output().bytes; !said.empty()) from_link_.push_back(std::move(said));
  };
  to_link_.swap(wire_.to(link_));
  wire_.to(link_).clear();
  provider_->push(to_link_, now_);
  keep();
  while (provider_->step(now_))
    keep();
  keep();
  return !from_link_.empty();
}

void Site::pump() {
  while (let_switch_work()) {
    meter->begin();
    for (const auto& piece : from_link_)
      on(Bytes{link_, piece});
    meter->end();
    from_link_.clear();
  }
}

void Site::received(const std::function<void(Client&, std::string_view)>& see) {
  for (std::size_t connection = 1; connection <= settings_.connections; ++connection) {
    std::string& out = wire_.to({connection});
    const std::string text = out;
    out.clear();
    for (std::string_view rest = text; !rest.empty();) {
      const std::string_view message = first_message(rest);
      if (message.empty()) throw std::runtime_error("the node wrote half a message: " + std::string(rest));
      rest.remove_prefix(message.size());
      const auto number = Client::number_in(header(message, "Call-ID"));
      see(clients.at(number.value() % clients.size()), message);
    }
  }
}

void Site::sign_in(std::span<Client> who) {
  std::vector<Said> said;
  for (const auto& client : who)
    said.push_back({&client, client.invite()});
  send(said);
  pump();
  received([](Client& client, std::string_view message) {
    if (!client.signed_in(message)) throw std::runtime_error("sign-in refused: " + std::string(message));
  });
  said.clear();
  for (const auto& client : who)
    said.push_back({&client, client.ack()});
  send(said);
  monitor(who);
}

void Site::sign_in_all() {
  constexpr std::size_t at_once = 50;
  for (std::size_t i = 0; i < clients.size(); i += at_once)
    sign_in(std::span(clients).subspan(i, std::min(at_once, clients.size() - i)));
}

void Site::monitor(std::span<Client> who) {
  std::vector<Said> said;
  for (auto& client : who)
    said.push_back({&client, client.info(client.monitor_start())});
  send(said);
  pump();
  received([](Client& client, std::string_view message) {
    client.set_monitor(std::string(element(message, "monitorCrossRefID")));
    if (client.monitor().empty()) throw std::runtime_error("no monitor: " + std::string(message));
  });
}

std::vector<Said> Site::oks() {
  std::vector<Said> out;
  received([&](Client& client, std::string_view message) {
    if (message.starts_with("INFO ")) out.push_back({&client, Client::ok(message)});
  });
  return out;
}

void Site::answer_events() {
  for (std::vector<Said> answers = oks(); !answers.empty(); answers = oks())
    send(answers);
}

void Site::hang_up(const Client& client) {
  const auto phone = exchange_->phone(phone_name(Client::number_in(client.call_id()).value()));
  const auto& legs = exchange_->phones()[phone.value()].legs;
  if (!legs.empty()) exchange_->disconnect(legs.front());
  tell();
}

void Site::ring(const Client& client) {
  exchange_->originate_outside("+15550000", client.number(), now_);
  tell();
}

void Site::advance(Duration by) {
  now_ += by;
  if (const auto at = node_->next_deadline(); at && *at <= now_) metered(Tick{});
  if (const auto at = provider_->next_deadline(); at && *at <= now_) provider_->tick(now_);
}

}  // namespace linebridge::bench
