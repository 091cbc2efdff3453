#include "cli/frame_finder.hpp"

#include <algorithm>
#include <utility>

#include "cti/qbe/wire.hpp"

namespace linebridge::cli {
namespace {

namespace header = cti::qbe::header;
using cti::qbe::load32;

constexpr std::string_view magic("\xDD\xDD\xFF\xFF", 4);
constexpr std::uint64_t most_header = 4096;

}  // namespace

void FrameFinder::feed(std::string_view bytes) {
  buffer_.erase(0, std::exchange(at_, 0));
  buffer_.append(bytes);
}

/// The size of the frame at at_, whose header is there; nothing if it can be none.
std::optional<std::size_t> FrameFinder::measure() const {
  const std::string_view head = std::string_view(buffer_).substr(at_);
  const std::uint64_t front = load32(head, header::header_size);
  const std::uint64_t size = front + load32(head, header::fixed_size) + load32(head, header::var_size);
  if (load32(head, header::magic) != header::magic_value || front < header::bytes || front > most_header ||
      size > most_)
    return std::nullopt;
  return static_cast<std::size_t>(size);
}

/// Moves at_ to the next place where a frame may begin. False if there is none in what is held.
bool FrameFinder::search() {
  const std::size_t from = at_;
  const std::size_t found = buffer_.find(magic, at_ + header::magic);
  // Without one, the end may still be the front of one.
  const std::size_t kept = header::magic + magic.size() - 1;
  if (found != std::string::npos)
    at_ = found - header::magic;
  else if (held() > kept)
    at_ = buffer_.size() - kept;
  skipped_ += at_ - from;
  return found != std::string::npos;
}

std::optional<FrameFinder::Found> FrameFinder::next() {
  for (;;) {
    if (!in_step_ && !search()) break;
    if (held() < header::bytes) {
      if (in_step_) return std::nullopt;
      break;
    }
    const auto size = measure();
    if (!size) {
      in_step_ = false;
      ++at_, ++skipped_;
      continue;
    }
    in_step_ = true;
    if (skipped_ != 0) return Found{{}, std::exchange(skipped_, 0)};
    if (held() < *size) return std::nullopt;
    const Found found{std::string_view(buffer_).substr(at_, *size), 0};
    at_ += *size;
    return found;
  }
  return std::nullopt;
}

std::size_t FrameFinder::lost() {
  const std::size_t gone = held() + skipped_;
  buffer_.clear();
  at_ = 0, skipped_ = 0;
  in_step_ = false;
  return gone;
}

}  // namespace linebridge::cli
