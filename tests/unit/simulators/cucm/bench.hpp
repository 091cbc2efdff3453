#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tests/simulators/cucm/cluster.hpp"
#include "tests/simulators/cucm/codec.hpp"
#include "tests/simulators/cucm/console.hpp"
#include "tests/unit/simulators/cucm/recorder.hpp"
#include "tests/unit/support/kept_log.hpp"

/// A cluster without sockets, and a small scripted client of it.
namespace linebridge::sim::cucm {

/// Four phones with lines 1001 to 1004, a fifth that shares 1001, a sixth with ten lines; users linebridge
/// (password "secret", phones one to five), nobody (may not use CTI), super (may acquire).
ClusterSpec small_cluster();

class Bench {
public:
  explicit Bench(ClusterSpec wanted = small_cluster());

  void feed(const Cluster::Input& input);
  void pass(Duration time);  ///< Moves the clock and ticks at every deadline on the way.
  Reply order(std::string_view command);
  std::int32_t next_peer() { return ++peers_; }

  ClusterSpec spec;
  test::KeptLog log;
  Recorder out;
  Random random;
  TimePoint now{};
  Cluster cluster;

private:
  std::int32_t peers_ = 0;
};

class Client {
public:
  explicit Client(Bench& bench, std::uint16_t port = 2001);

  /// Sends a request with the next seq and gives what came back to this client, events and all.
  std::vector<Message> ask(std::int32_t id, Fields fields = {});
  void send_raw(std::string_view bytes);
  std::string frame(std::int32_t id, Fields fields);  ///< With the next seq.
  /// What came since it was last asked.
  std::vector<Message> received();
  bool is_closed() const { return bench_.out.closed.count(peer) != 0; }
  void lose();  ///< The connection breaks.

  std::vector<Message> log_in(const std::string& user = "linebridge", const std::string& password = "secret");
  /// The same with fields of one's own; `given` is what came back to the first request.
  std::vector<Message> log_in_with(const Fields& given, const std::string& password, Fields fields);
  /// Opens the phone and its line with all filters but those of media and device states; the handle of the
  /// line.
  std::int32_t watch(const std::string& phone, const std::string& number, const std::string& partition = "");
  /// Makes a call as the client library does; what came back to the second request.
  std::vector<Message> make_call(std::int32_t line, const std::string& from, const std::string& to);
  Fields on_leg(std::int32_t line, std::int32_t leg) const;

  PeerId peer;
  std::int32_t seq = -1;  ///< Of the last request.
  std::uint32_t version = 0x00100000;

private:
  Bench& bench_;
  FrameReader reader_;
};

std::vector<std::int32_t> ids(const std::vector<Message>& messages);
/// The first of that id; an empty message and a failed test if there is none.
const Message& first(const std::vector<Message>& messages, std::int32_t id);
/// "48 dialtone", "281 dialing", "108": what happened to calls, in order.
std::vector<std::string> call_story(const std::vector<Message>& messages);
std::uint32_t code_of(const Message& message);
const LoginKey& bench_key();

}  // namespace linebridge::sim::cucm
