#pragma once

#include <string>
#include <vector>

/// Files of tests/data.
namespace linebridge::test {

/// The content of a file below tests/data; an exception if it cannot be read.
std::string data(const std::string& path);

/// The files of a folder below tests/data, as paths for data(), sorted.
std::vector<std::string> data_files(const std::string& folder);

}  // namespace linebridge::test
