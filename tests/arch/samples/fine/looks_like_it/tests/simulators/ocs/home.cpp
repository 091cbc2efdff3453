#include "home.hpp"
