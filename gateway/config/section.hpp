#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "config/toml_document.hpp"

namespace linebridge::config {

using Problems = std::vector<Problem>;

/// The known word that `word` was probably meant to be; empty if none is near.
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& known);

/// One table of the file, read key by key. Conversions answer what is wrong as the detail of their Error.
class Section {
public:
  /// `table` may be null: the section is not there, all its keys keep their defaults.
  Section(const Table* table, std::string path, int line, Problems& problems)
      : table_(table), path_(std::move(path)), line_(line), problems_(problems) {}

  /// Looks a key up, and from now on knows it.
  const Entry* take(std::string_view key);

  template <class T, class Convert>
  void read(std::string_view key, T& into, Convert convert) {
    const Entry* entry = take(key);
    if (entry) keep(into, convert(entry->value), entry->line, path_of(key));
  }

  template <class T, class Convert>
  void read_list(std::string_view key, std::vector<T>& into, Convert convert) {
    const Entry* entry = take(key);
    const List* list = entry ? as_list(*entry) : nullptr;
    for (std::size_t i = 0; list && i < list->size(); ++i) {
      T element{};
      const Value& value = (*list)[i];
      if (keep(element, convert(value), value.line, path_of(key, i + 1))) into.push_back(std::move(element));
    }
  }

  /// A problem if the key is not there.
  void require(std::string_view key, std::string_view what_to_write);
  /// A problem for each key that was not taken.
  void finish();

  void problem(std::string_view key, std::string what);  ///< At the key's line.
  std::string path_of(std::string_view key, std::size_t number = 0) const;
  Problems& problems() { return problems_; }

private:
  const Entry* find(std::string_view key) const;
  const List* as_list(const Entry& entry);
  template <class T>
  bool keep(T& into, Result<T> converted, int line, const std::string& path) {
    if (!converted) {
      problems_.push_back({line, path, converted.error().detail});
      return false;
    }
    into = std::move(converted).value();
    return true;
  }
  template <class T>
  bool keep(std::optional<T>& into, Result<T> converted, int line, const std::string& path) {
    return keep(into.emplace(), std::move(converted), line, path);
  }

  const Table* table_;
  std::string path_;
  int line_;
  Problems& problems_;
  std::vector<std::string_view> known_;
};

}  // namespace linebridge::config
