#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cti/qbe/claims.hpp"
#include "cti/qbe/describe.hpp"
#include "cti/qbe/layout.hpp"

namespace linebridge::cti::qbe {

/// Reads the fields of one frame that may be wrong in any way, and puts what is wrong into its description.
/// For describe() only; who acts on a frame reads it through View.
class FieldReader {
public:
  /// `from_client`: clients write unicode without a NUL, servers must not.
  FieldReader(std::string_view frame, bool from_client, Description& out);

  std::vector<Said> message(const Layout& layout);

private:
  struct Data {
    std::uint64_t offset = 0, bytes = 0;
  };

  std::vector<Said> part(const Layout& layout, std::uint64_t at, std::uint64_t size, const std::string& path,
                         unsigned depth);
  void compare(const Layout& layout, std::uint64_t at, std::uint64_t size, const std::string& path);
  Said one(const Layout& layout, std::uint32_t index, std::uint64_t at, const std::string& path,
           unsigned depth);

  Said flag(std::uint64_t at, const std::string& path);
  Said text(std::uint64_t at, const std::string& path, bool secret);
  Said bytes(std::uint64_t at, const std::string& path, bool secret);
  Said unicode(std::uint64_t at, const std::string& path);
  Said items(const Layout& layout, std::uint32_t index, std::uint64_t at, const std::string& path);
  Said pieces(Type type, std::uint64_t at, const std::string& path);
  Said element(const Layout& inner, std::uint64_t at, const std::string& path, unsigned depth);
  Said elements(const Layout& inner, std::uint64_t at, const std::string& path, unsigned depth);

  void check_total(std::uint64_t offset, std::uint64_t total, const std::string& path);

  std::uint32_t word(std::uint64_t at, unsigned index) const;
  /// What of a slot's data lies where data may lie.
  Data data(std::uint64_t offset, std::uint64_t bytes, const std::string& path);
  std::string_view view(Data data) const { return frame_.substr(data.offset, data.bytes); }
  bool spend(std::uint64_t steps, std::uint64_t bytes);
  void wrong(const std::string& path, std::string_view what);
  void report_claims();

  std::string_view frame_;
  bool from_client_;
  Description& out_;
  std::uint64_t variable_at_ = 0;
  std::uint64_t steps_left_, bytes_left_;
  std::uint64_t reached_ = 0;  ///< The end of the data read last, in the element that is being read.
  bool exhausted_ = false;
  bool grown_ = false;  ///< There are fields we do not know, so bytes that nobody claims are no wonder.
  bool hide_ = false;   ///< Raw bytes may hold a password.
  Claims claims_;
};

}  // namespace linebridge::cti::qbe
