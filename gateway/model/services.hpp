#pragma once

/// CSTA services (ECMA-269) as plain values: what is asked and what is answered.
#include "model/requests.hpp"
#include "model/responses.hpp"
