#include "tests/load/node_in_memory.hpp"

#include <algorithm>
#include <utility>

namespace linebridge::test {
namespace {

using namespace std::chrono_literals;

sim::cucm::ClusterSpec site() {
  sim::cucm::ClusterSpec spec;
  spec.managers.push_back({"cti1", {"cti1", 2748}});
  spec.users.push_back({"linebridge", "secret", {"SEP*"}});
  for (const auto* number : {"1001", "1002", "1003"}) {
    sim::cucm::PhoneSpec phone;
    phone.name = std::string("SEP00000000") + number;
    phone.lines.push_back({number, "", std::string("Phone ") + number});
    spec.phones.push_back(phone);
  }
  spec.outside.push_back({"+1555*", "Outside"});
  return spec;
}

core::Gateway::Settings settings() {
  core::Gateway::Settings made;
  made.reception = {true, {"gw.example.test"}, {Network::parse("192.0.2.0/24").value()}, {}, "dialstring"};
  made.cti.managers.push_back({"cti1", 2748});
  made.cti.user = "linebridge";
  made.cti.password = "secret";
  made.trace_bytes = 256 * 1024;  // Full long before the first look at the memory.
  return made;
}

std::shared_ptr<const users::Directory> directory() {
  const auto line = [](const char* uri) { return numbers::parse_line_uri(uri).value(); };
  return std::make_shared<const users::Directory>(std::vector<users::User>{
      {"sip:alice@example.test", true, line("tel:1001;phone-context=dialstring"), {}},
      {"sip:bob@example.test", true, line("tel:1002;phone-context=dialstring"), {}},
      {"sip:carol@example.test", false, line("tel:1003;phone-context=dialstring"), {}}});
}

}  // namespace

NodeInMemory::NodeInMemory()
    : spec_(site()),
      exchange_(spec_),
      key_(sim::cucm::LoginKey::make()),
      traffic_(1000),
      random_(repeatable(42)),
      sim_random_(repeatable(43)),
      shared_{spec_, exchange_, key_, sim_random_, traffic_, quiet_},
      node_(std::make_unique<core::Gateway>(settings(), directory(), random_, counters_, log_)) {}
NodeInMemory::~NodeInMemory() = default;

bool NodeInMemory::start() {
  node_->start(now_, *this);
  settle();
  wait(2s);
  return provider_ && provider_->devices_open() == 0 && link_;
}

PeerId NodeInMemory::open(std::string_view sender) {
  const PeerId peer{++last_peer_};
  peers_.emplace(peer, Peer{});
  give(Opened{peer, {Listener::sip, {"192.0.2.5", 5060}, {std::string(sender), 40000}, "", std::nullopt}});
  return peer;
}

void NodeInMemory::say(PeerId peer, std::string_view bytes) {
  give(Bytes{peer, bytes});
}

std::string NodeInMemory::heard(PeerId peer) {
  if (peer == last_closed_) return std::exchange(last_words_, {});
  const auto found = peers_.find(peer);
  return found == peers_.end() ? std::string() : std::exchange(found->second.text, {});
}

void NodeInMemory::leave(PeerId peer) {
  peers_.erase(peer);
  give(Closed{peer, Gone::by_peer});
}

void NodeInMemory::ring(std::string_view number) {
  exchange_.originate_outside("+15551234", std::string(number), now_);
  settle();
  for (const auto& [id, leg] : std::map(exchange_.legs().begin(), exchange_.legs().end()))
    if (leg.self.number == "+15551234") exchange_.disconnect(id);
  settle();
}

void NodeInMemory::wait(Duration by) {
  const TimePoint end = now_ + by;
  for (;;) {
    std::optional<TimePoint> next = node_->next_deadline();
    const auto sooner = [&](std::optional<TimePoint> at) {
      if (at && (!next || *at < *next)) next = at;
    };
    sooner(exchange_.next_deadline());
    if (provider_) sooner(provider_->next_deadline());
    if (!next || *next > end) break;
    now_ = std::max(now_, *next);
    exchange_.tick(now_);
    if (provider_) provider_->tick(now_);
    give(Tick{});
  }
  now_ = end;
}

std::string& NodeInMemory::to(PeerId peer) {
  const auto found = peers_.find(peer);
  if (found != peers_.end()) return found->second.text;
  nowhere_.clear();
  return nowhere_;
}

std::size_t NodeInMemory::queued(PeerId peer) const {
  const auto found = peers_.find(peer);
  return found == peers_.end() || !found->second.held ? 0 : found->second.text.size();
}

PeerId NodeInMemory::dial(const Target&) {
  dialled_.push_back({++last_peer_});
  return dialled_.back();
}

void NodeInMemory::close(PeerId peer, Flush) {
  closed_.push_back(peer);
}

void NodeInMemory::give(const core::Input& input) {
  node_->on(input, now_, *this);
  settle();
}

void NodeInMemory::settle() {
  for (bool worked = true; worked;) {
    worked = exchange_link();
    for (const PeerId peer : std::exchange(dialled_, {})) {
      worked = true;
      peers_.emplace(peer, Peer{});
      link_ = peer;
      provider_ = std::make_unique<sim::cucm::Provider>(shared_, "cti1", 1, now_);
      node_->on(Opened{peer, {}}, now_, *this);
    }
    for (const PeerId peer : std::exchange(closed_, {})) {
      worked = true;
      if (auto gone = peers_.extract(peer); !gone.empty()) {
        last_closed_ = peer;
        last_words_ = gone.mapped().held ? std::string() : std::move(gone.mapped().text);
      }
      node_->on(Closed{peer, Gone::by_us}, now_, *this);
    }
  }
}

void NodeInMemory::tell() {
  for (const auto& happening : exchange_.take_happenings())
    provider_->tell(happening, now_);
}

bool NodeInMemory::exchange_link() {
  if (!provider_) return false;
  tell();
  const std::string in = std::exchange(peers_.at(link_).text, {});
  if (!in.empty()) provider_->push(in, now_);
  while (!in.empty() && provider_->step(now_))
    tell();
  const std::string answer = provider_->take_output().bytes;
  if (!answer.empty()) node_->on(Bytes{link_, answer}, now_, *this);
  return !in.empty() || !answer.empty();
}

}  // namespace linebridge::test
