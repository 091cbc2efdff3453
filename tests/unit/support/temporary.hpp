#pragma once

#include <filesystem>
#include <string>

namespace linebridge::test {

/// A directory of its own, removed with all that is in it. Short enough for names of Unix sockets.
class TemporaryDirectory {
public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  std::string path(const std::string& name) const { return (where_ / name).string(); }
  /// Writes a file; returns its path.
  std::string write(const std::string& name, const std::string& content) const;

private:
  std::filesystem::path where_;
};

}  // namespace linebridge::test
