#include <array>
#include <optional>
#include <utility>

#include "node.hpp"

namespace linebridge::sim::node {
namespace {

constexpr std::size_t longest_line = 1000;

bool is_one_of_hundred(std::optional<unsigned> number) {
  return number && *number <= 100;
}

}  // namespace

const std::string_view Node::commands =
    "  counters        what happened so far, one line of JSON\n"
    "  agent TEXT      what the agent says from now on: \"up 100%\", \"up 0%\", \"down #why\"\n"
    "  refuse PERCENT  how many sign-ins are refused from now on\n";

std::string Node::report() const {
  const std::array<std::pair<std::string_view, std::uint64_t>, 21> all = {{
      {"legs", counts_.legs},
      {"checks", counts_.checks},
      {"invites", counts_.invites},
      {"accepted", counts_.accepted},
      {"refused", counts_.refused},
      {"acks", counts_.acks},
      {"infos", counts_.infos},
      {"updates", counts_.updates},
      {"byes", counts_.byes},
      {"events", counts_.events},
      {"answers", counts_.answers},
      {"events_refused", counts_.events_refused},
      {"unknown", counts_.unknown},
      {"malformed", counts_.malformed},
      {"wrong_node", counts_.wrong_node},
      {"wrong_leg", counts_.wrong_leg},
      {"wrong_answer", counts_.wrong_answer},
      {"wrong_body", counts_.wrong_body},
      {"wrong", counts_.wrong()},
      {"dialogs", dialogs_.size()},
      {"most_dialogs", counts_.most_dialogs},
  }};
  std::string out = "{\"name\":\"" + settings_.name + "\"";
  for (const auto& [name, value] : all)
    out.append(",\"").append(name).append("\":").append(std::to_string(value));
  return out + "}";
}

std::string Node::obey(std::string_view line) {
  std::string_view value = trim(line);
  const std::string_view word = take_until(value, ' ');
  if (word == "counters") return "ok " + report();
  if (word == "agent" && !trim(value).empty()) {
    settings_.agent = trim(value);
    return "ok done";
  }
  if (word == "refuse" && is_one_of_hundred(to_number<unsigned>(trim(value)))) {
    settings_.refuse = *to_number<unsigned>(trim(value));
    return "ok done";
  }
  return "no there is: counters, agent TEXT, refuse PERCENT";
}

void Node::control(PeerId id, Peer& peer, std::string_view bytes) {
  peer.line += bytes;
  for (std::size_t end; (end = peer.line.find('\n')) != std::string::npos; peer.line.erase(0, end + 1))
    out_->to(id).append(obey(std::string_view(peer.line).substr(0, end))).push_back('\n');
  if (peer.line.size() > longest_line) out_->close(id, Flush::yes);
}

}  // namespace linebridge::sim::node
