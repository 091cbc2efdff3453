#include "cli/run.hpp"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <ostream>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "admin/json.hpp"
#include "base/version.hpp"
#include "cli/ask.hpp"
#include "cli/decode.hpp"
#include "cli/front.hpp"
#include "cli/trail.hpp"
#include "config/config.hpp"
#include "csta/features.hpp"
#include "lb/haproxy/render.hpp"
#include "ops/system.hpp"

namespace linebridge::cli {
namespace {

using Problems = std::vector<config::Problem>;

std::optional<config::Config> load(const std::string& file, std::ostream& error) {
  auto loaded = config::load(file);
  if (auto* good = std::get_if<config::Config>(&loaded)) return std::move(*good);
  for (const auto& problem : std::get<Problems>(loaded))
    error << config::to_text(file, problem) << "\n";
  return std::nullopt;
}

Error last_error() {
  return {Errc::refused, std::generic_category().message(errno)};
}

/// A new file that nobody but its owner may use; whoever had one of that name open has another.
Status make_secret(const std::filesystem::path& path) {
  std::error_code ignored;
  std::filesystem::remove(path, ignored);
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file < 0) return last_error();
  ::close(file);
  return Done{};
}

/// Writes beside the file first, so that who reads it never sees half of it.
Status write_file(const std::filesystem::path& path, const lb::haproxy::File& content) {
  const std::filesystem::path fresh = path.string() + ".new";
  if (content.secret)
    if (const auto made = make_secret(fresh); !made) return made;
  std::ofstream file(fresh, std::ios::binary | std::ios::trunc);
  file << content.content;
  file.close();
  if (!file) return last_error();
  std::error_code failed;
  std::filesystem::rename(fresh, path, failed);
  if (failed) return Error{Errc::refused, failed.message()};
  return Done{};
}

/// What the front end needs of [tls]; nothing if it speaks no TLS.
Result<lb::haproxy::Pem> read_pem(const config::Config& config, const std::string& directory) {
  if (!lb::haproxy::uses_tls(config)) return lb::haproxy::Pem{};
  auto certificate = config::read_certificates(config.tls.certificate);
  if (!certificate) return Error{certificate.error().code, "tls.certificate: " + certificate.error().detail};
  auto key = config::read_key(config.tls.key);
  if (!key) return Error{key.error().code, "tls.key: " + key.error().detail};
  auto authorities = config::read_certificates(config.tls.client_ca);
  if (!authorities) return Error{authorities.error().code, "tls.client_ca: " + authorities.error().detail};
  return lb::haproxy::Pem{std::move(certificate).value(), std::move(key).value(),
                          std::move(authorities).value(), std::filesystem::absolute(directory)};
}

struct Runner {
  std::ostream& out;
  std::ostream& error;

  int operator()(const CheckConfig& command) const {
    const auto loaded = config::load(command.file);
    const auto* site = std::get_if<config::Config>(&loaded);
    const Problems found = site ? problems_of_features(command.file, *site) : std::get<Problems>(loaded);
    if (command.json) {
      out << "{\"file\":" << admin::to_json(command.file) << ",\"problems\":" << admin::to_json(found) << "}\n";
    } else if (!found.empty()) {
      for (const auto& problem : found)
        out << config::to_text(command.file, problem) << "\n";
    } else {
      out << command.file << ": no problems\n";
    }
    if (site) {
      const auto whole = config::with_secrets(*site, ops::secrets_before());
      tell_of_secret(command.file, whole);
      tell_of_tls(command.file, whole);
    }
    return found.empty() ? 0 : 1;
  }

  /// What is in the features file is a problem of the site; that it cannot be read here need not be one.
  Problems problems_of_features(const std::string& file, const config::Config& site) const {
    if (site.sip.features_file.empty()) return {};
    const auto body = config::read_file(site.sip.features_file, csta::most_features_bytes);
    if (!body) {
      error << file
            << ": a node started here, now and by you could not use sip.features_file: " << body.error().detail
            << "\n";
      return {};
    }
    const auto checked = csta::check_features(body.value());
    if (!checked)
      return {{0, "sip.features_file", "'" + site.sip.features_file + "': " + checked.error().detail}};
    for (const auto& name : checked.value())
      error << file << ": sip.features_file advertises " << name << ", which is refused\n";
    return {};
  }

  /// Not a problem of the file: it may be checked elsewhere, or by somebody who must not read the password.
  void tell_of_secret(const std::string& file, const config::Config& site) const {
    const auto secret = config::read_secret(site.cti.password_file);
    if (!secret)
      error << file << ": a node started here, now and by you could not use cti.password_file: "
            << secret.error().detail << "\n";
  }

  /// Nor is this one.
  void tell_of_tls(const std::string& file, const config::Config& site) const {
    const auto tell = [&](std::string_view key, const std::string& path, const Result<std::string>& read) {
      if (!path.empty() && !read)
        error << file << ": a program started here, now and by you could not speak TLS: tls." << key << ": "
              << read.error().detail << "\n";
    };
    const config::Tls& tls = site.tls;
    tell("certificate", tls.certificate, config::read_certificates(tls.certificate));
    tell("key", tls.key, config::read_key(tls.key));
    tell("client_ca", tls.client_ca, config::read_certificates(tls.client_ca));
  }

  int operator()(const ShowConfig& command) const {
    const auto config = load(command.file, error);
    if (!config) return 1;
    out << config::effective(*config);
    return 0;
  }

  int operator()(const Render& command) const {
    const auto config = load(command.file, error);
    if (!config) return 1;
    const auto pem = read_pem(config::with_secrets(*config, ops::secrets_before()), command.directory);
    if (!pem) {
      error << command.file << ": " << pem.error().detail << "\n";
      return 1;
    }
    std::error_code failed;
    std::filesystem::create_directories(command.directory, failed);
    if (failed) {
      error << "cannot make " << command.directory << ": " << failed.message() << "\n";
      return 1;
    }
    const std::uint64_t descriptors =
        command.descriptors > 0 ? command.descriptors : ops::raise_descriptor_limit();
    for (const auto& file : lb::haproxy::render(*config, {descriptors}, pem.value())) {
      const auto path = std::filesystem::path(command.directory) / file.name;
      if (const auto written = write_file(path, file); !written) {
        error << "cannot write " << path.string() << ": " << written.error().detail << "\n";
        return 1;
      }
      out << path.string() << "\n";
    }
    return 0;
  }

  int operator()(const ShowStatus& command) const {
    const auto config = load(command.whom.file, error);
    return config ? show_status(command, *config, out) : 1;
  }

  int operator()(const ShowTrace& command) const {
    const auto config = load(command.whom.file, error);
    return config ? show_trace(command, *config, out, error) : 1;
  }

  int operator()(const FollowTrace& command) const {
    const auto config = load(command.whom.file, error);
    return config ? follow(command, *config, out, error) : 1;
  }

  int operator()(const DrawTrace& command) const { return draw(command, std::cin, out, error); }

  int operator()(const Drain& command) const {
    const auto config = load(command.whom.file, error);
    return config ? drain(command, *config, out, error) : 1;
  }

  int operator()(const ShowFront& command) const {
    const auto config = load(command.file, error);
    return config ? show_front(command, *config, out, error) : 1;
  }

  int operator()(const OrderFront& command) const {
    const auto config = load(command.file, error);
    return config ? order_front(command, *config, out, error) : 1;
  }

  int operator()(const DecodeCti& command) const { return decode(command, std::cin, out, error); }

  int operator()(const ShowVersion&) const {
    out << "linebridge " << version() << "\n";
    return 0;
  }
};

}  // namespace

int run(const Command& command, std::ostream& out, std::ostream& error) {
  return std::visit(Runner{out, error}, command);
}

int run(const std::vector<std::string>& words, std::ostream& out, std::ostream& error) {
  const auto parsed = parse(words);
  if (const auto* exit = std::get_if<Exit>(&parsed)) {
    out << exit->out;
    error << exit->error;
    return exit->code;
  }
  return run(std::get<Command>(parsed), out, error);
}

}  // namespace linebridge::cli
