#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "cli/frame_finder.hpp"
#include "cli/hex_reader.hpp"
#include "cli/segment.hpp"
#include "cli/tcp_streams.hpp"
#include "cti/qbe/describe.hpp"

namespace linebridge::cli {

/// The request that a response belongs to.
struct Answers {
  std::uint64_t frame = 0;  ///< Its number.
  std::string name;
  std::optional<std::int64_t> after_us;
};

/// A frame where it passed.
struct Record {
  std::uint64_t number = 0;           ///< Of the frame, counted from 1.
  std::optional<std::int64_t> at_us;  ///< Since 1970, UTC.
  std::uint64_t connection = 0;       ///< 0: not from a connection.
  std::string from, to;
  cti::qbe::Description frame;
  std::optional<Answers> answers;
};

/// Something to say of a connection that belongs to no frame.
struct Remark {
  std::optional<std::int64_t> at_us;
  std::uint64_t connection = 0;
  std::string text;
  bool mismatch = false;
};

struct Summary {
  std::uint64_t frames = 0, shown = 0, connections = 0, packets = 0;
  std::uint64_t requests = 0, answered = 0, unanswered = 0;
  std::uint64_t mismatches = 0;     ///< In frames and between them.
  std::uint64_t bytes_skipped = 0;  ///< That were no frame.
  std::uint64_t bytes_missing = 0;  ///< Sent, but not captured.
  std::uint64_t tls_connections = 0, tls_packets = 0;
  std::uint64_t fragments = 0, unknown_links = 0;
  std::map<std::uint32_t, std::uint64_t> unknown_ids;     ///< Id to frames.
  std::map<std::uint32_t, std::uint64_t> without_fields;  ///< The same, of messages known by name only.
  std::map<std::uint32_t, std::uint64_t> versions;
};

/// Who shows what a decoder found, in the order in which it passed.
class DecodeSink {
public:
  virtual ~DecodeSink() = default;
  virtual void show(const Record& record) = 0;
  virtual void show(const Remark& remark) = 0;
};

/// From captured packets, or bytes in hex, to frames in their conversations. Memory is bounded, whatever comes:
/// connections, unfinished frames and unanswered requests are.
class CtiDecoder : public HexSink, private StreamSink {
public:
  static constexpr std::size_t most_frame = 1024 * 1024;
  static constexpr std::size_t most_unfinished = 64 * 1024 * 1024;  ///< Bytes of unfinished frames in all.
  static constexpr std::size_t most_outstanding = 4096;             ///< Requests of one connection.

  struct Settings {
    std::uint16_t port = 2748;
    std::set<std::uint32_t> only;  ///< Ids to show; empty: all.
    TcpStreams::Limits streams;
  };

  CtiDecoder(Settings settings, DecodeSink& sink);
  ~CtiDecoder() override;
  CtiDecoder(const CtiDecoder&) = delete;
  CtiDecoder& operator=(const CtiDecoder&) = delete;

  /// A packet captured on a link of that kind.
  void packet(int link, std::optional<std::int64_t> at_us, std::string_view bytes);
  void bytes(std::string_view bytes) override;
  void dump(std::string_view bytes) override;
  /// Nothing more comes. Call once, at the end.
  const Summary& finish();

private:
  struct Outstanding {
    std::uint64_t frame = 0;
    std::uint32_t id = 0;
    std::optional<std::int64_t> at_us;
  };
  struct Conversation {
    std::string client, server;
    FrameFinder from_client{most_frame}, from_server{most_frame};
    bool directed = false;  ///< Who sent what is known.
    bool whole = false;     ///< Seen from its beginning, nothing missing.
    bool tls = false;
    bool began[2] = {false, false};
    std::map<std::uint32_t, Outstanding> outstanding;  ///< By seq.
    std::uint64_t requests = 0;
  };

  void opened(std::uint64_t connection, const Endpoint& client, const Endpoint& server, bool whole) override;
  void bytes(std::uint64_t connection, bool from_client, std::string_view bytes) override;
  void missing(std::uint64_t connection, bool from_client, std::uint64_t bytes) override;
  void closed(std::uint64_t connection) override;

  void segment(const Segment& segment);
  void feed(std::uint64_t number, Conversation& conversation, bool from_client, std::string_view bytes);
  void frame(std::uint64_t number, Conversation& conversation, bool from_client, std::string_view bytes);
  void match(Conversation& conversation, bool from_client, Record& record);
  void requested(Conversation& conversation, Record& record);
  void answered(Conversation& conversation, Record& record);
  void count(const Record& record);
  void passed_over(std::uint64_t number, std::uint64_t bytes, bool expected);
  void remark(std::uint64_t connection, std::string text, bool mismatch);
  void end(std::uint64_t number, Conversation& conversation);

  Settings settings_;
  DecodeSink* sink_;
  TcpStreams streams_;
  std::map<std::uint64_t, Conversation> conversations_;
  std::optional<std::int64_t> now_us_;  ///< Of the packet being read.
  std::size_t unfinished_ = 0;
  Summary summary_;
};

}  // namespace linebridge::cli
