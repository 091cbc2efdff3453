#include <map>

#include <gtest/gtest.h>

#include "base/text.hpp"
#include "tests/simulators/cucm/cluster.hpp"
#include "tests/simulators/cucm/cluster_file.hpp"
#include "tests/unit/simulators/cucm/conversation.hpp"
#include "tests/unit/simulators/cucm/recorder.hpp"
#include "tests/unit/support/files.hpp"
#include "tests/unit/support/kept_log.hpp"

namespace linebridge::sim::cucm {
namespace {

constexpr std::uint32_t older = 0x00100000, newer = 0x00110000;

/// Always the same bytes, so that the nonce of a log-in is the one that the files are written for.
void count_up(std::span<std::uint8_t> out) {
  std::uint8_t next = 0;
  for (std::uint8_t& byte : out)
    byte = next++;
}

const LoginKey& written_key() {
  static const LoginKey key =
      LoginKey::read(test::data("cti/login-key.pem"), test::data("cti/login-certificate.pem"));
  return key;
}

ClusterSpec written_cluster() {
  const auto parsed = parse_cluster(test::data("cti/cluster.toml"));
  if (const auto* problems = std::get_if<Problems>(&parsed)) throw BadConversation(problems->front());
  return std::get<ClusterSpec>(parsed);
}

std::string hex(std::string_view bytes) {
  return to_hex({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

/// The first frame of a stream, by the three sizes of its head.
std::string first_frame(std::string_view stream) {
  std::size_t size = 0;
  for (std::size_t at = 20; at < 32 && stream.size() >= 32; at += 4) {
    for (std::size_t byte = 0; byte < 4; ++byte)
      size += static_cast<std::size_t>(static_cast<std::uint8_t>(stream[at + byte])) << (8 * byte);
  }
  return std::string(size < 32 ? stream : stream.substr(0, size));
}

class Talk {
public:
  explicit Talk(std::uint32_t version)
      : version_(version),
        spec_(written_cluster()),
        random_(count_up),
        cluster_(spec_, written_key(), random_, log_, now_) {
    for (std::size_t manager = 0; manager < spec_.managers.size(); ++manager)
      cluster_.bound(manager, {"127.0.0.1", static_cast<std::uint16_t>(manager + 1)});
  }

  /// Stops at the first step that goes wrong.
  void run(const std::vector<Step>& steps) {
    speak({1, "cti1"});
    for (const Step& step : steps) {
      file_ = &step;
      std::visit([this](const auto& what) { act(what); }, step.what);
      if (testing::Test::HasFailure()) return;
    }
    nothing_left("at the end");
  }

private:
  std::string where() const {
    return "conversations/" + file_->file + ":" + std::to_string(file_->line) + ": ";
  }

  void feed(const Cluster::Input& input) { cluster_.on(input, now_, wires_); }

  void speak(const Speaks& what) {
    const auto [at, fresh] =
        peers_.try_emplace(what.connection, PeerId{static_cast<std::uint64_t>(what.connection)});
    peer_ = at->second;
    if (!fresh) return;
    Origin origin;
    origin.listener = Listener::cti;
    for (const Cluster::Manager& manager : cluster_.managers()) {
      if (manager.spec.name == what.manager) origin.local = manager.address;
    }
    feed(Opened{peer_, origin});
  }

  void nothing_left(std::string_view when) {
    for (auto& [number, peer] : peers_) {
      if (wires_.sent[peer].empty()) continue;
      ADD_FAILURE() << where() << when << ", unasked on connection " << number << ": "
                    << hex(first_frame(wires_.sent[peer]));
      return;
    }
  }

  void act(const Sends& what) {
    nothing_left("before this");
    held_ += what.frame.in_version(version_);
    if (what.held) return;
    const std::string bytes = std::exchange(held_, {});
    if (!what.single) return feed(Bytes{peer_, bytes});
    for (const char byte : bytes)
      feed(Bytes{peer_, std::string_view(&byte, 1)});
  }

  void act(const Expects& what) {
    std::string& stream = wires_.sent[peer_];
    const std::string came = first_frame(stream);
    stream.erase(0, came.size());
    if (came.empty()) {
      ADD_FAILURE() << where() << "nothing came, wanted " << what.frame.title;
    } else if (const std::string wrong = compare(what.frame, came, version_); !wrong.empty()) {
      ADD_FAILURE() << where() << what.frame.title << "\n" << wrong << "came " << hex(came);
    }
  }

  void act(const Orders& what) {
    nothing_left("before this");
    Origin origin;
    origin.listener = Listener::control;
    feed(Opened{console, origin});
    feed(Bytes{console, what.command + "\n"});
    const std::string answer = std::exchange(wires_.sent[console], {});
    EXPECT_TRUE(answer.starts_with("ok ")) << where() << answer;
    feed(Closed{console, Gone::by_peer});
  }

  void act(const Passes& what) {
    nothing_left("before this");
    const TimePoint end = now_ + what.time;
    for (auto next = cluster_.next_deadline(); next && *next <= end; next = cluster_.next_deadline()) {
      now_ = std::max(now_, *next);
      feed(Tick{});
    }
    now_ = end;
  }

  void act(const Speaks& what) { speak(what); }

  void act(const ExpectsEnd&) {
    EXPECT_EQ(wires_.closed.count(peer_), 1u) << where() << "the connection is still there";
  }

  void act(const HangsUp&) {
    nothing_left("before this");
    feed(Closed{peer_, Gone::by_peer});
  }

  static constexpr PeerId console{1000};

  std::uint32_t version_;
  ClusterSpec spec_;
  Random random_;
  test::KeptLog log_;
  Recorder wires_;
  TimePoint now_{};
  Cluster cluster_;
  std::map<int, PeerId> peers_;
  PeerId peer_;
  std::string held_;
  const Step* file_ = nullptr;
};

class CucmConversation : public testing::TestWithParam<std::tuple<std::string, std::uint32_t>> {};

TEST_P(CucmConversation, RunsAsWritten) {
  Talk(std::get<1>(GetParam())).run(read_conversation(std::get<0>(GetParam())));
}

INSTANTIATE_TEST_SUITE_P(Files, CucmConversation,
                         testing::Combine(testing::ValuesIn(conversation_names()),
                                          testing::Values(older, newer)),
                         [](const auto& which) {
                           std::string name = std::get<0>(which.param);
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name + (std::get<1>(which.param) == older ? "_0x00100000" : "_0x00110000");
                         });

WrittenFrame written(std::vector<std::int16_t> bytes, std::vector<WrittenFrame::Mark> marks,
                     bool any_rest = false) {
  return {1, "0 Test", std::move(bytes), std::move(marks), any_rest};
}

TEST(CucmConversations, NameTheFieldOfAByteThatDiffers) {
  const WrittenFrame frame = written({1, 2, 3, 4}, {{0, "first 1", 7}, {2, "second 3", 8}});
  EXPECT_EQ(compare(frame, {"\1\2\3\4", 4}, older), "");
  EXPECT_EQ(compare(frame, {"\1\2\3\5", 4}, older), "  byte 3, line 8, wanted second 3: came 0305\n");
}

TEST(CucmConversations, NoticeABytesTooFewOrTooMany) {
  const WrittenFrame frame = written({1, 2}, {{0, "first 1", 7}});
  EXPECT_NE(compare(frame, {"\1", 1}, older), "");
  EXPECT_NE(compare(frame, {"\1\2\3", 3}, older), "");
}

TEST(CucmConversations, LetBytesDifferOnlyWhereTheyMay) {
  const WrittenFrame frame = written({1, WrittenFrame::any}, {{0, "first 1", 7}, {2, "words", 8}}, true);
  EXPECT_EQ(compare(frame, {"\1\7words", 7}, older), "");
  EXPECT_NE(compare(frame, {"\2\7words", 7}, older), "");
}

}  // namespace
}  // namespace linebridge::sim::cucm
