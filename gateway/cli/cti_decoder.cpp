#include "cli/cti_decoder.hpp"

#include <algorithm>
#include <utility>

#include "cti/qbe/names.hpp"
#include "cti/qbe/wire.hpp"

namespace linebridge::cli {
namespace {

namespace qbe = cti::qbe;
using qbe::Part;

constexpr std::uint16_t tls_port = 2749;
constexpr std::uint32_t failure = 0, heartbeat = 120;

std::string bytes_text(std::uint64_t count) {
  return std::to_string(count) + (count == 1 ? " byte" : " bytes");
}

bool looks_like_frame(std::string_view bytes) {
  return bytes.size() >= qbe::header::bytes &&
         qbe::load32(bytes, qbe::header::magic) == qbe::header::magic_value;
}

/// A TLS record's header, RFC 8446 section 5.1.
bool looks_like_tls(std::string_view bytes) {
  return bytes.size() >= 3 && bytes[0] == 0x16 && bytes[1] == 0x03 && bytes[2] <= 0x04;
}

}  // namespace

CtiDecoder::CtiDecoder(Settings settings, DecodeSink& sink)
    : settings_(std::move(settings)), sink_(&sink), streams_(settings_.port, settings_.streams, *this) {}

CtiDecoder::~CtiDecoder() = default;

void CtiDecoder::packet(int link, std::optional<std::int64_t> at_us, std::string_view bytes) {
  ++summary_.packets;
  const auto read = read_packet(link, bytes);
  now_us_ = at_us;
  if (const auto* found = std::get_if<Segment>(&read)) return segment(*found);
  const Unread why = std::get<Unread>(read);
  if (why == Unread::fragment) ++summary_.fragments;
  if (why == Unread::link) ++summary_.unknown_links;
}

void CtiDecoder::segment(const Segment& segment) {
  if (settings_.port != tls_port && (segment.to.port == tls_port || segment.from.port == tls_port) &&
      segment.size != 0)
    ++summary_.tls_packets;
  streams_.add(segment);
}

/// Bytes that nobody said the direction of: one conversation.
void CtiDecoder::bytes(std::string_view bytes) {
  feed(0, conversations_[0], true, bytes);
}

void CtiDecoder::dump(std::string_view bytes) {
  if (!looks_like_frame(bytes)) {
    const auto read = read_packet(link_ethernet, bytes);
    const auto* const found = std::get_if<Segment>(&read);
    if (found != nullptr && (found->to.port == settings_.port || found->from.port == settings_.port)) {
      ++summary_.packets;
      return segment(*found);
    }
  }
  this->bytes(bytes);
}

void CtiDecoder::opened(std::uint64_t connection, const Endpoint& client, const Endpoint& server, bool whole) {
  ++summary_.connections;
  Conversation& conversation = conversations_[connection];
  conversation.client = to_text(client);
  conversation.server = to_text(server);
  conversation.directed = true;
  conversation.whole = whole;
}

void CtiDecoder::bytes(std::uint64_t connection, bool from_client, std::string_view bytes) {
  feed(connection, conversations_[connection], from_client, bytes);
}

void CtiDecoder::missing(std::uint64_t connection, bool from_client, std::uint64_t bytes) {
  Conversation& conversation = conversations_[connection];
  summary_.bytes_missing += bytes;
  conversation.whole = false;
  if (conversation.tls) return;
  auto& finder = from_client ? conversation.from_client : conversation.from_server;
  unfinished_ -= finder.held();
  const std::uint64_t lost = finder.lost();
  remark(connection,
         bytes_text(bytes) + " from the " + (from_client ? "client" : "server") +
             " are not in the capture; read on at the next frame" +
             (lost == 0 ? "" : ", " + bytes_text(lost) + " of a frame in front are lost"),
         false);
}

void CtiDecoder::closed(std::uint64_t connection) {
  const auto found = conversations_.find(connection);
  end(connection, found->second);
  conversations_.erase(found);
}

void CtiDecoder::feed(std::uint64_t number, Conversation& conversation, bool from_client,
                      std::string_view bytes) {
  if (!std::exchange(conversation.began[from_client ? 0 : 1], true) && looks_like_tls(bytes)) {
    if (!std::exchange(conversation.tls, true)) {
      ++summary_.tls_connections;
      remark(number, "TLS from " + conversation.client + " to " + conversation.server + ": it cannot be read",
             false);
    }
  }
  if (conversation.tls) return;
  auto& finder = from_client ? conversation.from_client : conversation.from_server;
  unfinished_ -= finder.held();
  finder.feed(bytes);
  while (const auto found = finder.next())
    if (found->skipped != 0)
      passed_over(number, found->skipped, !conversation.whole && number != 0);
    else
      frame(number, conversation, from_client, found->frame);
  unfinished_ += finder.held();
  if (unfinished_ <= most_unfinished) return;
  unfinished_ -= finder.held();
  passed_over(number, finder.lost(), false);
}

/// `expected`: a capture that began in the middle, or has holes, begins again somewhere in a frame.
void CtiDecoder::passed_over(std::uint64_t number, std::uint64_t bytes, bool expected) {
  summary_.bytes_skipped += bytes;
  remark(number, "passed over " + bytes_text(bytes) + ": no frame", !expected);
}

void CtiDecoder::remark(std::uint64_t connection, std::string text, bool mismatch) {
  summary_.mismatches += mismatch ? 1 : 0;
  sink_->show(Remark{now_us_, connection, std::move(text), mismatch});
}

void CtiDecoder::frame(std::uint64_t number, Conversation& conversation, bool from_client,
                       std::string_view bytes) {
  Record record;
  record.number = ++summary_.frames;
  record.at_us = now_us_;
  record.connection = number;
  record.frame = qbe::describe(bytes);
  record.from = from_client ? conversation.client : conversation.server;
  record.to = from_client ? conversation.server : conversation.client;
  match(conversation, from_client, record);
  count(record);
  if (!settings_.only.empty() && !settings_.only.contains(record.frame.id)) return;
  ++summary_.shown;
  sink_->show(record);
}

void CtiDecoder::match(Conversation& conversation, bool from_client, Record& record) {
  const Part part = qbe::part_of(record.frame.name);
  const bool known = !record.frame.name.empty() && record.frame.id != heartbeat;
  if (conversation.directed && known && (part == Part::request) != from_client)
    record.frame.mismatches.push_back(part == Part::request ? "a request from the server"
                                                            : "no request, but from the client");
  if (!known || !record.frame.has_seq) return;
  if (part == Part::request) requested(conversation, record);
  if (part == Part::response) answered(conversation, record);
}

void CtiDecoder::requested(Conversation& conversation, Record& record) {
  ++summary_.requests;
  ++conversation.requests;
  auto& outstanding = conversation.outstanding;
  if (const auto same = outstanding.find(record.frame.seq); same != outstanding.end()) {
    record.frame.mismatches.push_back("the number of " + qbe::name_of(same->second.id) + ", frame " +
                                      std::to_string(same->second.frame) + ", which is not answered yet");
    ++summary_.unanswered;
  } else if (outstanding.size() >= most_outstanding) {
    outstanding.erase(outstanding.begin());
    ++summary_.unanswered;
  }
  outstanding[record.frame.seq] = {record.number, record.frame.id, record.at_us};
}

void CtiDecoder::answered(Conversation& conversation, Record& record) {
  const auto found = conversation.outstanding.find(record.frame.seq);
  if (found == conversation.outstanding.end()) {
    const std::string what = "no request has its number " + std::to_string(record.frame.seq);
    // Nothing follows from it if requests may be missing.
    const bool certain = conversation.directed ? conversation.whole : conversation.requests != 0;
    (certain ? record.frame.mismatches : record.frame.notes).push_back(what);
    return;
  }
  const Outstanding request = found->second;
  conversation.outstanding.erase(found);
  ++summary_.answered;
  record.answers = Answers{request.frame, qbe::name_of(request.id), {}};
  if (request.at_us && record.at_us) record.answers->after_us = *record.at_us - *request.at_us;
  if (record.frame.id != failure && record.frame.id != request.id + 1)
    record.frame.mismatches.push_back("no answer to " + record.answers->name + ", whose number it has");
}

void CtiDecoder::count(const Record& record) {
  const auto& frame = record.frame;
  summary_.mismatches += frame.mismatches.size();
  if (summary_.versions.size() < 64 || summary_.versions.contains(frame.version))
    ++summary_.versions[frame.version];
  // Garbage has as many ids as frames.
  if (frame.name.empty() && (summary_.unknown_ids.size() < 256 || summary_.unknown_ids.contains(frame.id)))
    ++summary_.unknown_ids[frame.id];
  if (!frame.name.empty() && !frame.known_fields) ++summary_.without_fields[frame.id];
}

void CtiDecoder::end(std::uint64_t number, Conversation& conversation) {
  for (auto* finder : {&conversation.from_client, &conversation.from_server}) {
    unfinished_ -= finder->held();
    const std::uint64_t rest = finder->lost();
    if (rest == 0) continue;
    summary_.bytes_skipped += rest;
    remark(number, "ends within a frame, or with what is none: " + bytes_text(rest),
           conversation.whole || number == 0);
  }
  summary_.unanswered += conversation.outstanding.size();
}

const Summary& CtiDecoder::finish() {
  streams_.finish();
  for (auto& [number, conversation] : conversations_)
    end(number, conversation);
  conversations_.clear();
  return summary_;
}

}  // namespace linebridge::cli
