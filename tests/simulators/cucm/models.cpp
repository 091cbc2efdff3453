#include "tests/simulators/cucm/models.hpp"

#include "base/text.hpp"

namespace linebridge::sim::cucm {
namespace {

constexpr std::int32_t sccp = 1, sip = 2, remote = 3;

constexpr PhoneModel table[] = {
    {"Cisco 7940", 8, sccp, "7940"},
    {"Cisco 7941", 115, sccp, "7941"},
    {"Cisco 7942", 434, sccp, "7942"},
    {"Cisco 7945", 435, sccp, "7945"},
    {"Cisco 7960", 7, sccp, "7960"},
    {"Cisco 7961", 30018, sccp, "7961"},
    {"Cisco 7962", 404, sccp, "7962"},
    {"Cisco 7965", 436, sccp, "7965"},
    {"Cisco 7970", 30006, sccp, "7970"},
    {"Cisco 7971", 119, sccp, "7971"},
    {"Cisco 7975", 437, sccp, "7975"},
    {"Cisco 7931", 348, sccp, "7931"},
    {"Cisco 6921", 495, sccp, "6921"},
    {"Cisco 6941", 496, sccp, "6941"},
    {"Cisco 6961", 497, sccp, "6961"},
    {"Cisco 8941", 586, sccp, "8941"},
    {"Cisco 8945", 585, sccp, "8945"},
    {"Cisco 8961", 540, sip, "8961"},
    {"Cisco 9951", 537, sip, "9951"},
    {"Cisco 9971", 493, sip, "9971"},
    {"Cisco Unified Client Services Framework", 503, sip, "CSF"},
    {"Cisco IP Communicator", 30016, sccp, "CIPC"},
    {"CTI Port", type_cti_port, sccp, "CTIPort"},
    {"CTI Route Point", type_cti_route_point, sccp, "CTIRoutePoint"},
    {"CTI Remote Device", 635, remote, "CTIRemoteDevice"},
};

}  // namespace

const PhoneModel* find_model(std::string_view name) {
  for (const PhoneModel& model : table) {
    const bool is_short = !model.short_name.empty() && iequals(model.short_name, name);
    if (is_short || iequals(model.name, name)) return &model;
  }
  return nullptr;
}

std::string known_models() {
  std::string all;
  for (const PhoneModel& model : table)
    all.append(all.empty() ? "" : ", ").append(model.name);
  return all;
}

}  // namespace linebridge::sim::cucm
