#pragma once
#include "net/stream.hpp"
