#include "cti/qbe/frame.hpp"  // expect: includes
