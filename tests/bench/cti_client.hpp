#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

/// Applications of a CTI Manager that take little time themselves: their requests are written once, and only
/// the numbers in them change. Bytes only.
namespace linebridge::bench::cti {

using Clock = std::chrono::steady_clock;

/// Every second phone has two lines, so that 10,000 phones have 15,000.
std::string phone_name(std::size_t phone);
std::string line_number(std::size_t line);
inline std::size_t lines_on(std::size_t phone) {
  return 1 + phone % 2;
}
inline std::size_t first_line(std::size_t phone) {
  return phone / 2 * 3 + phone % 2;
}

class Application;
/// A line as one application has it open.
struct Line {
  std::size_t number = 0;
  std::int32_t handle = 0;
  std::int32_t leg = 0;   ///< Of the call it has.
  Line* other = nullptr;  ///< The other party of the call; null without one, and for those that only look on.
  bool calls = false;     ///< It makes the call.
  bool idle = false;      ///< Its leg has ended.
  Application* owner = nullptr;
};

/// Seen by all applications of a run.
struct Tally {
  std::uint64_t calls = 0;  ///< Complete: both legs told idle.
  std::uint64_t messages_in = 0, messages_out = 0, bytes_in = 0, bytes_out = 0;
  std::vector<double> took;  ///< Seconds from a request to its answer, if `timed`.
  bool timed = false;
  std::function<void(std::string_view)> see;  ///< If set, every frame that comes.
};

/// One connection: logs in, lists, opens lines and takes its part in calls. Throws std::runtime_error on an
/// answer that is none of those it knows.
class Application {
public:
  explicit Application(Tally& tally);

  /// What is to be sent; the caller takes it.
  std::string out;
  void take(std::string_view bytes);

  void log_in();
  bool is_in() const { return in_; }
  /// Asks for all devices and lines.
  void list();
  bool is_listed() const { return listed_phones_ > 0 && is_list_whole_; }
  std::size_t listed_phones() const { return listed_phones_; }
  /// Opens phones from `first` on, each `step`th below `end`, with their lines, some at a time.
  void open(std::size_t first, std::size_t step, std::size_t end);
  bool is_open() const { return in_ && next_phone_ >= end_phone_ && waiting_.empty(); }
  std::unordered_map<std::int32_t, Line>& lines() { return lines_; }

  /// `from` belongs to this application and calls `to`; all else follows by itself. Neither has a call.
  static void call(Line& from, Line& to);
  /// Shows the CTI Manager that it is alive.
  void heartbeat();

private:
  struct Waiting {
    std::int32_t seq, id;
    Clock::time_point since;
    Line* line;
    std::size_t number;  ///< Of the line to be opened.
  };

  void frame(std::string_view bytes);
  void answer(std::int32_t id, std::string_view bytes);
  void event(std::int32_t id, std::string_view bytes);
  void leg_state(Line& line, std::int32_t state);
  void hello(std::string_view bytes);
  void open_more();
  void send(std::string& request, Line* line = nullptr, std::size_t number = 0);
  void send_on_leg(std::string& request, Line& line);
  static void end(Line& line);

  Tally& tally_;
  std::string in_bytes_;
  std::string allocate_, initiate_, answer_, disconnect_, heartbeat_;
  std::deque<Waiting> waiting_;
  std::unordered_map<std::int32_t, Line> lines_;
  std::int32_t seq_ = 0;
  std::size_t next_phone_ = 0, step_ = 1, end_phone_ = 0, listed_phones_ = 0;
  bool in_ = false, is_list_whole_ = false;
};

/// Line number to the line that calls or is called there: that of the application which opened it first.
std::vector<Line*> lines_by_number(const std::vector<std::unique_ptr<Application>>& applications);
/// Pairs of lines that call each other, each line once.
struct Pair {
  Line* from;
  Line* to;
};
std::vector<Pair> pairs(const std::vector<std::unique_ptr<Application>>& applications, std::size_t phones);

}  // namespace linebridge::bench::cti
