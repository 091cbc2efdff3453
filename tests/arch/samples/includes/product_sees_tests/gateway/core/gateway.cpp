#include "tests/unit/support/outbox.hpp"  // expect: includes
