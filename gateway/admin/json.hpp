#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "config/config.hpp"
#include "view/view.hpp"

/// The JSON of the local API and of the administrator's command; admin/api.hpp lists the names.
namespace linebridge::admin {

std::string to_json(const view::Status& status);
std::string to_json(const view::Trace& trace);
std::string to_json(const view::Drainage& drainage);
std::string to_json(const view::Passed& passed);
std::string to_json(const view::Refused& refused);
/// [{"line", "key", "what"}]
std::string to_json(const std::vector<config::Problem>& problems);
/// A text as a JSON string, with its quotes. Bytes that are not UTF-8 are replaced.
std::string to_json(std::string_view text);

/// Reads what to_json writes. Members that are missing keep their defaults, unknown ones are skipped, so that
/// command and node may be of different versions. Errors: malformed; refused with the reason of an {"error"}
/// object.
Result<view::Status> read_status(std::string_view json);
Result<view::Trace> read_trace(std::string_view json);
Result<view::Drainage> read_drainage(std::string_view json);
Result<view::Passed> read_passed(std::string_view json);

}  // namespace linebridge::admin
