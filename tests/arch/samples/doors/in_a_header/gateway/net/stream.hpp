#pragma once
#include <boost/asio/ip/tcp.hpp>  // expect: doors
