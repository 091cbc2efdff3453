#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <vector>

#include <unistd.h>

#include "tests/load/node_in_memory.hpp"
#include "tests/load/wrong_input.hpp"

/// linebridge-wrong-input: gives a node in memory wrong input of each kind by the hundred thousand, looks at
/// the memory that is resident after a tenth of it and at the end, and fails if it grew.
namespace linebridge::test {
namespace {

using namespace std::chrono_literals;

constexpr double allowed_growth = 1.0;  // MiB
constexpr std::size_t full_measure = 100000, short_measure = 10000;
constexpr std::string_view usage =
    "Usage: linebridge-wrong-input [--all] [PART OF A NAME]\n\n"
    "Gives a node wrong input of each kind: 10,000 messages, 1,000 of those that cost much, 100,000 of each\n"
    "with --all. Prints messages a second and the resident memory after a tenth of them and after all. Fails\n"
    "if it grew by more than 1 MiB, if an answer is not that of the table, or if another client is not served\n"
    "meanwhile.\n";

/// MiB of memory that are resident now.
double resident() {
  std::ifstream file("/proc/self/statm");
  long all = 0, pages = 0;
  file >> all >> pages;
  return static_cast<double>(pages * sysconf(_SC_PAGESIZE)) / (1024 * 1024);
}

/// The other client: signed in, with a monitor, asking now and then.
class Bystander {
public:
  explicit Bystander(NodeInMemory& node) : node_(node), peer_(node.open()) {}

  bool begin() {
    node_.say(peer_, text("INVITE", Scene::sign_in_body("tel:1002;phone-context=dialstring")));
    const std::string answer = node_.heard(peer_);
    const std::size_t tag =
        answer.find("To: ") == std::string::npos ? 0 : answer.find("tag=", answer.find("To: "));
    if (!answer.starts_with("SIP/2.0 200 ") || tag == 0) return false;
    tag_ = answer.substr(tag, answer.find("\r\n", tag) - tag);
    return ask(
        "<MonitorStart><monitorObject><deviceObject>tel:1002;phone-context=dialstring</deviceObject>"
        "</monitorObject></MonitorStart>");
  }
  /// A refresh and a request are answered, and events come.
  bool is_served() {
    node_.say(peer_, text("UPDATE", ""));
    if (!node_.heard(peer_).starts_with("SIP/2.0 200 ") || !ask("<GetCSTAFeatures/>")) return false;
    node_.ring("1002");
    for (int events = 0;;) {
      const std::string heard = node_.heard(peer_);
      if (!heard.starts_with("INFO ")) return events == 2;
      answer(heard);
      ++events;
    }
  }

private:
  bool ask(std::string_view element) {
    node_.say(peer_, text("INFO", csta_body(element)));
    return node_.heard(peer_).starts_with("SIP/2.0 200 ");
  }
  std::string text(std::string_view method, std::string_view body) {
    Draft draft;
    draft.method = method;
    draft.via = "Via: SIP/2.0/TCP 192.0.2.10:5060;branch=z9hG4bKb" + std::to_string(++cseq_) + "\r\n";
    draft.from = "From: <sip:bob@example.test>;tag=bob1;epid=b0\r\n";
    draft.to = "To: <sip:ctigw@gw.example.test>" + (tag_.empty() ? "" : ";" + tag_) + "\r\n";
    draft.call_id = "Call-ID: callid-of-bob\r\n";
    draft.cseq = "CSeq: " + std::to_string(cseq_) + " " + draft.method + "\r\n";
    draft.more += "Contact: <sip:bob@example.test>\r\nSupported: timer\r\n";
    if (!body.empty()) draft.more += "Content-Type: application/csta+xml\r\n";
    return draft.text(body);
  }
  void answer(const std::string& request) {
    std::string lines;
    for (const auto* name : {"\r\nVia: ", "\r\nFrom: ", "\r\nTo: ", "\r\nCall-ID: ", "\r\nCSeq: "}) {
      const std::size_t at = request.find(name);
      lines += request.substr(at, request.find("\r\n", at + 2) - at);
    }
    node_.say(peer_, "SIP/2.0 200 OK" + lines + "\r\nContent-Length: 0\r\n\r\n");
  }

  NodeInMemory& node_;
  PeerId peer_;
  std::string tag_;
  int cseq_ = 0;
};

struct Figures {
  double per_second = 0, after_tenth = 0, after_all = 0;
  std::string wrong;  ///< What went wrong, empty if nothing did.
};

Figures run(const WrongInput& kind, Scene& scene, NodeInMemory& node, Bystander& bob, std::size_t messages) {
  Figures out;
  const std::size_t share = messages < full_measure ? kind.share : 1;
  const std::size_t rounds = std::max<std::size_t>(10, messages / kind.messages / share), tenth = rounds / 10;
  // What the node keeps for a while (32 s at most) is there at the first look as it is at the last.
  const Duration step = std::chrono::duration_cast<Duration>(64s) / static_cast<int>(tenth);
  const auto began = std::chrono::steady_clock::now();
  for (std::size_t i = 1; i <= rounds && out.wrong.empty(); ++i) {
    if (const std::string answer = kind.give(scene); answer != kind.answer)
      out.wrong = "answered \"" + answer + "\", not \"" + std::string(kind.answer) + "\"";
    node.wait(step);
    if (i % tenth != 0) continue;
    if (!bob.is_served() || !scene.refresh()) out.wrong = "the other client was not served";
    if (i == tenth) out.after_tenth = resident();
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  out.after_all = resident();
  out.per_second = static_cast<double>(rounds * kind.messages) / took.count();
  if (out.wrong.empty() && out.after_all - out.after_tenth > allowed_growth) out.wrong = "memory grew";
  return out;
}

int run_all(std::size_t messages, std::string_view wanted) {
  NodeInMemory node;
  Scene scene(node);
  Bystander bob(node);
  if (!node.start() || !bob.begin() || !scene.begin()) {
    std::fputs("linebridge-wrong-input: the node takes nobody\n", stderr);
    return 1;
  }
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  // What a node needs once (its trace, its buffers) is there before the first look.
  for (int i = 0; i < 3000; ++i)
    scene.csta("<GetCSTAFeatures/>");
  std::printf("%-52s %12s %10s %10s %7s\n", "kind", "messages/s", "MiB 10 %", "MiB 100 %", "MiB +");
  int failed = 0;
  std::size_t kinds = 0;
  for (const auto theme : {wrong_framing(), wrong_limits(), wrong_heads(), wrong_bodies(), wrong_csta(),
                           wrong_dialogs(), wrong_floods(), wrong_peers()})
    for (const auto& kind : theme) {
      if (kind.name.find(wanted) == std::string_view::npos) continue;
      const Figures figures = run(kind, scene, node, bob, messages);
      std::printf("%-52.*s %12.0f %10.2f %10.2f %+7.2f%s\n", static_cast<int>(kind.name.size()),
                  kind.name.data(), figures.per_second, figures.after_tenth, figures.after_all,
                  figures.after_all - figures.after_tenth,
                  figures.wrong.empty() ? "" : ("  FAILED: " + figures.wrong).c_str());
      failed += figures.wrong.empty() ? 0 : 1;
      ++kinds;
    }
  std::printf("%zu kinds, %zu messages each, %d failed\n", kinds, messages, failed);
  return failed == 0 && kinds > 0 ? 0 : 1;
}

}  // namespace
}  // namespace linebridge::test

int main(int count, char** words) {
  std::size_t messages = linebridge::test::short_measure;
  std::string_view wanted;
  for (int i = 1; i < count; ++i) {
    const std::string_view word = words[i];
    if (word == "--help") return std::fputs(linebridge::test::usage.data(), stdout) < 0;
    if (word == "--all") {
      messages = linebridge::test::full_measure;
    } else {
      wanted = word;
    }
  }
  return linebridge::test::run_all(messages, wanted);
}
