#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

#include <sys/stat.h>

#include "config/config.hpp"

namespace linebridge::config {
namespace {

constexpr std::size_t most_file_bytes = 16 * 1024 * 1024;
constexpr std::size_t most_secret_bytes = 1024;
constexpr std::size_t most_pem_bytes = 1024 * 1024;

struct Close {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, Close>;

std::string last_error() {
  return std::generic_category().message(errno);
}

/// At most `most` bytes and one, so that the caller sees that there are more.
std::string read_all(std::FILE* file, std::size_t most) {
  std::string text;
  char part[4096];
  while (text.size() <= most) {
    const std::size_t got = std::fread(part, 1, sizeof part, file);
    if (got == 0) break;
    text.append(part, got);
  }
  return text;
}

std::vector<Problem> unreadable(const std::string& why) {
  return {{0, "", "cannot be read: " + why}};
}

enum class Readers { all, not_others };

/// At most `most` bytes and one. Errors: not_found, refused.
Result<std::string> read_regular(const std::string& path, Readers readers, std::size_t most) {
  const File file(std::fopen(path.c_str(), "rbe"));
  if (!file) return Error{errno == ENOENT ? Errc::not_found : Errc::refused, "'" + path + "': " + last_error()};
  struct stat found{};
  if (::fstat(fileno(file.get()), &found) != 0 || !S_ISREG(found.st_mode))
    return Error{Errc::refused, "'" + path + "' is not a file"};
  if (readers == Readers::not_others && (found.st_mode & (S_IROTH | S_IWOTH)) != 0)
    return Error{Errc::refused, "'" + path + "' is open to everybody; run: chmod o= '" + path + "'"};
  return read_all(file.get(), most);
}

Result<std::string> read_whole(const std::string& path, Readers readers, std::size_t most) {
  auto text = read_regular(path, readers, most);
  if (text && text.value().size() > most)
    return Error{Errc::too_long, "'" + path + "' is over " + std::to_string(most) + " bytes long"};
  return text;
}

}  // namespace

std::variant<Config, std::vector<Problem>> load(const std::string& path) {
  const File file(std::fopen(path.c_str(), "rbe"));
  if (!file) return unreadable(last_error());
  errno = 0;
  const std::string text = read_all(file.get(), most_file_bytes);
  if (std::ferror(file.get()) != 0) return unreadable(last_error());
  if (text.size() > most_file_bytes) return unreadable("it is over 16 MiB long");
  return parse(text);
}

Config with_secrets(Config config, const std::string& before) {
  for (std::string* file :
       {&config.cti.password_file, &config.tls.certificate, &config.tls.key, &config.tls.client_ca})
    if (!file->empty() && file->find('/') == std::string::npos) *file = before + *file;
  return config;
}

Result<std::string> read_file(const std::string& path, std::size_t most) {
  return read_whole(path, Readers::all, most);
}

Result<std::string> read_secret(const std::string& path) {
  auto read = read_regular(path, Readers::not_others, most_secret_bytes);
  if (!read) return read;
  std::string text = std::move(read).value();
  text.resize(std::min(text.find_first_of("\r\n"), text.size()));
  if (text.empty()) return Error{Errc::malformed, "'" + path + "' has no text in its first line"};
  if (text.size() > most_secret_bytes)
    return Error{Errc::too_long, "'" + path + "' has over 1024 bytes in a line"};
  return text;
}

Result<std::string> read_certificates(const std::string& path) {
  return read_whole(path, Readers::all, most_pem_bytes);
}

Result<std::string> read_key(const std::string& path) {
  return read_whole(path, Readers::not_others, most_pem_bytes);
}

}  // namespace linebridge::config
