#include <stdexcept>
#include <string>

#include <benchmark/benchmark.h>
#include <expat.h>

extern "C" {
#include <osipparser2/osip_parser.h>
}

#include "tests/bench/messages.hpp"

/// What the libraries need to read a whole request, on this machine, now. The node gives libosip2 less than
/// that: it reads the head itself and leaves the URIs to the library.
namespace linebridge::bench {
namespace {

void read_head(const std::string& head) {
  osip_message_t* message = nullptr;
  osip_message_init(&message);
  if (osip_message_parse(message, head.c_str(), head.size()) != OSIP_SUCCESS)
    throw std::runtime_error("libosip2 cannot read " + head);
  osip_message_free(message);
}

void read_body(const std::string& body) {
  const XML_Parser parser = XML_ParserCreate(nullptr);
  if (XML_Parse(parser, body.data(), static_cast<int>(body.size()), 1) != XML_STATUS_OK)
    throw std::runtime_error("Expat cannot read " + body);
  XML_ParserFree(parser);
}

void libraries(benchmark::State& state) {
  parser_init();
  Client client(1);
  const std::string body = client.make_call("+15551234");
  std::string head = client.info({});
  for (auto _ : state) {
    read_head(head);
    read_body(body);
  }
  state.SetItemsProcessed(state.iterations());
}

BENCHMARK(libraries);

}  // namespace
}  // namespace linebridge::bench
