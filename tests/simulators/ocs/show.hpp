#pragma once

#include <string>
#include <string_view>

#include "office.hpp"

/// What the console shows, as JSON in one line.
namespace linebridge::sim::ocs {

std::string show_client(const Client& client);
/// One message of the log.
std::string show_passed(const Passed& passed);
/// All clients, or one.
std::string show_clients(const Office& office, std::optional<std::size_t> only);
/// The last `most` messages, oldest first; of one user if `user` is not empty.
std::string show_log(const Office& office, std::size_t most, std::string_view user);

}  // namespace linebridge::sim::ocs
