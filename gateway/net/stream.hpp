#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/door.hpp"
#include "net/loop.hpp"

namespace linebridge::net {

/// One connection as a pipe of bytes. Output may be queued before the socket is there.
///
/// Bytes come in through received() and leave through push(): whatever changes them on the way (TLS) has its
/// place in these two. Reads share one buffer, because bytes are handed on before the next read begins.
class Stream {
public:
  /// Told what happens, never from inside a member function that the owner called.
  class Owner {
  public:
    virtual void on_bytes(PeerId peer, std::string_view bytes) = 0;
    virtual void on_drained(PeerId peer) = 0;
    virtual void on_ended(PeerId peer, Gone why) = 0;  ///< Once, last.

  protected:
    ~Owner() = default;
  };
  struct Settings {
    std::span<char> buffer;  ///< Shared by all streams; its size is the most read at once.
    std::size_t low_mark = 0;
    std::size_t high_mark = 0;
    Duration flush_within{};  ///< For queued output, and for the peer's end, once the stream is closing.
  };

  Stream(Loop& loop, PeerId peer, Owner& owner, const Settings& settings);

  void attach(Fd fd);                      ///< Connected: reading begins, flush() writes what was queued.
  std::string& out() { return pending_; }  ///< Append; flush() writes.
  void flush();
  std::size_t queued() const { return pending_.size() + in_flight_.size() - written_; }
  void read(bool on);
  /// Ends with `why`; with Flush::yes after the output is written and the peer ended too, or the time for it is
  /// up.
  void close(Gone why, Flush flush);
  bool closing() const { return closing_; }  ///< close() was called.
  void end(Gone why);                        ///< At once; what is queued is lost.

private:
  void wait_readable();
  void on_readable();
  void received(std::size_t bytes);
  void peer_ended();
  bool push();
  void wait_writable();
  void on_written();
  void write_failed();
  void end_later(Gone why);

  Loop& loop_;
  const PeerId peer_;
  Owner& owner_;
  const Settings& settings_;
  Descriptor descriptor_;
  std::string pending_;    ///< Appended to in turns.
  std::string in_flight_;  ///< Being written; swapped with pending_ when done.
  std::size_t written_ = 0;
  std::optional<Timer> limit_;  ///< Set once the end has begun.
  Gone why_ = Gone::by_us;
  bool reading_ = true;
  bool waiting_readable_ = false, waiting_writable_ = false;
  bool above_mark_ = false;
  bool closing_ = false;       ///< By us: input is thrown away, nothing is appended any more.
  bool input_ended_ = false;   ///< By the peer.
  bool output_ended_ = false;  ///< Ours was shut, or cannot be written any more.
  bool ended_ = false;
};

}  // namespace linebridge::net
