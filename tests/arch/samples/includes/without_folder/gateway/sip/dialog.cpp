#include "dialog.hpp"  // expect: includes
