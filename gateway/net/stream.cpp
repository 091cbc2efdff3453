#include "net/stream.hpp"

#include <utility>

namespace linebridge::net {
namespace {

constexpr std::size_t idle_capacity = 4096;  ///< An idle stream keeps no larger buffer.
/// Of TLS itself (new keys, alerts) while the peer does not read.
constexpr std::size_t most_own_output = 64 * 1024;

}  // namespace

Stream::Stream(Loop& loop, PeerId peer, Owner& owner, const Settings& settings)
    : loop_(loop), peer_(peer), owner_(owner), settings_(settings) {}

void Stream::attach(Fd fd, std::unique_ptr<TlsFilter> tls) {
  if (ended_) return;
  tls_ = std::move(tls);
  set_stream_options(fd.get());
  descriptor_ = Descriptor(loop_, std::move(fd));
  wait_readable();
}

void Stream::read(bool on) {
  reading_ = on;
  wait_readable();
}

void Stream::wait_readable() {
  const bool wanted = (reading_ || closing_) && !input_ended_;
  if (!wanted || waiting_readable_ || ended_ || !descriptor_) return;
  waiting_readable_ = true;
  descriptor_.when_readable([this] { on_readable(); });
}

void Stream::on_readable() {
  waiting_readable_ = false;
  if (!reading_ && !closing_) return;
  std::error_code ec;
  const std::size_t got = receive(descriptor_.get(), settings_.buffer.data(), settings_.buffer.size(), ec);
  if (ec && !would_block(ec)) return end(ec == std::errc::timed_out ? Gone::timed_out : Gone::broken);
  if (!ec && got == 0) {
    if (tls_ && !closing_) return tls_broken("it ended without saying so");
    return peer_ended(Gone::by_peer);
  }
  if (got > 0) received(got);
  wait_readable();
}

void Stream::received(std::size_t bytes) {
  if (closing_) return;
  const std::string_view wire(settings_.buffer.data(), bytes);
  tls_ ? decrypt(wire) : owner_.on_bytes(peer_, wire);
}

void Stream::decrypt(std::string_view wire) {
  const std::size_t own_before = in_flight_.size();
  const auto read = tls_->read(wire, settings_.plain, in_flight_);
  own_output_ += in_flight_.size() - own_before;
  if (own_output_ > most_own_output) return tls_broken("it asks and asks and does not read the answers");
  if (read.bytes > 0) owner_.on_bytes(peer_, {settings_.plain.data(), read.bytes});
  if (ended_) return;
  if (!waiting_writable_ && queued() > 0) write_on();
  if (ended_) return;
  if (read.state == TlsFilter::State::broken) return tls_broken(tls_->failure().reason);
  if (read.state == TlsFilter::State::ended) peer_ended(Gone::by_peer);
}

void Stream::tls_broken(std::string_view reason) {
  owner_.on_tls_broken(remote_address(descriptor_.get()), reason);
  peer_ended(Gone::broken);
}

/// The peer sends no more; what we have for it still goes out.
void Stream::peer_ended(Gone why) {
  input_ended_ = true;
  if (!closing_) why_ = why;
  if (output_ended_) return end(why_);
  if (queued() == 0) on_written();
  end_later(why_);
}

void Stream::flush() {
  if (queued() >= settings_.high_mark) above_mark_ = true;
  if (ended_ || !descriptor_ || waiting_writable_ || queued() == 0) return;
  if (output_ended_) return pending_.clear();
  write_on();
}

void Stream::write_on() {
  if (push()) on_written();
}

/// Writes until all is written (true) or the socket takes no more.
bool Stream::push() {
  for (;;) {
    if (written_ == in_flight_.size()) {
      in_flight_.clear();
      written_ = own_output_ = 0;
      if (pending_.empty()) return true;
      if (!take_pending()) {
        write_failed();
        return false;
      }
    }
    std::error_code ec;
    written_ += send(descriptor_.get(), std::string_view(in_flight_).substr(written_), ec);
    if (would_block(ec)) {
      wait_writable();
      return false;
    }
    if (ec) {
      write_failed();
      return false;
    }
  }
}

bool Stream::take_pending() {
  if (!tls_) {
    in_flight_.swap(pending_);
    return true;
  }
  const bool written = tls_->write(pending_, in_flight_);
  pending_.clear();
  return written;
}

void Stream::wait_writable() {
  waiting_writable_ = true;
  descriptor_.when_writable([this] {
    waiting_writable_ = false;
    write_on();
  });
  on_written();
}

/// After each write: the mark, and what waited for the last byte.
void Stream::on_written() {
  if (above_mark_ && queued() < settings_.low_mark) {
    above_mark_ = false;
    loop_.post([owner = &owner_, peer = peer_] { owner->on_drained(peer); });
  }
  if (queued() > 0) return;
  if (in_flight_.capacity() > idle_capacity) std::string().swap(in_flight_);
  if (pending_.capacity() > idle_capacity) std::string().swap(pending_);
  if (tls_ && (input_ended_ || closing_) && !std::exchange(tls_finished_, true)) {
    tls_->finish(in_flight_);
    return write_on();
  }
  if (input_ended_) return end(why_);
  if (closing_ && !std::exchange(output_ended_, true)) shut_output(descriptor_.get());
}

/// What the peer sent before it went may still be there to read, so the reading side finds the end.
void Stream::write_failed() {
  output_ended_ = true;
  pending_.clear();
  in_flight_.clear();
  written_ = 0;
  tls_finished_ = true;
  if (closing_ || !reading_ || input_ended_) return end(closing_ ? why_ : Gone::broken);
  end_later(Gone::broken);
}

void Stream::close(Gone why, Flush flush) {
  if (ended_) return;
  if (!std::exchange(closing_, true) && !input_ended_) why_ = why;
  if (flush == Flush::no || !descriptor_) return end(why_);
  end_later(why_);
  this->flush();
  if (queued() == 0) on_written();
  wait_readable();
}

void Stream::end_later(Gone why) {
  if (limit_ || ended_) return;
  limit_.emplace(loop_);
  limit_->at(std::chrono::steady_clock::now() + settings_.flush_within, [this, why] { end(why); });
}

void Stream::end(Gone why) {
  if (std::exchange(ended_, true)) return;
  descriptor_.close();
  limit_.reset();
  loop_.post([owner = &owner_, peer = peer_, why] { owner->on_ended(peer, why); });
}

}  // namespace linebridge::net
