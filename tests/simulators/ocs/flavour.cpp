#include "flavour.hpp"

#include <array>

#include "base/text.hpp"

namespace linebridge::sim::ocs {
namespace {

constexpr std::array<Service, 3> short_sign_in = {Service::get_features, Service::monitor_start,
                                                  Service::snapshot_device};
constexpr std::array<Service, 5> long_sign_in = {Service::get_features, Service::monitor_start,
                                                 Service::snapshot_device, Service::get_forwarding,
                                                 Service::get_do_not_disturb};

constexpr std::array<FlavourFacts, 3> table = {{
    {.name = "lcs2005",
     .user_agent = "LCC/1.3",
     .refresh = "INVITE",
     .pipelines = true,
     .allow = "",
     .sign_in = short_sign_in},
    {.name = "ocs2007",
     .user_agent = "UCCP/2.0.6362.0 OC/2.0.6362.0 (Microsoft Office Communicator)",
     .refresh = "INVITE",
     .gruu = true,
     .asks_interval = true,
     .allow = "",
     .sign_in = long_sign_in},
    {.name = "ocs2007r2",
     .user_agent = "UCCAPI/3.5.6907.0 OC/3.5.6907.0 (Microsoft Office Communicator 2007 R2)",
     .refresh = "UPDATE",
     .gruu = true,
     .asks_interval = true,
     .allow = "INVITE, BYE, ACK, CANCEL, INFO, UPDATE, REFER, NOTIFY, BENOTIFY, OPTIONS",
     .sign_in = long_sign_in},
}};

}  // namespace

const FlavourFacts& facts(Flavour flavour) {
  return table[static_cast<std::size_t>(flavour)];
}

std::optional<Flavour> parse_flavour(std::string_view name) {
  for (std::size_t i = 0; i < table.size(); ++i)
    if (iequals(table[i].name, name)) return static_cast<Flavour>(i);
  return std::nullopt;
}

}  // namespace linebridge::sim::ocs
