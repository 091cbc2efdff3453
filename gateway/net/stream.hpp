#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/door.hpp"
#include "net/loop.hpp"
#include "net/tls.hpp"

namespace linebridge::net {

/// One connection as a pipe of bytes. Output may be queued before the socket is there.
///
/// Bytes come in through received() and leave through push(); TLS, if there is any, has its place in these two.
/// Reads share one buffer, and plain text another, because bytes are handed on before the next read begins.
class Stream {
public:
  /// Told what happens, never from inside a member function that the owner called.
  class Owner {
  public:
    virtual void on_bytes(PeerId peer, std::string_view bytes) = 0;
    virtual void on_drained(PeerId peer) = 0;
    virtual void on_ended(PeerId peer, Gone why) = 0;  ///< Once, last.
    /// For the log only: on_ended(broken) will follow.
    virtual void on_tls_broken(const Address& remote, std::string_view reason) = 0;

  protected:
    ~Owner() = default;
  };
  struct Settings {
    std::span<char> buffer;  ///< Shared by all streams; its size is the most read at once.
    std::span<char> plain;   ///< The same for what TLS makes of it, and room for one record more.
    std::size_t low_mark = 0;
    std::size_t high_mark = 0;
    Duration flush_within{};  ///< For queued output, and for the peer's end, once the stream is closing.
  };

  Stream(Loop& loop, PeerId peer, Owner& owner, const Settings& settings);

  /// Connected, and secured if `tls` is there: reading begins, flush() writes what was queued.
  void attach(Fd fd, std::unique_ptr<TlsFilter> tls);
  std::string& out() { return pending_; }  ///< Append; flush() writes.
  void flush();
  /// With TLS partly as it goes over the wire.
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
  void decrypt(std::string_view wire);
  void tls_broken(std::string_view reason);
  void peer_ended(Gone why);
  bool push();
  bool take_pending();
  void write_on();
  void wait_writable();
  void on_written();
  void write_failed();
  void end_later(Gone why);

  Loop& loop_;
  const PeerId peer_;
  Owner& owner_;
  const Settings& settings_;
  Descriptor descriptor_;
  std::unique_ptr<TlsFilter> tls_;
  std::string pending_;    ///< Appended to in turns.
  std::string in_flight_;  ///< Being written; swapped with pending_ when done.
  std::size_t written_ = 0;
  std::size_t own_output_ = 0;  ///< Of in_flight_: what TLS said by itself.
  std::optional<Timer> limit_;  ///< Set once the end has begun.
  Gone why_ = Gone::by_us;
  bool reading_ = true;
  bool waiting_readable_ = false, waiting_writable_ = false;
  bool above_mark_ = false;
  bool closing_ = false;       ///< By us: input is thrown away, nothing is appended any more.
  bool input_ended_ = false;   ///< By the peer.
  bool output_ended_ = false;  ///< Ours was shut, or cannot be written any more.
  bool tls_finished_ = false;  ///< Our side of TLS was ended.
  bool ended_ = false;
};

}  // namespace linebridge::net
