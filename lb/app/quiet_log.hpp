#pragma once

#include <string>
#include <utility>

#include "base/catalogue.hpp"
#include "base/log.hpp"

namespace linebridge::lb::app {

/// A log without the failures to connect to one address: who asks there each second logs changes only. `log`
/// must outlive it.
class QuietLog final : public Log {
public:
  QuietLog(std::string address, Log& log) : address_(std::move(address)), log_(log) {}

  void write(const LogKind& kind, std::initializer_list<LogField> fields) override {
    if (kind.id == catalogue::dial_failed.id)
      for (const auto& field : fields)
        if (field.value == address_) return;
    log_.write(kind, fields);
  }

private:
  std::string address_;
  Log& log_;
};

}  // namespace linebridge::lb::app
