#include <vector>

#include "base/text.hpp"
#include "sip/framing/framer.hpp"
// #include "csta/decode.hpp" and now() in a comment are nothing.
const char* text = "rand() and std::mutex in words; #include <mutex>";
const char* raw = R"(getenv("HOME") { { {)";
int now = 1'000'000;
int snow(int x) { return x + now; }
