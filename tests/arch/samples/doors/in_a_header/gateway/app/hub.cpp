#include "net/shell.hpp"  // expect: doors
