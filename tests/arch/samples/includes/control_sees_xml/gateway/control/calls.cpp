#include "csta/decode.hpp"  // expect: includes
