#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "model/errors.hpp"
#include "model/states.hpp"

/// The model's enumerations in the words of ECMA-323.
namespace linebridge::csta {

/// All words of an enumeration, in its order.
template <class E>
std::span<const std::string_view> words_of();
template <>
std::span<const std::string_view> words_of<model::SystemStatus>();
template <>
std::span<const std::string_view> words_of<model::LocalConnectionState>();
template <>
std::span<const std::string_view> words_of<model::SimpleCallState>();
template <>
std::span<const std::string_view> words_of<model::EventCause>();
template <>
std::span<const std::string_view> words_of<model::ForwardingType>();
template <>
std::span<const std::string_view> words_of<model::ForwardDefault>();
template <>
std::span<const std::string_view> words_of<model::MonitorType>();
template <>
std::span<const std::string_view> words_of<model::ConsultOptions>();
template <>
std::span<const std::string_view> words_of<model::DigitMode>();
template <>
std::span<const std::string_view> words_of<model::ErrorCategory>();

template <class E>
std::string_view word(E value) {
  return words_of<E>()[static_cast<std::size_t>(value)];
}

/// The value a word stands for; nothing if it stands for none.
template <class E>
std::optional<E> value_of(std::string_view word) {
  const auto words = words_of<E>();
  for (std::size_t i = 0; i < words.size(); ++i)
    if (words[i] == word) return static_cast<E>(i);
  return std::nullopt;
}

}  // namespace linebridge::csta
