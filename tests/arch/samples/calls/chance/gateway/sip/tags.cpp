#include <random>                 // expect: calls
int tag() { return rand(); }      // expect: calls
std::random_device device;        // expect: calls
