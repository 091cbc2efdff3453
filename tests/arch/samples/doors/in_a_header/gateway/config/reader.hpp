#pragma once
#include <toml++/toml.h>  // expect: doors
