#pragma once

#include <memory>
#include <string>
#include <vector>

namespace linebridge::test {

/// A certificate and its key as PEM, made for one test.
struct Identity {
  std::string certificate;
  std::string key;
};

/// What a certificate is to say.
struct Wanted {
  std::string common_name = "gw.example.test";
  std::vector<std::string> dns = {};  ///< subjectAltName; also addresses, as "IP:127.0.0.1".
  int days = 30;                      ///< From now; below 0 it has expired.
  std::string usage = {};             ///< Extended key usage: "clientAuth"
  int rsa_bits = 0;                   ///< 0: an elliptic key.
};

/// An authority that signs. Needs no network, no file and little time.
class Authority {
public:
  explicit Authority(const std::string& name = "Test Authority");
  ~Authority();

  const std::string& certificate() const { return certificate_; }
  Identity sign(const Wanted& wanted) const;
  /// An authority below this one.
  std::unique_ptr<Authority> below(const std::string& name) const;

private:
  struct Impl;
  explicit Authority(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
  std::string certificate_;
};

Identity self_signed(const Wanted& wanted);

}  // namespace linebridge::test
