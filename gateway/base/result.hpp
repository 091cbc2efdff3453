#pragma once

#include <cassert>
#include <string>
#include <utility>
#include <variant>

namespace linebridge {

/// Why something failed: a code to branch on.
enum class Errc {
  malformed,    ///< The bytes or the text do not follow their grammar.
  too_long,     ///< A limit of size, count or depth was passed.
  unsupported,  ///< Well formed, but nothing we know or allow.
  not_found,
  refused,  ///< The other side, or a rule of ours, said no.
  timed_out,
  closed,  ///< The connection or the thing behind it is gone.
};

/// A failure: a code to branch on and words for the log.
struct Error {
  Errc code;
  std::string detail;  ///< For the log only; never sent to a peer.
};

/// A value or an Error. For anything a peer, a file or an operator can get wrong; our own bugs are assertions.
template <class T>
class [[nodiscard]] Result {
public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  explicit operator bool() const noexcept { return state_.index() == 0; }
  const T& value() const& {
    assert(*this);
    return *std::get_if<0>(&state_);
  }
  T& value() & {
    assert(*this);
    return *std::get_if<0>(&state_);
  }
  T&& value() && {
    assert(*this);
    return std::move(*std::get_if<0>(&state_));
  }
  const Error& error() const {
    assert(!*this);
    return *std::get_if<1>(&state_);
  }

private:
  std::variant<T, Error> state_;
};

/// Success without a value.
struct Done {
  friend bool operator==(const Done&, const Done&) = default;
};
using Status = Result<Done>;

/// A visitor made of lambdas, for exhaustive std::visit.
template <class... Fs>
struct Overloaded : Fs... {
  using Fs::operator()...;
};
template <class... Fs>
Overloaded(Fs...) -> Overloaded<Fs...>;

}  // namespace linebridge
