#include <algorithm>

#include "core/impl.hpp"

namespace linebridge::core {
namespace {

std::string state_text(cti::Pool::State state) {
  switch (state) {
    case cti::Pool::State::waiting: return "waiting to reconnect";
    case cti::Pool::State::connecting: return "connecting";
    case cti::Pool::State::logging_in: return "logging in";
    case cti::Pool::State::enumerating: return "enumerating";
    case cti::Pool::State::in_service: return "in service";
    case cti::Pool::State::refused: return "log-in refused";
  }
  return "";
}

std::int64_t seconds_between(TimePoint from, TimePoint to) {
  return std::chrono::duration_cast<std::chrono::seconds>(to - from).count();
}

}  // namespace

void Gateway::Impl::asked(const Asked& input) {
  out_->reply(input.id,
              std::visit(Overloaded{[&](const view::ShowStatus&) -> view::Answer { return status(); },
                                    [&](const view::ShowTrace& t) -> view::Answer { return trace_lines(t); },
                                    [&](const view::Drain& d) { return drain(d); }},
                         input.what));
}

std::string Gateway::Impl::agent() const {
  if (stopping_ && !ending_) return "down #the node stops";
  return pool_.any_in_service() && !stopping_ && !draining_ ? "up" : "drain";
}

// HAProxy keeps a server that an agent drained with "drain" drained when "up" follows, and "ready" would undo
// an administrator's drain. The weight does neither: 0 takes no new dialogs, and both ways lead back. "down"
// cuts the legs of all dialogs at once, so a node that stops says it only after its clients were told.
std::string Gateway::Impl::agent_line() const {
  const std::string word = agent();
  if (word == "up") return "up 100%\n";
  return word == "drain" ? "up 0%\n" : word + "\n";
}

view::Status Gateway::Impl::status() const {
  view::Status out;
  const auto drain = drainage();
  out.node = {settings_.name,
              settings_.version,
              agent(),
              seconds_between(started_, now_),
              sessions_.size(),
              control_.calls(),
              users_->assigned(),
              drain.state,
              drain.seconds_left,
              settings_.sessions,
              sip_peers_.size(),
              0,
              transactions_.size()};
  for (std::size_t i = 0; i < pool_.size(); ++i) {
    const auto link = pool_.view(i);
    const auto on_it = std::count_if(sessions_.begin(), sessions_.end(), [&](const auto& entry) {
      return entry.second.link == cti::driver::LinkId{static_cast<std::uint32_t>(i), link.life};
    });
    out.links.push_back({static_cast<std::uint32_t>(i + 1), to_text(link.manager), state_text(link.state),
                         static_cast<std::uint64_t>(on_it), link.devices, link.lines, link.open_lines,
                         link.outstanding, link.losses, link.last_error});
  }
  for (const auto& [id, s] : sessions_) {
    out.node.waiting += s.pending.size();
    const char* state =
        link_state(s) == session::LinkState::good ? (s.events.silent() ? "silent" : "active") : "link lost";
    out.sessions.push_back({s.trace_name, s.user, s.line.text, s.appearance.device, s.rule, s.link.index + 1,
                            s.dialog.call_id, control_.monitors(s.id), state, seconds_between(s.began, now_),
                            seconds_between(s.refreshed, now_), s.requests, s.events.sent(), s.events.answers(),
                            s.events.timeouts()});
  }
  std::sort(out.sessions.begin(), out.sessions.end(), [](const view::Session& a, const view::Session& b) {
    return a.user != b.user ? a.user < b.user : a.id < b.id;
  });
  for (std::size_t i = 0; i < Counters::size; ++i)
    if (const auto value = counters_[static_cast<Counter>(i)])
      out.counters.emplace_back(Counters::text[i].name, value);
  return out;
}

view::Trace Gateway::Impl::trace_lines(const view::ShowTrace& wanted) const {
  const auto name = [&](const trace::Entry& entry) {
    return entry.session == 0 ? std::string() : settings_.tag_prefix + std::to_string(entry.session);
  };
  const std::uint64_t after = wanted.after > trace_.added() ? 0 : wanted.after;
  const auto fits = [&](const trace::Entry& entry) {
    return entry.number > after && (wanted.session.empty() || wanted.session == name(entry));
  };
  std::size_t found = 0;
  trace_.for_each([&](const trace::Entry& entry) { found += fits(entry) ? 1U : 0U; });
  std::size_t to_skip = found - std::min(found, wanted.most);
  view::Trace out;
  out.lines.reserve(found - to_skip);
  trace_.for_each([&](const trace::Entry& entry) {
    if (!fits(entry)) return;
    if (to_skip > 0) {
      --to_skip;
      return;
    }
    out.lines.push_back({entry.number, entry.at_us, name(entry), std::string(entry.from), std::string(entry.to),
                         std::string(entry.text), std::string(entry.detail)});
  });
  return out;
}

void Gateway::Impl::trace(const Session* session, std::string_view from, std::string_view to,
                          std::string_view text, std::string_view detail) {
  const auto since = std::chrono::duration_cast<std::chrono::microseconds>(now_.time_since_epoch()).count();
  trace_.add({0, settings_.wall_offset_us + since, session == nullptr ? 0 : session->id.value, from, to, text,
              detail});
}

void Gateway::Impl::trace_parts(const Session* session, std::string_view from, std::string_view to,
                                std::initializer_list<std::string_view> text,
                                std::initializer_list<std::string_view> detail) {
  trace_text_.clear();
  trace_detail_.clear();
  for (const auto part : text)
    trace_text_ += part;
  for (const auto part : detail)
    trace_detail_ += part;
  trace(session, from, to, trace_text_, trace_detail_);
}

void Gateway::Impl::trace_link(std::size_t index, bool towards, model::SessionId session, std::string_view text,
                               std::string_view detail) {
  const std::string link = "cti" + std::to_string(index + 1);
  trace(find(session), towards ? "node" : std::string_view(link), towards ? std::string_view(link) : "node",
        text, detail);
}

}  // namespace linebridge::core
