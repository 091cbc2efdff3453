#include "net/preface.hpp"

#include <variant>

#include "net/proxy_v2.hpp"

namespace linebridge::net {

PrefaceReader::PrefaceReader(Loop& loop, Fd fd, TimePoint until, Finished finished)
    : descriptor_(loop, std::move(fd)), limit_(loop), finished_(std::move(finished)) {
  limit_.at(until, [this] { fail(Errc::timed_out, "no whole PROXY header in time"); });
  wait();
}

void PrefaceReader::wait() {
  descriptor_.when_readable([this] { take(); });
}

void PrefaceReader::take() {
  for (;;) {
    const auto item = proxy_v2::decode(head_);
    if (const auto* error = std::get_if<Error>(&item)) return fail(error->code, error->detail);
    if (const auto* decoded = std::get_if<proxy_v2::Decoded>(&item))
      return finish(Ready{descriptor_.release(), decoded->header});
    const std::size_t had = head_.size();
    const std::size_t missing = std::get<proxy_v2::NeedMore>(item).bytes;
    head_.resize(had + missing);
    std::error_code ec;
    const std::size_t got = receive(descriptor_.get(), head_.data() + had, missing, ec);
    head_.resize(had + got);
    if (would_block(ec)) return wait();
    if (ec || got == 0) return fail(Errc::closed, head_.empty() ? "" : "closed within the PROXY header");
  }
}

void PrefaceReader::fail(Errc code, std::string detail) {
  descriptor_.close();
  finish(Error{code, std::move(detail)});
}

/// Nothing of this object is touched after the call: it may be gone.
void PrefaceReader::finish(Result<Ready> result) {
  limit_.cancel();
  const Finished finished = std::move(finished_);
  finished(std::move(result));
}

}  // namespace linebridge::net
