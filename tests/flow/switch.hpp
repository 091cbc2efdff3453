#pragma once

#include <string>

#include "tests/simulators/cucm/cluster_spec.hpp"
#include "tests/simulators/cucm/login.hpp"

/// What the simulated switches of the flow tests are made of.
namespace linebridge::test {

/// One key for all: making one takes its time.
inline const sim::cucm::LoginKey& login_key() {
  static const sim::cucm::LoginKey key = sim::cucm::LoginKey::make();
  return key;
}

/// A phone with one line.
inline sim::cucm::PhoneSpec phone(const std::string& number) {
  sim::cucm::PhoneSpec out;
  out.name = "SEP00000000" + number;
  out.lines.push_back({number, "", "Phone " + number});
  return out;
}

}  // namespace linebridge::test
