#include "tests/simulators/cucm/login.hpp"

#include "tests/unit/simulators/cucm/key_lock.hpp"

namespace linebridge::sim::cucm {
namespace {

constexpr std::string_view nonce = "c0ffee00-1234-5678-9abc-def012345678";

const LoginKey& key() {
  static const LoginKey made = LoginKey::make();
  return made;
}

Result<std::string> round_trip(std::string_view aes_key, std::string_view password) {
  const LockedPassword locked = lock_password(key().certificate(), aes_key, nonce, password);
  return key().open(locked.key_block, locked.password, nonce);
}

TEST(CucmLogin, OpensAPasswordUnderAKeyOfSixteenCharacters) {
  const auto opened = round_trip("0123456789abcdef", "secret");
  ASSERT_TRUE(opened) << opened.error().detail;
  EXPECT_EQ(opened.value(), "secret");
}

TEST(CucmLogin, OpensAPasswordUnderAKeyThatIsNoText) {
  // Sixteen random bytes of which some were no text: each of those takes three bytes, and the cut falls inside
  // one.
  std::string aes_key =
      "abc\xEF\xBF\xBD"
      "def\xEF\xBF\xBD"
      "gh\xEF\xBF\xBD"
      "ijklmno";
  ASSERT_GT(aes_key.size(), 20u);
  const auto opened = round_trip(aes_key, "gehe\xC3\xAFm");
  ASSERT_TRUE(opened) << opened.error().detail;
  EXPECT_EQ(opened.value(), "gehe\xC3\xAFm");
}

TEST(CucmLogin, OpensAPasswordUnderTheLongestKey) {
  std::string aes_key;
  for (int i = 0; i < 16; ++i)
    aes_key += "\xEF\xBF\xBD";
  EXPECT_TRUE(round_trip(aes_key, ""));
}

TEST(CucmLogin, RefusesAKeyThatIsTooLongOrTooShort) {
  EXPECT_FALSE(round_trip(std::string(49, 'k'), "secret"));
  // One byte of the nonce is missing, so that the key seems to have 15 bytes.
  const LockedPassword locked = lock_password(key().certificate(), std::string(16, 'k'), "once", "secret");
  const auto opened = key().open(locked.key_block, locked.password, "konce");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Errc::malformed);
}

TEST(CucmLogin, RefusesAnotherNonce) {
  const LockedPassword locked = lock_password(key().certificate(), "0123456789abcdef", nonce, "secret");
  const auto opened = key().open(locked.key_block, locked.password, "c0ffee00-1234-5678-9abc-def012345679");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Errc::refused);
}

TEST(CucmLogin, RefusesBlocksOfAnyOddSize) {
  const LockedPassword locked = lock_password(key().certificate(), "0123456789abcdef", nonce, "secret");
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{255}}) {
    EXPECT_FALSE(key().open(locked.key_block.substr(0, size), locked.password, nonce)) << size;
  }
  for (const std::size_t size : {std::size_t{0}, std::size_t{16}, std::size_t{31}}) {
    EXPECT_FALSE(key().open(locked.key_block, locked.password.substr(0, size), nonce)) << size;
  }
}

}  // namespace
}  // namespace linebridge::sim::cucm
