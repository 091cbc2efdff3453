#include "tests/bench/cti_client.hpp"

#include <cstdio>
#include <stdexcept>
#include <utility>

#include "tests/simulators/cucm/codec.hpp"
#include "tests/simulators/cucm/message_ids.hpp"
#include "tests/simulators/cucm/words.hpp"
#include "tests/unit/simulators/cucm/key_lock.hpp"

namespace linebridge::bench::cti {
namespace {

using namespace sim::cucm;

// Where fields of the fixed part stand, from the first byte of the frame.
constexpr std::size_t at_id = 16, at_seq = 32, at_result = 36, at_line = 40, at_leg = 48;
constexpr std::size_t at_event_line = 36, at_given_call = 44, at_initiated_leg = 52;
constexpr std::size_t at_new_call_leg = 56, at_event_leg = 44, at_state = 48;
constexpr std::size_t at_call_manager = 44, at_call = 48, at_calling_address = 52, at_called_address = 60;
constexpr std::size_t at_reason = 32;

constexpr std::size_t first_number = 10001;

std::int32_t word(std::string_view bytes, std::size_t at) {
  if (at + 4 > bytes.size()) throw std::runtime_error("a frame that is too short");
  return static_cast<std::int32_t>(read_u32(bytes, at));
}
void set_word(std::string& bytes, std::size_t at, std::int32_t value) {
  write_u32(bytes, at, static_cast<std::uint32_t>(value));
}

std::string written(std::int32_t id, Fields fields) {
  std::string bytes;
  encode({id, std::move(fields)}, client_dialect(), bytes);
  return bytes;
}

/// All numbers have as many digits as the one that was written.
void set_number(std::string& bytes, std::size_t at, std::size_t line) {
  const std::string text = line_number(line);
  bytes.replace(static_cast<std::size_t>(word(bytes, at)), text.size(), text);
}

std::string on_leg_request(std::int32_t id) {
  return written(id, {{"lineCallManagerID", 1}, {"callLegCallManagerID", 1}});
}

}  // namespace

std::string phone_name(std::size_t phone) {
  char name[32];
  std::snprintf(name, sizeof name, "SEP%012zu", phone + 1);
  return name;
}

std::string line_number(std::size_t line) {
  return std::to_string(first_number + line);
}

Application::Application(Tally& tally)
    : tally_(tally),
      allocate_(written(id::allocate_global_call, {})),
      initiate_(written(id::line_call_initiate, {{"lineCallManagerID", 1},
                                                 {"callingAddress", line_number(0)},
                                                 {"destAddress", line_number(0)},
                                                 {"featurePriority", 1}})),
      answer_(on_leg_request(id::call_answer)),
      disconnect_(on_leg_request(id::call_disconnect)),
      heartbeat_(written(id::heartbeat, {})) {}

void Application::take(std::string_view bytes) {
  tally_.bytes_in += bytes.size();
  in_bytes_.append(bytes);
  std::string_view rest = in_bytes_;
  while (rest.size() >= header_bytes) {
    const auto size = static_cast<std::size_t>(word(rest, 0)) + 8;
    if (rest.size() < size) break;
    frame(rest.substr(0, size));
    rest.remove_prefix(size);
  }
  in_bytes_.erase(0, in_bytes_.size() - rest.size());
}

void Application::send(std::string& request, Line* line, std::size_t number) {
  set_word(request, at_seq, ++seq_);
  waiting_.push_back(
      {seq_, word(request, at_id), tally_.timed ? Clock::now() : Clock::time_point{}, line, number});
  out += request;
  tally_.bytes_out += request.size();
  ++tally_.messages_out;
}

void Application::send_on_leg(std::string& request, Line& line) {
  set_word(request, at_line, line.handle);
  set_word(request, at_leg, line.leg);
  send(request, &line);
}

void Application::log_in() {
  std::string request = written(id::provider_init, {{"provider", "127.0.0.1"}, {"pluginName", "CiscoJTAPI"}});
  send(request);
}

void Application::hello(std::string_view bytes) {
  const auto read = decode({0, id::provider_init + 1, header_bytes, read_u32(bytes, 24), bytes});
  const Fields& given = read.value().fields;
  const auto locked =
      lock_password(given.text("certificate"), "0123456789abcdef", given.text("nonce"), "secret");
  std::string request = written(id::provider_open, {{"login", "linebridge"},
                                                    {"password", locked.password},
                                                    {"encryptedKeyData", locked.key_block},
                                                    {"filter", all_flags("ProviderEventFilter")},
                                                    {"desiredServerHeartbeatTime", 30},
                                                    {"ssoticket", Null{}}});
  send(request);
}

void Application::list() {
  std::string request = written(id::provider_get_all_devices, {});
  listed_phones_ = 0;
  is_list_whole_ = false;
  send(request);
}

void Application::heartbeat() {
  out += heartbeat_;
}

void Application::open(std::size_t first, std::size_t step, std::size_t end) {
  next_phone_ = first;
  step_ = step;
  end_phone_ = end;
  open_more();
}

void Application::open_more() {
  constexpr std::size_t at_once = 32;
  while (next_phone_ < end_phone_ && waiting_.size() < at_once) {
    const std::size_t phone = std::exchange(next_phone_, next_phone_ + step_);
    std::string device = written(
        id::device_open, {{"deviceName", phone_name(phone)}, {"filter", all_flags("DeviceEventFilter")}});
    send(device);
    for (std::size_t line = first_line(phone); line < first_line(phone) + lines_on(phone); ++line) {
      std::string request = written(id::line_open, {{"deviceName", phone_name(phone)},
                                                    {"lineName", line_number(line)},
                                                    {"filter", all_flags("LineEventFilter")}});
      send(request, nullptr, line);
    }
  }
}

void Application::call(Line& from, Line& to) {
  from.other = &to;
  to.other = &from;
  from.calls = true;
  to.calls = from.idle = to.idle = false;
  from.owner->send(from.owner->allocate_, &from);
}

void Application::frame(std::string_view bytes) {
  ++tally_.messages_in;
  if (tally_.see) tally_.see(bytes);
  const std::int32_t id = word(bytes, at_id);
  if (id == id::failure) throw std::runtime_error("request refused: " + std::to_string(word(bytes, at_result)));
  if (!waiting_.empty() && id == waiting_.front().id + 1 && word(bytes, at_seq) == waiting_.front().seq) {
    return answer(id, bytes);
  }
  event(id, bytes);
}

void Application::answer(std::int32_t id, std::string_view bytes) {
  const Waiting asked = waiting_.front();
  waiting_.pop_front();
  if (tally_.timed) tally_.took.push_back(std::chrono::duration<double>(Clock::now() - asked.since).count());
  switch (asked.id) {
    case id::provider_init: return hello(bytes);
    case id::line_open: {
      const std::int32_t handle = word(bytes, at_given_call);
      lines_[handle] = {asked.number, handle, 0, nullptr, false, false, this};
      [[fallthrough]];
    }
    case id::device_open: return open_more();
    case id::allocate_global_call:
      set_word(initiate_, at_line, asked.line->handle);
      set_word(initiate_, at_call_manager, 1);
      set_word(initiate_, at_call, word(bytes, at_given_call));
      set_number(initiate_, at_calling_address, asked.line->number);
      set_number(initiate_, at_called_address, asked.line->other->number);
      return send(initiate_, asked.line);
    case id::line_call_initiate: asked.line->leg = word(bytes, at_initiated_leg); return;
    case id::call_answer:
    case id::call_disconnect:
    case id::provider_open:
    case id::provider_get_all_devices: return;
    default: throw std::runtime_error("an answer to nothing: " + std::to_string(id));
  }
}

void Application::event(std::int32_t id, std::string_view bytes) {
  switch (id) {
    case id::provider_open_completed:
      if (word(bytes, at_reason) != 0) throw std::runtime_error("log-in refused");
      in_ = true;
      return;
    case id::device_line_info: ++listed_phones_; return;
    case id::all_devices_completed: is_list_whole_ = true; return;
    case id::new_call:
      if (Line& line = lines_.at(word(bytes, at_event_line)); line.other)
        line.leg = word(bytes, at_new_call_leg);
      return;
    case id::call_state_changed:
      if (Line& line = lines_.at(word(bytes, at_event_line)); line.other)
        leg_state(line, word(bytes, at_state));
      return;
    default: return;
  }
}

/// The called party answers, the calling one hangs up at once.
void Application::leg_state(Line& line, std::int32_t state) {
  switch (static_cast<LegState>(state)) {
    case LegState::accepted: return send_on_leg(answer_, line);
    case LegState::connected:
      if (line.calls) send_on_leg(disconnect_, line);
      return;
    case LegState::idle:
      line.idle = true;
      if (line.other->idle) end(line);
      return;
    default: return;
  }
}

void Application::end(Line& line) {
  ++line.owner->tally_.calls;
  line.other->other = nullptr;
  line.other = nullptr;
}

std::vector<Line*> lines_by_number(const std::vector<std::unique_ptr<Application>>& applications) {
  std::vector<Line*> all;
  for (const auto& application : applications) {
    for (auto& [handle, line] : application->lines()) {
      if (all.size() <= line.number) all.resize(line.number + 1);
      if (!all[line.number]) all[line.number] = &line;
    }
  }
  return all;
}

/// The phone with one line calls the next, now its first line, now its second.
std::vector<Pair> pairs(const std::vector<std::unique_ptr<Application>>& applications, std::size_t phones) {
  const auto lines = lines_by_number(applications);
  std::vector<Pair> made;
  for (std::size_t phone = 0; phone + 1 < phones; phone += 2)
    made.push_back({lines.at(first_line(phone)), lines.at(first_line(phone + 1) + phone / 2 % 2)});
  return made;
}

}  // namespace linebridge::bench::cti
