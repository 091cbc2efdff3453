#include "cli/decode.hpp"

#include <array>
#include <cerrno>
#include <fstream>
#include <ostream>
#include <system_error>

#include "cli/capture.hpp"
#include "cli/decode_report.hpp"

namespace linebridge::cli {
namespace {

class Printer : public DecodeSink {
public:
  Printer(std::ostream& out, bool json) : out_(&out), json_(json) {}
  void show(const Record& record) override { print(record); }
  void show(const Remark& remark) override { print(remark); }
  template <class T>
  void print(const T& what) {
    *out_ << (json_ ? decode_json(what) : decode_text(what));
  }

private:
  std::ostream* out_;
  bool json_;
};

Status read_hex(std::string_view beginning, std::istream& in, CtiDecoder& decoder) {
  HexReader reader(decoder);
  if (auto status = reader.feed(beginning); !status) return status;
  std::array<char, 64 * 1024> buffer{};
  while (in.read(buffer.data(), buffer.size()), in.gcount() > 0)
    if (auto status = reader.feed({buffer.data(), static_cast<std::size_t>(in.gcount())}); !status)
      return status;
  return reader.finish();
}

Status read_all(std::istream& in, CtiDecoder& decoder) {
  std::array<char, 4> magic{};
  in.read(magic.data(), magic.size());
  const std::string_view beginning(magic.data(), static_cast<std::size_t>(in.gcount()));
  if (!is_capture(beginning)) return read_hex(beginning, in, decoder);
  return read_capture(beginning, in, [&](const CapturedPacket& packet) {
    decoder.packet(packet.link, packet.at_us, packet.bytes);
  });
}

}  // namespace

int decode(const DecodeCti& command, std::istream& standard_input, std::ostream& out, std::ostream& error) {
  std::ifstream file;
  if (command.file != "-") {
    file.open(command.file, std::ios::binary);
    if (!file || file.peek() == std::ifstream::traits_type::eof()) {
      error << command.file << ": "
            << (file.is_open() ? "empty, or not a file" : std::generic_category().message(errno)) << "\n";
      return wrong_usage;
    }
  }
  Printer printer(out, command.json);
  CtiDecoder decoder({command.port, command.only, {}}, printer);
  const auto read = read_all(command.file == "-" ? standard_input : file, decoder);
  const Summary& summary = decoder.finish();
  printer.print(summary);
  if (!read) {
    error << command.file << ": " << read.error().detail << "\n";
    return wrong_usage;
  }
  return summary.mismatches == 0 ? 0 : 1;
}

}  // namespace linebridge::cli
