#include <gtest/gtest.h>

#include "tests/bench/counting_new.hpp"
#include "tests/bench/site.hpp"

/// How often the node asks for memory for one request, in steady state. A ceiling holds the figure: what raises
/// it wants a reason. libosip2 and Expat take theirs with malloc and are not counted.
namespace linebridge::bench {
namespace {

class Counting final : public Meter {
public:
  void begin() override { count_allocations(true); }
  void end() override { count_allocations(false); }
};

class AllocationsOfTheNode : public testing::Test {
protected:
  static constexpr std::size_t users = 20;

  AllocationsOfTheNode() : site({users, 2, 64 * 1024}, meter) {
    site.log.on = false;  // What a line costs is the log's.
    site.start();
    site.sign_in_all();
  }

  /// Allocations for one client, when each of them does `work`: after a first time, in which buffers grow.
  template <class Work>
  double each(Work work) {
    work();
    const auto before = allocations().count;
    for (int i = 0; i < 10; ++i) {
      work();
      site.advance(std::chrono::milliseconds(1));
    }
    return static_cast<double>(allocations().count - before) / (10 * users);
  }

  template <class Make>
  void send(Make make) {
    std::vector<Said> said;
    for (auto& client : site.clients)
      said.push_back({&client, client.info(make(client))});
    site.send(said);
  }

  Counting meter;
  Site site;
};

TEST_F(AllocationsOfTheNode, StayFewForARequestAnsweredAtOnce) {
  const double count = each([&] {
    send([](const Client&) { return Client::get_features(); });
    site.received([](Client&, std::string_view message) {
      EXPECT_NE(message.find("GetCSTAFeaturesResponse"), std::string_view::npos) << message;
    });
  });
  RecordProperty("allocations", std::to_string(count));
  EXPECT_LE(count, 8);
}

TEST_F(AllocationsOfTheNode, StayFewForARequestToTheSwitchWithTheEventsOfItsCall) {
  const double count = each([&] {
    send([](const Client& client) { return client.make_call("+15551234"); });
    site.pump();
    site.answer_events();
    for (const auto& client : site.clients)
      site.hang_up(client);
    site.pump();
    site.answer_events();
  });
  RecordProperty("allocations", std::to_string(count));
  EXPECT_LE(count, 60);
}

TEST_F(AllocationsOfTheNode, StayFewForARequestOfNoDialog) {
  Client stranger(users);
  const double count = each([&] {
    std::vector<Said> said;
    for (const auto& client : site.clients)
      said.push_back({&client, stranger.info(Client::get_features())});
    site.send(said);
    site.received([](Client&, std::string_view message) { EXPECT_TRUE(message.starts_with("SIP/2.0 481")); });
  });
  RecordProperty("allocations", std::to_string(count));
  EXPECT_LE(count, 8);
}

}  // namespace
}  // namespace linebridge::bench
