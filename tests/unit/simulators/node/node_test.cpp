#include "tests/simulators/node/node.hpp"

#include <map>
#include <string>

#include <gtest/gtest.h>

#include "tests/simulators/node/options.hpp"

namespace linebridge::sim::node {
namespace {

class Recording final : public Outbox {
public:
  std::string& to(PeerId peer) override { return sent[peer.value]; }
  std::size_t queued(PeerId) const override { return 0; }
  PeerId dial(const Target&) override { return {}; }
  void close(PeerId peer, Flush) override { closed.push_back(peer.value); }
  void read(PeerId, bool) override {}

  std::string take(std::uint64_t peer) { return std::exchange(sent[peer], {}); }

  std::map<std::uint64_t, std::string> sent;
  std::vector<std::uint64_t> closed;
};

class SimNode : public testing::Test {
protected:
  void leg(std::uint64_t peer, const std::string& key) {
    ProxyHeader header;
    header.destination = {"192.0.2.1", 5060};
    header.unique_id = key;
    node.on(Opened{{peer}, {Listener::sip, {}, {}, {}, header}}, out);
  }
  void open(std::uint64_t peer, Listener as) { node.on(Opened{{peer}, {as, {}, {}, {}, {}}}, out); }
  std::string say(std::uint64_t peer, const std::string& bytes) {
    node.on(Bytes{{peer}, bytes}, out);
    return out.take(peer);
  }
  static std::string request(const std::string& method, const std::string& call, const std::string& tag = {},
                             const std::string& body = {}) {
    return method +
           " sip:gw SIP/2.0\r\nv: SIP/2.0/TCP ocs;branch=z9\r\nRecord-Route: <sip:ocs;lr>\r\n"
           "f: <sip:alice@example.test>;tag=a\r\nTo: <sip:gw>" +
           (tag.empty() ? "" : ";tag=" + tag) + "\r\nCall-ID: " + call + "\r\nCSeq: 1 " + method +
           "\r\nContact: <sip:alice@192.0.2.7>\r\nl: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  }
  /// Signs in and gives the node's tag.
  std::string sign_in(std::uint64_t peer, const std::string& call) {
    leg(peer, call);
    const std::string answer = say(peer, request("INVITE", call));
    const auto at = answer.find(";tag=pub-");
    EXPECT_NE(at, std::string::npos) << answer;
    return answer.substr(at + 5, answer.find('\r', at) - at - 5);
  }

  Random random{repeatable(1)};
  Node node{{}, random};
  Recording out;
};

TEST_F(SimNode, SendsABodyBackInItsAnswerAndInARequestOfItsOwn) {
  const std::string tag = sign_in(1, "d");
  const std::string body = "x\r\n\r\nBYE sip:y SIP/2.0\r\n";
  const std::string text = say(1, request("INFO", "d", tag, body));
  const auto second = text.find("INFO sip:alice@192.0.2.7 SIP/2.0\r\n");
  ASSERT_NE(second, std::string::npos) << text;
  EXPECT_TRUE(text.starts_with("SIP/2.0 200 OK\r\n"));
  EXPECT_TRUE(text.substr(0, second).ends_with("\r\n\r\n" + body));
  EXPECT_TRUE(text.ends_with("\r\n\r\n" + body));
  EXPECT_NE(text.find("Route: <sip:ocs;lr>\r\nFrom: <sip:gw>;tag=" + tag, second), std::string::npos) << text;
  say(1,
      "SIP/2.0 200 OK\r\nVia: SIP/2.0/TCP x;branch=1\r\nFrom: <sip:gw>;tag=" + tag +
          "\r\nTo: <sip:alice@example.test>;tag=a\r\nCall-ID: d\r\nCSeq: 1 INFO\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(node.counts().answers, 1u);
  EXPECT_EQ(node.counts().wrong(), 0u);
}

TEST_F(SimNode, TakesAStreamInSingleBytes) {
  leg(1, "d");
  std::string answer;
  for (const char byte : "\r\n" + request("INVITE", "d") + request("OPTIONS", "d"))
    answer += say(1, std::string(1, byte));
  EXPECT_EQ(node.counts().invites, 1u);
  EXPECT_EQ(node.counts().checks, 1u);
  EXPECT_EQ(node.counts().wrong(), 0u) << answer;
}

TEST_F(SimNode, CountsWhatAFrontEndMustNotDo) {
  const std::string tag = sign_in(1, "d");
  EXPECT_TRUE(say(1, request("INFO", "d", "sub-1")).starts_with("SIP/2.0 481 "));
  EXPECT_EQ(node.counts().wrong_node, 1u);
  say(1, request("INFO", "other", tag));
  EXPECT_EQ(node.counts().wrong_leg, 1u);
  say(1, "SIP/2.0 200 OK\r\nVia: x\r\nFrom: <sip:gw>;tag=" + tag +
             "\r\nTo: <sip:a>;tag=a\r\nCall-ID: d\r\nCSeq: 9 INFO\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(node.counts().wrong_answer, 1u);
  say(1, request("INFO", "d", tag, "one"));
  say(1, "SIP/2.0 200 OK\r\nVia: x\r\nFrom: <sip:gw>;tag=" + tag +
             "\r\nTo: <sip:a>;tag=a\r\nCall-ID: d\r\nCSeq: 1 INFO\r\nContent-Length: 3\r\n\r\ntwo");
  EXPECT_EQ(node.counts().wrong_body, 1u);
  say(1, "garbage\r\n\r\n");
  EXPECT_EQ(node.counts().malformed, 1u);
  EXPECT_EQ(out.closed, std::vector<std::uint64_t>{1});
}

TEST_F(SimNode, AnswersCheckAgentAndConsole) {
  open(1, Listener::agent);
  EXPECT_EQ(out.take(1), "up 100%\n");
  open(2, Listener::control);
  EXPECT_EQ(say(2, "agent up 0%\nrefuse 50\n"), "ok done\nok done\n");
  EXPECT_TRUE(say(2, "refuse 101\n").starts_with("no "));
  open(3, Listener::agent);
  EXPECT_EQ(out.take(3), "up 0%\n");
  leg(4, "");
  for (int i = 0; i < 10; ++i)
    say(4, request("INVITE", std::to_string(i)));
  EXPECT_EQ(node.counts().refused, 5u);
  EXPECT_NE(say(2, "counters\n").find("\"refused\":5,"), std::string::npos);
}

TEST(SimNodeRefusal, IsForUsersByTheirAddress) {
  Random random(repeatable(1));
  Settings settings;
  settings.refused = "nobody";
  Node node(settings, random);
  Recording out;
  node.on(Opened{{1}, {Listener::sip, {}, {}, {}, {}}}, out);
  for (const std::string user : {"nobody7", "alice", "a-nobody"})
    node.on(Bytes{{1},
                  "INVITE sip:gw SIP/2.0\r\nVia: x\r\nFrom: <sip:" + user +
                      "@example.test>;tag=a\r\nTo: <sip:gw>\r\nCall-ID: " + user +
                      "\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n"},
            out);
  EXPECT_EQ(node.counts().refused, 1u);
  EXPECT_EQ(node.counts().accepted, 2u);
}

TEST_F(SimNode, ForgetsADialogWithItsBye) {
  const std::string tag = sign_in(1, "d");
  EXPECT_TRUE(say(1, request("BYE", "d", tag)).starts_with("SIP/2.0 200 "));
  EXPECT_EQ(node.dialogs(), 0u);
  EXPECT_TRUE(say(1, request("INFO", "d", tag)).starts_with("SIP/2.0 481 "));
}

TEST(SimNodeOptions, AreRead) {
  const std::vector<std::string_view> words = {"--listen",   "127.0.0.1:0", "--name", "sub",
                                               "--no-proxy", "--refuse",    "10"};
  const auto options = read_options(words);
  ASSERT_TRUE(options);
  EXPECT_EQ(options.value().listen.port, 0);
  EXPECT_EQ(options.value().node.name, "sub");
  EXPECT_FALSE(options.value().proxy);
  for (const std::vector<std::string_view>& wrong : {std::vector<std::string_view>{},
                                                     {"--listen"},
                                                     {"--listen", "x:1", "--refuse", "200"},
                                                     {"--what", "1"},
                                                     {"--listen", "x:1", "--name", "a b"},
                                                     {"--listen", "x:1", "--dialogs", "0"}})
    EXPECT_FALSE(read_options(wrong));
}

}  // namespace
}  // namespace linebridge::sim::node
