#include <cstdlib>
#include <filesystem>

#include "ops/system.hpp"

namespace linebridge::ops {
namespace {

constexpr const char* folder = "/etc/linebridge/secrets/";
constexpr const char* credential = "secret_";  // Of LoadCredential=secret:FOLDER, before the name of each file.

bool holds_credentials(const std::filesystem::path& directory) {
  std::error_code failed;
  for (std::filesystem::directory_iterator entry(directory, failed), end; !failed && entry != end;
       entry.increment(failed))
    if (entry->path().filename().string().starts_with(credential)) return true;
  return false;
}

}  // namespace

std::string secrets_before() {
  const char* given = std::getenv("CREDENTIALS_DIRECTORY");
  if (!given || !holds_credentials(given)) return folder;
  return std::string(given) + "/" + credential;
}

}  // namespace linebridge::ops
