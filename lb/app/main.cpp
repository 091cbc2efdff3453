#include <iostream>

#include "base/catalogue.hpp"
#include "lb/app/options.hpp"
#include "lb/app/program.hpp"
#include "lb/app/settings.hpp"
#include "ops/log_output.hpp"
#include "ops/system.hpp"

namespace linebridge::lb::app {
namespace {

ops::LogOutput::Settings log_settings(const config::Config& site) {
  ops::LogOutput::Settings settings;
  settings.least = ops::level_of(site.log_level).value_or(Level::info);
  settings.json = site.log_json;
  settings.journal = ops::under_journal();
  return settings;
}

int serve(const config::Config& site) {
  ops::LogOutput log(log_settings(site));
  const std::uint64_t descriptors = ops::raise_descriptor_limit();
  if (descriptors < descriptors_wanted(site))
    log.write(catalogue::few_descriptors,
              {{"has", std::to_string(descriptors)}, {"wants", std::to_string(descriptors_wanted(site))}});
  Program program(site, descriptors, log);
  if (const auto listening = program.listen(); !listening) {
    std::cerr << "linebridge-splitter: " << listening.error().detail << "\n";
    return 1;
  }
  program.run();
  return 0;
}

int start(const Serve& wanted) {
  const auto loaded = config::load(wanted.config_file);
  if (const auto* site = std::get_if<config::Config>(&loaded)) return serve(*site);
  for (const auto& problem : std::get<std::vector<config::Problem>>(loaded))
    std::cerr << config::to_text(wanted.config_file, problem) << "\n";
  return 1;
}

}  // namespace
}  // namespace linebridge::lb::app

int main(int count, char** words) {
  using namespace linebridge::lb::app;
  const auto wanted = read_words(std::vector<std::string_view>(words + 1, words + count));
  if (const auto* run = std::get_if<Serve>(&wanted)) return start(*run);
  const auto& say = std::get<Say>(wanted);
  (say.status == 0 ? std::cout : std::cerr) << say.text;
  return say.status;
}
