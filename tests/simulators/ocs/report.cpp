#include "report.hpp"

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <optional>

#include "json.hpp"

namespace linebridge::sim::ocs {
namespace {

std::optional<std::size_t> place_of(std::string_view kind) {
  const auto* const at = std::find(Report::kinds.begin(), Report::kinds.end(), kind);
  if (at == Report::kinds.end()) return std::nullopt;
  return static_cast<std::size_t>(at - Report::kinds.begin());
}

double per_second(std::uint64_t count, double seconds) {
  return seconds > 0 ? static_cast<double>(count) / seconds : 0;
}

template <class Times>
void add_kinds(JsonLine& json, const Times& times, double seconds) {
  json.name("kinds").open('{');
  for (std::size_t i = 0; i < times.size(); ++i) {
    const Histogram& each = times[i];
    if (each.count() == 0) continue;
    json.name(Report::kinds[i]).open('{').member("count", each.count());
    json.name("per_second").rounded(per_second(each.count(), seconds));
    json.name("p50_ms").rounded(each.percentile_ms(0.5)).name("p90_ms").rounded(each.percentile_ms(0.9));
    json.name("p99_ms").rounded(each.percentile_ms(0.99)).name("p99.9_ms").rounded(each.percentile_ms(0.999));
    json.name("max_ms").rounded(each.max_ms()).close('}');
  }
  json.close('}');
}

[[gnu::format(printf, 2, 3)]] void add_line(std::string& out, const char* format, ...) {
  std::array<char, 256> line{};
  std::va_list values;
  va_start(values, format);
  const int size = std::vsnprintf(line.data(), line.size(), format, values);
  va_end(values);
  out.append(line.data(), std::min(static_cast<std::size_t>(size), line.size() - 1)).push_back('\n');
}

template <class Times>
void add_rows(std::string& out, std::string_view node, const Times& times) {
  for (std::size_t i = 0; i < times.size(); ++i) {
    const Histogram& each = times[i];
    if (each.count() == 0) continue;
    add_line(out, "%-6.*s %-10.*s %9llu %10.3f %10.3f %10.3f %10.3f %10.3f", static_cast<int>(node.size()),
             node.data(), static_cast<int>(Report::kinds[i].size()), Report::kinds[i].data(),
             static_cast<unsigned long long>(each.count()), each.percentile_ms(0.5), each.percentile_ms(0.9),
             each.percentile_ms(0.99), each.percentile_ms(0.999), each.max_ms());
  }
}

}  // namespace

void Report::took(std::string_view node, std::string_view kind, Duration time) {
  const auto place = place_of(kind);
  if (!place) return;
  all_[*place].add(time);
  if (node.empty()) return;
  auto found = nodes_.find(node);
  if (found == nodes_.end()) found = nodes_.try_emplace(std::string(node)).first;
  found->second.times[*place].add(time);
}

void Report::error(std::string_view kind, std::string_view text) {
  if (const auto found = errors_.find(kind); found != errors_.end())
    ++found->second;
  else
    ++errors_[errors_.size() < most_kinds ? std::string(kind) : "other"];
  if (texts_.size() < most_texts) texts_.push_back(std::string(kind).append(": ").append(text));
}

std::uint64_t Report::errors() const {
  std::uint64_t sum = 0;
  for (const auto& [kind, count] : errors_)
    sum += count;
  return sum;
}

std::uint64_t Report::count(std::string_view kind) const {
  const auto place = place_of(kind);
  return place ? all_[*place].count() : 0;
}

std::string Report::json(const Totals& totals) const {
  JsonLine json;
  json.open('{').member("sessions", totals.sessions).member("signed_in", totals.signed_in);
  json.member("refused", totals.refused).member("most_held", totals.most_held).member("calls", totals.calls);
  json.member("returned", totals.returned);
  json.name("seconds").rounded(totals.seconds);
  json.name("sessions_per_second").rounded(per_second(totals.signed_in, totals.sign_in_seconds));
  json.name("requests_per_second")
      .rounded(per_second(count("INVITE") + count("INFO") + count("BYE") + count("UPDATE") + count("re-INVITE"),
                          totals.seconds));
  json.member("messages", totals.messages);
  json.name("messages_per_second").rounded(per_second(totals.messages, totals.seconds));
  json.member("dials", totals.dials);
  add_kinds(json, all_, totals.seconds);
  json.name("nodes").open('{');
  for (const auto& [name, node] : nodes_) {
    json.name(name).open('{').member("dialogs", node.dialogs);
    add_kinds(json, node.times, totals.seconds);
    json.close('}');
  }
  json.close('}').name("errors").open('{');
  for (const auto& [kind, count] : errors_)
    json.member(kind, count);
  json.close('}').name("error_texts").open('[');
  for (const auto& text : texts_)
    json.value(text);
  return json.close(']').close('}').text();
}

std::string Report::table(const Totals& totals) const {
  std::string out;
  add_line(out, "%llu sessions, %llu signed in, %llu refused, %llu calls, in %.3f s; at most %llu held",
           static_cast<unsigned long long>(totals.sessions), static_cast<unsigned long long>(totals.signed_in),
           static_cast<unsigned long long>(totals.refused), static_cast<unsigned long long>(totals.calls),
           totals.seconds, static_cast<unsigned long long>(totals.most_held));
  if (totals.returned != 0)
    add_line(out, "%llu dialogs broke", static_cast<unsigned long long>(totals.returned));
  add_line(out, "%.1f sessions/s, %.0f messages/s (%llu), %llu connections dialled",
           per_second(totals.signed_in, totals.sign_in_seconds), per_second(totals.messages, totals.seconds),
           static_cast<unsigned long long>(totals.messages), static_cast<unsigned long long>(totals.dials));
  for (const auto& [name, node] : nodes_)
    add_line(out, "node %s: %llu dialogs", name.c_str(), static_cast<unsigned long long>(node.dialogs));
  add_line(out, "%-6s %-10s %9s %10s %10s %10s %10s %10s", "node", "kind", "count", "p50 ms", "p90 ms",
           "p99 ms", "p99.9 ms", "max ms");
  add_rows(out, "all", all_);
  for (const auto& [name, node] : nodes_)
    if (nodes_.size() > 1) add_rows(out, name, node.times);
  for (const auto& [kind, count] : errors_)
    add_line(out, "error: %s, %llu times", kind.c_str(), static_cast<unsigned long long>(count));
  for (const auto& text : texts_)
    out.append("  ").append(text).push_back('\n');
  if (errors_.empty()) out += "nothing was wrong\n";
  return out;
}

}  // namespace linebridge::sim::ocs
