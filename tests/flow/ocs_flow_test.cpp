#include <array>

#include "tests/flow/world.hpp"
#include "tests/simulators/ocs/office.hpp"

namespace linebridge::test {
namespace {

using namespace std::chrono_literals;
namespace ocs = sim::ocs;
using ocs::Client;
using ocs::Flavour;
using ocs::Service;

constexpr std::array<Flavour, 3> flavours = {Flavour::lcs2005, Flavour::ocs2007, Flavour::ocs2007r2};

class OfficeOutbox final : public Outbox {
public:
  std::string& to(PeerId peer) override { return sent[peer]; }
  std::size_t queued(PeerId) const override { return 0; }
  PeerId dial(const Target&) override { return {++dialled}; }
  void close(PeerId, Flush) override {}
  void read(PeerId, bool) override {}

  std::map<PeerId, std::string> sent;
  std::uint64_t dialled = 0;
};

class Notes final : public ocs::Witness {
public:
  void passed(std::string_view, std::string_view, std::string_view) override {}
  void noted(std::string_view what) override { notes.emplace_back(what); }
  bool listens() const override { return false; }
  std::vector<std::string> notes;
};

/// The machine of linebridge-sim-ocs with Alice and Bob before a real node and simulated CTI Managers, in
/// memory.
class Site {
public:
  explicit Site(Flavour flavour) : office_(settings(flavour), {"192.0.2.10", 5060}, witness_, random_) {
    world.start();
    for (const auto* number : {"1", "2"}) {
      ocs::ClientSettings client;
      client.user = {number[0] == '1' ? "sip:alice@example.test" : "sip:bob@example.test",
                     std::string("tel:100") + number + ";phone-context=dialstring"};
      client.flavour = flavour;
      client.line_server = settings(flavour).site.line_server;
      client.at = {"198.51.100.7", static_cast<std::uint16_t>(30000 + office_.size())};
      office_.add(std::move(client));
    }
    office_.server().connect(world.now, out_);
    node_ = world.connect();
    office_.on(Opened{front_, {}}, world.now, out_);
  }

  const Client& alice() const { return office_.client(0); }
  const Client& bob() const { return office_.client(1); }

  void sign_in() {
    for (std::size_t i = 0; i < office_.size(); ++i)
      order(i, [](Client& client, TimePoint now) { return client.sign_in(now); });
    EXPECT_EQ(alice().state(), Client::State::signed_in);
    EXPECT_EQ(bob().state(), Client::State::signed_in);
  }
  void order(std::size_t client, const ocs::Office::Wish& wish) {
    EXPECT_TRUE(office_.order(client, wish, world.now, out_));
    carry();
  }
  void act(std::size_t client, Service service) {
    order(client, [service](Client& each, TimePoint now) { return each.act(service, {}, now); });
  }
  /// Lets time pass, a second at a time.
  void pass(Duration time) {
    for (const TimePoint end = world.now + time; world.now < end;) {
      world.advance(std::min<Duration>(1s, end - world.now));
      office_.on(Tick{}, world.now, out_);
      carry();
    }
  }
  std::vector<std::string> wrong() const {
    std::vector<std::string> all = witness_.notes;
    for (const Client* const client : {&alice(), &bob()})
      all.insert(all.end(), client->wrong().begin(), client->wrong().end());
    return all;
  }
  static std::string_view call(const Client& client) {
    return client.book().calls().empty() ? "none" : name_of(client.book().calls().back().state);
  }

  World world;

private:
  static ocs::Settings settings(Flavour flavour) {
    ocs::Settings settings;
    settings.site.flavour = flavour;
    settings.site.line_server = "sip:ctigw@gw.example.test";
    settings.next_hop = {"192.0.2.20", 5060};
    return settings;
  }
  /// Bytes both ways until nobody has anything to say.
  void carry() {
    for (;;) {
      const std::string there = std::exchange(out_.sent[front_], {});
      if (!there.empty()) world.send(node_, there);
      world.pump();
      const std::string back = world.received(node_);
      if (!back.empty()) office_.on(Bytes{front_, back}, world.now, out_);
      if (there.empty() && back.empty()) return;
    }
  }

  OfficeOutbox out_;
  Notes witness_;
  Random random_{repeatable(5)};
  ocs::Office office_;
  PeerId front_{1}, node_;
};

TEST(OcsFlow, EachFlavourFollowsACallFromBothEnds) {
  for (const auto flavour : flavours) {
    SCOPED_TRACE(facts(flavour).name);
    Site site(flavour);
    site.sign_in();
    site.order(0, [](Client& client, TimePoint now) { return client.make_call("1002", now); });
    EXPECT_EQ(Site::call(site.alice()), "delivered");
    EXPECT_EQ(Site::call(site.bob()), "alerting");
    site.act(1, Service::answer_call);
    EXPECT_EQ(Site::call(site.alice()), "connected");
    site.act(0, Service::hold_call);
    EXPECT_EQ(Site::call(site.alice()), "held");
    site.act(0, Service::retrieve_call);
    EXPECT_EQ(Site::call(site.alice()), "connected");
    site.act(1, Service::clear_connection);
    EXPECT_EQ(Site::call(site.alice()), "none");
    EXPECT_EQ(Site::call(site.bob()), "none");
    site.pass(11s);
    EXPECT_EQ(site.wrong(), std::vector<std::string>{});
    for (std::size_t i = 0; i < 2; ++i)
      site.order(i, [](Client& client, TimePoint now) { return client.sign_out(now); });
    EXPECT_TRUE(site.world.status().sessions.empty());
  }
}

TEST(OcsFlow, EachFlavourStaysForHoursByItsRefresh) {
  for (const auto flavour : flavours) {
    SCOPED_TRACE(facts(flavour).name);
    Site site(flavour);
    site.sign_in();
    site.pass(2h);
    EXPECT_EQ(site.alice().times_signed_in(), 1u);
    EXPECT_GE(site.alice().times_refreshed(), 7u);
    EXPECT_EQ(site.world.status().sessions.size(), 2u);
    EXPECT_EQ(site.wrong(), std::vector<std::string>{});
  }
}

TEST(OcsFlow, EachFlavourComesAgainByItselfWhenItsLinkIsLost) {
  for (const auto flavour : flavours) {
    SCOPED_TRACE(facts(flavour).name);
    Site site(flavour);
    site.sign_in();
    const std::string before = site.alice().call_id();
    site.world.refuse_connections(0, true);
    site.world.drop_link(0);
    site.pass(20min);
    EXPECT_EQ(site.alice().state(), Client::State::signed_in);
    EXPECT_EQ(site.alice().times_signed_in(), 2u) << "its refresh was refused";
    EXPECT_NE(site.alice().call_id(), before);
    EXPECT_EQ(site.bob().times_signed_in(), 1u) << "its session was on the other link";
    EXPECT_EQ(site.wrong(), std::vector<std::string>{});
  }
}

}  // namespace
}  // namespace linebridge::test
