#pragma once
#include "core/gateway.hpp"  // expect: includes
