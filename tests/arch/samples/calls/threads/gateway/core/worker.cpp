#include <mutex>         // expect: calls
#include <thread>        // expect: calls
std::mutex lock;         // expect: calls
std::jthread worker;     // expect: calls
thread_local int local;  // expect: calls
