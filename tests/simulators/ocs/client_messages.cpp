#include <utility>

#include "base/text.hpp"
#include "client.hpp"

/// What a client writes.
namespace linebridge::sim::ocs {
namespace {

constexpr std::string_view csta_type = "application/csta+xml";

}  // namespace

std::string Client::contact_uri() const {
  const std::string_view address = settings_.user.address;
  if (facts(settings_.flavour).gruu) return std::string(address) + ";opaque=user:epid:" + epid_ + ";gruu";
  return std::string(address) + ":" + std::to_string(settings_.at.port) + ";maddr=" + settings_.at.host +
         ";transport=tls";
}

/// A request in the order of headers that Communicator has. Communicator's own Via has no branch.
Message Client::request(std::string_view method, std::string body) {
  const FlavourFacts& flavour = facts(settings_.flavour);
  Message message;
  message.start = std::string(method) + " " + dialog_.target + " SIP/2.0";
  message.headers.reserve(20);
  message.add("Via", "SIP/2.0/TLS " + to_text(settings_.at));
  message.add("Max-Forwards", "70");
  message.add("From", dialog_.local);
  message.add("To", dialog_.remote);
  message.add("Call-ID", dialog_.call_id);
  message.add("CSeq", std::to_string(++dialog_.sequence) + " " + std::string(method));
  for (const auto& route : dialog_.route)
    message.add("Route", route);
  message.add("User-Agent", std::string(flavour.user_agent));
  if (method == "INVITE" || method == "UPDATE") {
    message.add("Contact", "<" + contact_uri() + ">" + (flavour.gruu ? "" : ";proxy=replace"));
    message.add("Supported", "timer");
    if (flavour.asks_interval) {
      const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(interval_).count();
      message.add("Session-Expires", std::to_string(seconds) + ";refresher=uac");
      message.add("Min-SE", "90");
    }
    if (!flavour.allow.empty()) message.add("Allow", std::string(flavour.allow));
    if (flavour.gruu && method == "INVITE") message.add("Ms-Conversation-ID", lower(dialog_.call_id));
  }
  if (!body.empty()) {
    message.add("Content-Disposition", "signal;handling=required");
    message.add("Content-Type", std::string(csta_type));
  }
  message.body = std::move(body);
  return message;
}

void Client::send(Message message, Service service, std::string call, TimePoint now) {
  waiting_.push_back({dialog_.sequence, std::string(message.method()), service, std::move(call), now,
                      now + settings_.answer_within});
  output_.push_back(std::move(message));
}

void Client::send_csta(Service service, const std::string& call, const std::string& number, TimePoint now) {
  book_.asked(service, call, now);
  const Subject about{settings_.user.line, book_.monitor(), number, call};
  send(request("INFO", write_request(service, about)), service, call, now);
}

/// RFC 3261 section 13.2.2.4: the CSeq number of the INVITE.
void Client::acknowledge(const Message& answer) {
  const std::uint32_t sequence = dialog_.sequence;
  dialog_.sequence =
      to_number<std::uint32_t>(answer.get("CSeq").substr(0, answer.get("CSeq").find(' '))).value_or(sequence) -
      1;
  output_.push_back(request("ACK", {}));
  dialog_.sequence = sequence;
}

void Client::reply(const Message& asked, int status, std::string_view reason, std::string body) {
  Message answer = answer_to(asked, status, reason, {});
  for (const auto& header : asked.headers)
    if (same_name(header.name, "Record-Route")) answer.add("Record-Route", header.value);
  answer.add("Contact", "<" + contact_uri() + ">");
  answer.add("User-Agent", std::string(facts(settings_.flavour).user_agent));
  if (!body.empty()) answer.add("Content-Type", std::string(asked.get("Content-Type")));
  answer.body = std::move(body);
  output_.push_back(std::move(answer));
}

}  // namespace linebridge::sim::ocs
