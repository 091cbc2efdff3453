#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace linebridge::test {

/// An XML schema as a referee of what we write (libxml2).
class Schema {
public:
  /// `path` is below tests/data; an exception if it is no schema.
  explicit Schema(const std::string& path);
  ~Schema();

  /// What the referee says against a document: empty if it is well-formed and valid.
  std::string problems(std::string_view document) const;

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// The schema of CSTA XML edition 3, read once.
const Schema& csta_schema();

/// What that schema says against a CSTA body of any edition: bodies of other editions have the shape of edition
/// 3 and another namespace.
std::string csta_problems(std::string_view body);

}  // namespace linebridge::test
