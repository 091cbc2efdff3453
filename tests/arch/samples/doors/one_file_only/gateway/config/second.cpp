#include <toml++/toml.h>  // expect: doors
