#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace linebridge::cli {

/// Who takes the bytes that a HexReader reads.
class HexSink {
public:
  virtual ~HexSink() = default;
  /// The next bytes of a stream.
  virtual void bytes(std::string_view bytes) = 0;
  /// A whole dump whose offsets began at 0: a packet, or as much of a stream.
  virtual void dump(std::string_view bytes) = 0;
};

/// Reads bytes written in hex, by people or programs: digits with any white space between them, comments from
/// '#' on, and dumps with an offset in front of each line and characters behind (xxd, hexdump -C, tshark -x).
/// Fed in pieces; keeps a line and a dump at most.
class HexReader {
public:
  static constexpr std::size_t most_line = 4096;  ///< Longer lines are taken in parts: no dump has them.
  static constexpr std::size_t most_dump = 64 * 1024;
  static constexpr std::uint64_t most_repeated = 64 * 1024;  ///< Lines that one "*" may stand for.

  explicit HexReader(HexSink& sink) : sink_(&sink) {}

  /// Errors: malformed (with the line's number).
  Status feed(std::string_view text);
  Status finish();

private:
  Status line(std::string_view text);
  Status plain(std::string_view text);
  bool dumped(std::string_view text);
  void append(std::string_view bytes);
  void repeat_until(std::uint64_t offset);
  void flush_dump();

  HexSink* sink_;
  std::string line_;
  std::string dump_;
  std::uint64_t dumped_ = 0;  ///< Bytes of the dump so far.
  std::string last_line_;     ///< Its bytes, in a dump.
  bool in_dump_ = false;
  bool repeated_ = false;   ///< A "*" came.
  bool long_dump_ = false;  ///< It went past most_dump and is handed on as a stream.
  bool whole_line_ = true;  ///< The line began in this text, it is no further part of a long one.
  bool comment_ = false;    ///< In a long line behind its '#'.
  int nibble_ = -1;         ///< A digit without its second.
  std::uint64_t number_ = 1;
};

}  // namespace linebridge::cli
