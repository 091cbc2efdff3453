#include "net/stream.hpp"

#include <utility>

namespace linebridge::net {
namespace {

constexpr std::size_t idle_capacity = 4096;  ///< An idle stream keeps no larger buffer.

}  // namespace

Stream::Stream(Loop& loop, PeerId peer, Owner& owner, const Settings& settings)
    : loop_(loop), peer_(peer), owner_(owner), settings_(settings) {}

void Stream::attach(Fd fd) {
  if (ended_) return;
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
  if (!ec && got == 0) return peer_ended();
  if (got > 0) received(got);
  wait_readable();
}

void Stream::received(std::size_t bytes) {
  if (!closing_) owner_.on_bytes(peer_, {settings_.buffer.data(), bytes});
}

/// The peer sends no more; what we have for it still goes out.
void Stream::peer_ended() {
  input_ended_ = true;
  if (!closing_) why_ = Gone::by_peer;
  if (queued() == 0 || output_ended_) return end(why_);
  end_later(why_);
}

void Stream::flush() {
  if (queued() >= settings_.high_mark) above_mark_ = true;
  if (ended_ || !descriptor_ || waiting_writable_ || queued() == 0) return;
  if (output_ended_) return pending_.clear();
  if (push()) on_written();
}

/// Writes until all is written (true) or the socket takes no more.
bool Stream::push() {
  for (;;) {
    if (written_ == in_flight_.size()) {
      in_flight_.clear();
      written_ = 0;
      if (pending_.empty()) return true;
      in_flight_.swap(pending_);
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

void Stream::wait_writable() {
  waiting_writable_ = true;
  descriptor_.when_writable([this] {
    waiting_writable_ = false;
    if (push()) on_written();
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
  if (input_ended_) return end(why_);
  if (closing_ && !std::exchange(output_ended_, true)) shut_output(descriptor_.get());
}

/// What the peer sent before it went may still be there to read, so the reading side finds the end.
void Stream::write_failed() {
  output_ended_ = true;
  pending_.clear();
  in_flight_.clear();
  written_ = 0;
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
