#include "cli/capture.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>

#include <pcap/pcap.h>

namespace linebridge::cli {
namespace {

/// A C file that reads a stream whose beginning was taken off: libpcap wants one.
struct Source {
  std::string_view beginning;
  std::istream* in;
};

ssize_t read_source(void* cookie, char* to, std::size_t most) {
  auto& source = *static_cast<Source*>(cookie);
  if (!source.beginning.empty()) {
    const std::size_t count = source.beginning.copy(to, most);
    source.beginning.remove_prefix(count);
    return static_cast<ssize_t>(count);
  }
  source.in->read(to, static_cast<std::streamsize>(most));
  return static_cast<ssize_t>(source.in->gcount());
}

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
struct ClosePcap {
  void operator()(pcap_t* capture) const { pcap_close(capture); }
};

}  // namespace

bool is_capture(std::string_view beginning) {
  using namespace std::string_view_literals;
  constexpr std::array magics = {"\xA1\xB2\xC3\xD4"sv, "\xD4\xC3\xB2\xA1"sv, "\xA1\xB2\x3C\x4D"sv,
                                 "\x4D\x3C\xB2\xA1"sv, "\x0A\x0D\x0D\x0A"sv};
  return std::any_of(magics.begin(), magics.end(), [&](auto magic) { return beginning.starts_with(magic); });
}

Status read_capture(std::string_view beginning, std::istream& in,
                    const std::function<void(const CapturedPacket&)>& packet) {
  Source source{beginning, &in};
  std::unique_ptr<std::FILE, CloseFile> file(fopencookie(
      &source, "r",
      cookie_io_functions_t{.read = read_source, .write = nullptr, .seek = nullptr, .close = nullptr}));
  if (!file) return Error{Errc::malformed, "the capture cannot be opened"};
  std::array<char, PCAP_ERRBUF_SIZE> problem{};
  const std::unique_ptr<pcap_t, ClosePcap> capture(pcap_fopen_offline(file.get(), problem.data()));
  if (!capture) return Error{Errc::malformed, problem.data()};
  (void)file.release();  // pcap_close() closes it.
  const int link = pcap_datalink(capture.get());
  pcap_pkthdr* header = nullptr;
  const unsigned char* bytes = nullptr;
  int more = 0;
  while ((more = pcap_next_ex(capture.get(), &header, &bytes)) == 1) {
    const auto at_us = static_cast<std::int64_t>(header->ts.tv_sec) * 1'000'000 + header->ts.tv_usec;
    packet({link, at_us, {reinterpret_cast<const char*>(bytes), header->caplen}});
  }
  if (more == PCAP_ERROR_BREAK) return Done{};
  return Error{Errc::malformed, pcap_geterr(capture.get())};
}

}  // namespace linebridge::cli
