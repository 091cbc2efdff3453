#include <cstdio>
#include <iostream>
#include <memory>
#include <string_view>
#include <vector>

#include "base/counters.hpp"
#include "base/log.hpp"
#include "net/shell.hpp"
#include "options.hpp"
#include "server.hpp"

namespace {

using namespace linebridge;

/// Writes what passes to a file, times in seconds since the start; what is odd also to standard error.
class Journal final : public sim::ocs::Witness {
public:
  bool open(const std::string& path) {
    if (path.empty()) return true;
    file_.reset(std::fopen(path.c_str(), "w"));
    return file_ != nullptr;
  }
  void clock(TimePoint now) {
    if (start_ == TimePoint{}) start_ = now;
    seconds_ = std::chrono::duration<double>(now - start_).count();
  }
  void passed(std::string_view from, std::string_view to, std::string_view message) override {
    if (!file_) return;
    std::fprintf(file_.get(), "---- %.3f %.*s > %.*s\n%.*s\n", seconds_, int(from.size()), from.data(),
                 int(to.size()), to.data(), int(message.size()), message.data());
    std::fflush(file_.get());
  }
  void noted(std::string_view what) override {
    std::fprintf(stderr, "%.*s\n", int(what.size()), what.data());
    if (!file_) return;
    std::fprintf(file_.get(), "---- %.3f note: %.*s\n\n", seconds_, int(what.size()), what.data());
    std::fflush(file_.get());
  }

private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::unique_ptr<std::FILE, Close> file_;
  TimePoint start_{};
  double seconds_ = 0;
};

/// The log lines of the sockets go to standard error.
class ErrorLog final : public Log {
public:
  void write(const LogKind& kind, std::initializer_list<LogField> fields) override {
    if (kind.level >= Level::warning) std::cerr << render(kind, fields) << '\n';
  }
};

int fail(const Error& error) {
  std::cerr << "linebridge-sim-ocs: " << error.detail << '\n';
  return 1;
}

int run(const sim::ocs::Options& options) {
  Journal journal;
  if (!journal.open(options.log)) return fail({Errc::refused, "cannot write " + options.log});
  Counters counters;
  ErrorLog log;
  net::Shell shell({}, counters, log);
  const auto bound = shell.listen(Listener::sip, options.listen);
  if (!bound) return fail(bound.error());
  sim::ocs::Server server(options.server, {bound.value().host, bound.value().port}, journal);
  std::cout << "listening " << to_text(bound.value()) << "\nready" << std::endl;
  shell.run([&](const net::Shell::Event& event, TimePoint now) {
    journal.clock(now);
    const auto next = server.on(event, now, shell);
    if (std::holds_alternative<Stop>(event)) shell.quit();
    return next;
  });
  return 0;
}

}  // namespace

int main(int count, char** values) {
  const std::vector<std::string_view> arguments(values + 1, values + count);
  if (!arguments.empty() && (arguments.front() == "--help" || arguments.front() == "-h")) {
    std::cout << sim::ocs::usage;
    return 0;
  }
  if (arguments.empty() || arguments.front() != "run") {
    std::cerr << sim::ocs::usage;
    return 2;
  }
  const auto options = sim::ocs::read_options(std::span(arguments).subspan(1));
  if (!options) {
    std::cerr << "linebridge-sim-ocs: " << options.error().detail << "\nTry linebridge-sim-ocs --help\n";
    return 2;
  }
  return run(options.value());
}
