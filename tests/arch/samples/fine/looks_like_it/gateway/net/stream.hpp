#pragma once
// Its room's own header may show Asio.
#include <boost/asio/ip/tcp.hpp>
