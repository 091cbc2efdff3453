#include "cli/front.hpp"

#include <cstring>
#include <sstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "cli/front_report.hpp"
#include "cli/runtime_socket.hpp"
#include "lb/haproxy/render.hpp"
#include "tests/unit/support/temporary.hpp"

namespace linebridge::cli {
namespace {

using namespace std::chrono_literals;
using config::Role;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

/// Takes connections on a Unix socket one after the other: a line, then the next of its answers; the last one
/// again and again.
class FakeHaproxy {
public:
  FakeHaproxy(const std::string& path, std::vector<std::string> answers) : answers_(std::move(answers)) {
    listener_ = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), path.size());
    EXPECT_EQ(::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(listener_, 8), 0);
    thread_ = std::thread([this] { serve(); });
  }
  ~FakeHaproxy() { end(); }

  /// The lines so far. Nothing is answered after that.
  const std::vector<std::string>& asked() {
    end();
    return asked_;
  }

private:
  void end() {
    if (!thread_.joinable()) return;
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  void serve() {
    for (int connection = 0; (connection = ::accept(listener_, nullptr, nullptr)) >= 0;) {
      std::array<char, 4096> buffer{};
      const auto size = ::read(connection, buffer.data(), buffer.size());
      asked_.emplace_back(buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
      const std::string& answer = answers_[std::min(asked_.size(), answers_.size()) - 1];
      EXPECT_GT(::send(connection, answer.data(), answer.size(), MSG_NOSIGNAL), 0);
      ::close(connection);
    }
  }

  std::vector<std::string> answers_;
  std::vector<std::string> asked_;
  int listener_ = -1;
  std::thread thread_;
};

std::string stat(std::string_view status, int dialogs, std::string_view other = "UP,100") {
  return "# pxname,svname,scur,stot,econ,status,weight,lastchg,check_status,agent_status,dcon,dses,dreq,\n"
         "front,FRONTEND,1,4,,OPEN,,,,,0,0,3,\n"
         "front-tls,FRONTEND,2,5,,OPEN,,,,,1,0,1,\n"
         "nodes,pub," +
         std::to_string(dialogs) + ",50,1," + std::string(status) + ",77,L7OK,L7OK,,,,\nnodes,sub,4,40,0," +
         std::string(other) + ",7200,L7OK,L7OK,,,,\n\n";
}

struct Ran {
  int code = 0;
  std::string out;
  std::string error;
};

class CliFront : public testing::Test {
protected:
  CliFront() { config_.front.run_directory = directory_.path(""); }
  std::string socket() const { return lb::haproxy::admin_socket(config_.front); }
  Ran show(bool json = false) const {
    std::ostringstream out, error;
    const int code = show_front({"", json}, config_, out, error);
    return {code, out.str(), error.str()};
  }
  Ran order(OrderFront::What what, std::chrono::seconds wait = 0s, bool json = false) const {
    std::ostringstream out, error;
    const int code = order_front({what, "", Role::publisher, wait, json}, config_, out, error);
    return {code, out.str(), error.str()};
  }

  test::TemporaryDirectory directory_;
  config::Config config_;
};

TEST_F(CliFront, ShowsWhatHaproxyThinksOfBothNodes) {
  FakeHaproxy haproxy(socket(), {stat("DRAIN,100", 3)});
  const auto shown = show();
  EXPECT_EQ(shown.code, 0);
  EXPECT_EQ(shown.out,
            "NODE        STATE              DIALOGS  PLACED  FAILED  HAPROXY  WEIGHT  CHECK  AGENT  SINCE\n"
            "publisher   drained here             3      50       1  DRAIN       100  L7OK   L7OK   1 min\n"
            "subscriber  takes new dialogs        4      40       0  UP          100  L7OK   L7OK   2 h 0 min\n"
            "\n"
            "CONNECTIONS    OPEN  TAKEN  CUT\n"
            "from OCS, TCP     1      4    3\n"
            "from OCS, TLS     2      5    2\n");
  EXPECT_THAT(haproxy.asked(), ElementsAre("show stat -1 5 -1\n"));
}

TEST_F(CliFront, ShowsTheSameAsJson) {
  const FakeHaproxy haproxy(socket(), {stat("UP,0", 3)});
  const auto json = nlohmann::json::parse(show(true).out);
  EXPECT_EQ(json["nodes"][0]["node"], "publisher");
  EXPECT_EQ(json["nodes"][0]["state"], "drained by itself");
  EXPECT_EQ(json["nodes"][0]["dialogs"], 3);
  EXPECT_EQ(json["nodes"][1]["state"], "takes new dialogs");
  EXPECT_EQ(json["listeners"][1]["cut"], 2);
}

TEST_F(CliFront, SaysWhatToLookAtWhenHaproxyIsSilent) {
  const auto shown = show();
  EXPECT_EQ(shown.code, 1);
  EXPECT_THAT(shown.error,
              StartsWith("no answer from HAProxy at " + socket() + ": No such file or directory; "));
  EXPECT_EQ(order(OrderFront::What::ready).code, 1);
}

TEST_F(CliFront, SaysHowManyDialogsADrainLeaves) {
  FakeHaproxy haproxy(socket(), {"\n", stat("DRAIN,100", 1)});
  const auto drained = order(OrderFront::What::drain);
  EXPECT_EQ(drained.code, 0);
  EXPECT_EQ(drained.out, "publisher: drained here, 1 dialog\n");
  EXPECT_THAT(drained.error, IsEmpty());
  EXPECT_THAT(haproxy.asked(), ElementsAre("set server nodes/pub state drain\n", "show stat -1 5 -1\n"));
}

TEST_F(CliFront, WaitsForTheLastDialogAndShowsHowFarItIs) {
  const FakeHaproxy haproxy(socket(), {"\n", stat("DRAIN,100", 2), stat("DRAIN,100", 1), stat("DRAIN,100", 0)});
  const auto drained = order(OrderFront::What::drain, 60s);
  EXPECT_EQ(drained.code, 0);
  EXPECT_EQ(drained.out,
            "publisher: drained here, 2 dialogs\npublisher: 1 dialog left\npublisher: 0 dialogs left\n");
}

TEST_F(CliFront, SaysWhatToDoWhenTheWaitWasTooShort) {
  const FakeHaproxy haproxy(socket(), {"\n", stat("DRAIN,100", 2)});
  const auto drained = order(OrderFront::What::drain, 1s, true);
  EXPECT_EQ(drained.code, 1);
  EXPECT_EQ(nlohmann::json::parse(drained.out)["dialogs"], 2);
  EXPECT_THAT(drained.error, StartsWith("publisher: 2 dialogs left after 1 s; wait longer, or"));
}

TEST_F(CliFront, WarnsWhoDrainsTheLastNode) {
  const FakeHaproxy haproxy(socket(), {"\n", stat("DRAIN,100", 0, "DOWN,100")});
  EXPECT_EQ(order(OrderFront::What::drain).error,
            "warning: subscriber (down) takes no new dialogs either: sign-ins are refused\n");
}

TEST_F(CliFront, PassesOnWhyHaproxyRefuses) {
  const FakeHaproxy haproxy(socket(), {"No such server.\n"});
  const auto refused = order(OrderFront::What::end);
  EXPECT_EQ(refused.code, 1);
  EXPECT_EQ(refused.error, "publisher: HAProxy: No such server.\n");
}

TEST_F(CliFront, TakesAnAnswerThatIsNoneForAnError) {
  const FakeHaproxy haproxy(socket(), {"Unknown command.\n"});
  const auto shown = show();
  EXPECT_EQ(shown.code, 1);
  EXPECT_THAT(shown.error, HasSubstr("show stat does not begin with its titles"));
}

TEST_F(CliFront, GivesUpOnAnAnswerWithoutEnd) {
  const FakeHaproxy haproxy(socket(), {std::string(2 * 1024 * 1024, 'x')});
  EXPECT_EQ(ask_haproxy(socket(), "show info\n", 30s).error().code, Errc::too_long);
}

TEST(CliFrontReport, TellsEveryStateOfANode) {
  const auto state = [](const std::string& status, std::uint64_t weight) {
    lb::haproxy::Server node;
    node.status = status;
    node.weight = weight;
    return state_of(node);
  };
  EXPECT_EQ(state("UP", 100), "takes new dialogs");
  EXPECT_EQ(state("UP 1/2", 100), "takes new dialogs");
  EXPECT_EQ(state("UP", 0), "drained by itself");
  EXPECT_EQ(state("DRAIN", 0), "drained by itself");
  EXPECT_EQ(state("DRAIN", 100), "drained here");
  EXPECT_EQ(state("DOWN (agent)", 100), "down");
  EXPECT_EQ(state("MAINT", 100), "in maintenance");
}

}  // namespace
}  // namespace linebridge::cli
