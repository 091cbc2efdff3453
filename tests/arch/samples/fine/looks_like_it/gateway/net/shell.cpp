#include <chrono>
#include <mutex>

#include <boost/asio/io_context.hpp>

#include "net/stream.hpp"
auto at() { return std::chrono::steady_clock::now(); }
