#include <boost/asio/steady_timer.hpp>  // expect: doors
#include <fmt/format.h>                 // expect: doors
