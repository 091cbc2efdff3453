#include "config/section.hpp"

#include <algorithm>
#include <numeric>

#include "base/text.hpp"

namespace linebridge::config {
namespace {

/// How many letters must be put in, taken out or exchanged to make one word of the other (Levenshtein).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t exchanged = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, exchanged});
    }
  }
  return row.back();
}

}  // namespace

std::string_view nearest(std::string_view word, const std::vector<std::string_view>& known) {
  const std::string small = lower(word);
  std::string_view best;
  std::size_t least = std::max<std::size_t>(small.size() / 3, 1) + 1;
  for (const std::string_view candidate : known) {
    const bool part = small.size() > 2 && (candidate.starts_with(small) || small.starts_with(candidate));
    const std::size_t far = part ? 1 : distance(small, candidate);
    if (far >= least) continue;
    least = far;
    best = candidate;
  }
  return best;
}

const Entry* Section::find(std::string_view key) const {
  if (!table_) return nullptr;
  const auto found =
      std::find_if(table_->begin(), table_->end(), [&](const Entry& entry) { return entry.key == key; });
  return found == table_->end() ? nullptr : &*found;
}

const Entry* Section::take(std::string_view key) {
  if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.push_back(key);
  return find(key);
}

const List* Section::as_list(const Entry& entry) {
  const auto* list = std::get_if<List>(&entry.value.data);
  if (!list) problems_.push_back({entry.line, path_of(entry.key), "must be a list: [\"...\", \"...\"]"});
  return list;
}

void Section::require(std::string_view key, std::string_view what_to_write) {
  if (find(key)) return;
  problems_.push_back({line_, path_of(key), "is missing: write " + std::string(what_to_write)});
}

void Section::finish() {
  if (!table_) return;
  for (const Entry& entry : *table_) {
    if (std::find(known_.begin(), known_.end(), entry.key) != known_.end()) continue;
    const std::string_view meant = nearest(entry.key, known_);
    std::string what = "unknown key";
    if (!meant.empty()) {
      what += "; did you mean '" + path_of(meant) + "'?";
    } else {
      what += path_.empty() ? "; known sections are:" : "; known here are:";
      for (const std::string_view known : known_)
        what += (known == known_.front() ? " " : ", ") + std::string(known);
    }
    problems_.push_back({entry.line, path_of(entry.key), what});
  }
}

void Section::problem(std::string_view key, std::string what) {
  const Entry* entry = find(key);
  problems_.push_back({entry ? entry->line : line_, path_of(key), std::move(what)});
}

std::string Section::path_of(std::string_view key, std::size_t number) const {
  std::string path = path_.empty() ? std::string(key) : path_ + "." + std::string(key);
  if (number > 0) path += "[" + std::to_string(number) + "]";
  return path;
}

}  // namespace linebridge::config
