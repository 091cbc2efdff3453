#include "ops/metrics.hpp"

#include <sstream>

#include <prometheus/text_serializer.h>

namespace linebridge::ops {
namespace {

prometheus::MetricFamily family(std::string name, std::string help, prometheus::MetricType type,
                                std::string_view program) {
  prometheus::MetricFamily out;
  out.name = std::move(name);
  out.help = std::move(help);
  out.type = type;
  out.metric.resize(1);
  out.metric[0].label.push_back({"program", std::string(program)});
  return out;
}

}  // namespace

std::string metrics_page(std::string_view program, const Counters& counters, const std::vector<Gauge>& gauges) {
  std::vector<prometheus::MetricFamily> families;
  for (std::size_t i = 0; i < Counters::size; ++i) {
    const auto& text = Counters::text[i];
    families.push_back(family("linebridge_" + std::string(text.name) + "_total", std::string(text.help),
                              prometheus::MetricType::Counter, program));
    families.back().metric[0].counter.value = static_cast<double>(counters[static_cast<Counter>(i)]);
  }
  for (const auto& gauge : gauges) {
    families.push_back(family("linebridge_" + gauge.name, gauge.help, prometheus::MetricType::Gauge, program));
    families.back().metric[0].gauge.value = gauge.value;
  }
  std::ostringstream out;
  prometheus::TextSerializer().Serialize(out, families);
  return std::move(out).str();
}

}  // namespace linebridge::ops
