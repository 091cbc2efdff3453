#include <chrono>
auto at() { return std::chrono::steady_clock::now(); }  // expect: calls
long old() { return time(nullptr); }                    // expect: calls
