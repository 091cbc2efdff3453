#include "cli/ask.hpp"

#include <algorithm>
#include <ostream>

#include "admin/json.hpp"
#include "base/text.hpp"
#include "cli/fetch.hpp"
#include "cli/report.hpp"

namespace linebridge::cli {
namespace {

constexpr auto limit = std::chrono::seconds(5);

/// A node's answer as read, and as it was written.
template <class T>
struct Both {
  std::vector<Answered<T>> nodes;
  std::vector<std::string> texts;

  bool all_answered() const {
    return std::all_of(nodes.begin(), nodes.end(), [](const auto& node) { return bool(node.answer); });
  }
};

std::string advice(const Error& error, const std::string& role) {
  if (error.code == Errc::refused || error.code == Errc::malformed) return error.detail;
  return error.detail + "; is linebridge-gateway@" + role + " running, and may you use its socket?";
}

template <class T, class Read>
Both<T> ask(const Asked& whom, const config::Config& config, const std::string& target, Read read,
            const std::string& method = "GET") {
  Both<T> both;
  for (const auto role : whom.roles) {
    const std::string& socket = config.node(role).api_socket;
    const auto reply = fetch(socket, target, limit, method);
    Result<T> answer = reply ? read(reply.value().body) : Result<T>(reply.error());
    if (!answer)
      answer = Error{answer.error().code, advice(answer.error(), std::string(config::role_name(role)))};
    both.nodes.push_back({std::string(config::role_name(role)), socket, std::move(answer)});
    both.texts.push_back(reply ? reply.value().body : "");
  }
  return both;
}

/// {"nodes": [{"node", "socket", "answer": what the node wrote | "error": why there is none}]}
template <class T>
std::string json_of(const Both<T>& both) {
  std::string out = "{\"nodes\":[";
  for (std::size_t i = 0; i < both.nodes.size(); ++i) {
    const auto& node = both.nodes[i];
    out += i == 0 ? "" : ",";
    out += "{\"node\":" + admin::to_json(node.node) + ",\"socket\":" + admin::to_json(node.socket);
    out += node.answer ? ",\"answer\":" + both.texts[i]
                       : ",\"error\":" + admin::to_json(node.answer.error().detail);
    out += "}";
  }
  return out + "]}\n";
}

template <class T>
void tell_silent(const Both<T>& both, std::ostream& error) {
  for (const auto& node : both.nodes)
    if (!node.answer)
      error << node.node << ": no answer from " << node.socket << ": " << node.answer.error().detail << "\n";
}

/// For a query: everything but letters and digits as %XX.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<std::uint8_t>(c);
    const char l = to_lower(c);
    const bool plain = (l >= 'a' && l <= 'z') || (c >= '0' && c <= '9');
    out += plain ? std::string(1, c) : "%" + to_hex({&byte, 1});
  }
  return out;
}

}  // namespace

int show_status(const ShowStatus& command, const config::Config& config, std::ostream& out) {
  const auto both = ask<view::Status>(command.whom, config, "/v1/status",
                                      [](std::string_view json) { return admin::read_status(json); });
  out << (command.whom.json ? json_of(both) : status_report(both.nodes));
  return both.all_answered() ? 0 : 1;
}

int show_trace(const ShowTrace& command, const config::Config& config, std::ostream& out, std::ostream& error) {
  std::string target = "/v1/trace?most=" + std::to_string(command.most);
  if (!command.session.empty()) target += "&session=" + escaped(command.session);
  const auto both = ask<view::Trace>(command.whom, config, target,
                                     [](std::string_view json) { return admin::read_trace(json); });
  out << (command.whom.json ? json_of(both) : ladder(both.nodes));
  if (!command.whom.json) tell_silent(both, error);
  return both.all_answered() ? 0 : 1;
}

int drain(const Drain& command, const config::Config& config, std::ostream& out, std::ostream& error) {
  const std::string until = command.most.count() == 0 ? "" : "?until=" + std::to_string(command.most.count());
  const auto both = ask<view::Drainage>(
      command.whom, config, "/v1/drain" + (command.off ? "" : until),
      [](std::string_view json) { return admin::read_drainage(json); }, command.off ? "DELETE" : "POST");
  out << (command.whom.json ? json_of(both) : drain_report(both.nodes));
  if (!command.whom.json) tell_silent(both, error);
  return both.all_answered() ? 0 : 1;
}

}  // namespace linebridge::cli
