#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/counters.hpp"
#include "tests/load/scene.hpp"

namespace linebridge::test {

/// One kind of wrong input: how it is given, and what the node must make of it.
struct WrongInput {
  std::string_view name;
  std::string (*give)(Scene&);          ///< Once; says what came of it, in the words of Scene.
  std::string_view answer;              ///< What must come of it; empty: silence.
  std::optional<Counter> counter = {};  ///< Must grow.
  std::string_view log = {};            ///< Id of a line that must be written.
  std::size_t messages = 1;             ///< How many one give() is, for the memory driver.
  std::size_t share = 1;                ///< Its short run gives only one in so many of what costs much.
};

// All kinds, by theme.
std::span<const WrongInput> wrong_framing();
std::span<const WrongInput> wrong_limits();
std::span<const WrongInput> wrong_heads();
std::span<const WrongInput> wrong_bodies();
std::span<const WrongInput> wrong_csta();
std::span<const WrongInput> wrong_dialogs();
std::span<const WrongInput> wrong_floods();
std::span<const WrongInput> wrong_peers();

}  // namespace linebridge::test
