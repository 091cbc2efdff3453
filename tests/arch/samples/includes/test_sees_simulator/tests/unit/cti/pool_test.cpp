#include "tests/simulators/cucm/link.hpp"  // expect: includes
