#include "sip/dialog.hpp"  // expect: includes
