#include "base/text.hpp"
@repeat 20 int x();
int f(int x) {
@repeat 57   ++x;
  return x;
}
