#include "cti/qbe/password.hpp"

#include <gtest/gtest.h>

#include "unseal.hpp"

namespace linebridge::cti::qbe {
namespace {

constexpr std::string_view nonce = "01234567-89ab-cdef-0123-456789abcdef";
const std::string certificate = bytes_of(test_key::certificate);

Result<SealedPassword> sealed(std::string_view password, std::string_view with_nonce = nonce,
                              std::string_view with_certificate = certificate) {
  Random random(repeatable(1));
  return seal(password, with_nonce, with_certificate, random);
}

TEST(QbePassword, TheCtiManagerCanOpenIt) {
  for (const std::string& password : {std::string("secret12"), std::string(), std::string("pässwörd €"),
                                      std::string(16, 'x'), std::string(200, 'y')}) {
    const auto result = sealed(password);
    ASSERT_TRUE(result);
    EXPECT_EQ(unseal(result.value().password, result.value().key, nonce), password);
  }
}

TEST(QbePassword, TheInitialVectorIsSixteenZeroBytesInFront) {
  const SealedPassword result = sealed("secret12").value();
  EXPECT_EQ(result.password.substr(0, 16), std::string(16, '\0'));
  EXPECT_EQ(result.password.size(), 16u + 16u);
  EXPECT_EQ(result.key.size(), 256u);
}

TEST(QbePassword, TheKeyBlockIsSixteenPrintableCharactersAndTheNonce) {
  const std::string block = rsa_open(sealed("secret12").value().key).value();
  EXPECT_EQ(block.size(), 52u);
  EXPECT_EQ(block.substr(16), nonce);
  EXPECT_TRUE(std::all_of(block.begin(), block.begin() + 16, [](char c) { return c > ' ' && c < 127; }));
}

TEST(QbePassword, ACipherTextIsKnownForAKnownKey) {
  // The key comes from the random source, so a fixed source gives a fixed block.
  const SealedPassword once = sealed("secret12").value(), twice = sealed("secret12").value();
  EXPECT_EQ(once.password, twice.password);
  EXPECT_NE(once.key, twice.key) << "the padding of the RSA block is random";
  Random other(repeatable(2));
  EXPECT_NE(seal("secret12", nonce, certificate, other).value().password, once.password);
}

TEST(QbePassword, IsWhatOpensslMakesOfTheSameKey) {
  const SealedPassword result = sealed("secret12").value();
  const std::string key = rsa_open(result.key).value().substr(0, 16);
  EXPECT_EQ(key, "HpgL9Ep3sajGOs7l");
  // openssl enc -aes-128-cbc
  EXPECT_EQ(hex_of(result.password), "00000000000000000000000000000000a0e7d3b17170b65a5af66127b36c8af8");
}

TEST(QbePassword, AWrongNonceIsSeenByTheCtiManager) {
  const SealedPassword result = sealed("secret12").value();
  EXPECT_EQ(unseal(result.password, result.key, "01234567-89ab-cdef-0123-456789abcdee"), std::nullopt);
}

TEST(QbePassword, IsNotSentWithoutNonceOrCertificate) {
  EXPECT_EQ(sealed("secret12", "").error().code, Errc::refused);
  EXPECT_EQ(sealed("secret12", nonce, "").error().code, Errc::refused);
}

TEST(QbePassword, RefusesWhatIsNoRsaCertificate) {
  EXPECT_EQ(sealed("secret12", nonce, "not a certificate").error().code, Errc::malformed);
  EXPECT_EQ(sealed("secret12", nonce, certificate.substr(0, 100)).error().code, Errc::malformed);
  EXPECT_EQ(sealed("secret12", nonce, bytes_of(test_key::elliptic_certificate)).error().code, Errc::malformed);
}

TEST(QbePassword, RefusesANonceThatDoesNotFitTheKey) {
  EXPECT_TRUE(sealed("secret12", std::string(256 - 11 - 16, 'n')));
  EXPECT_EQ(sealed("secret12", std::string(256 - 11 - 15, 'n')).error().code, Errc::too_long);
}

}  // namespace
}  // namespace linebridge::cti::qbe
