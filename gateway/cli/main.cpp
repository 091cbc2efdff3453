#include <exception>
#include <iostream>

#include "cli/run.hpp"

int main(int argc, char** argv) {
  try {
    return linebridge::cli::run({argv + 1, argv + argc}, std::cout, std::cerr);
  } catch (const std::exception& problem) {
    std::cerr << "linebridge: " << problem.what() << "\n";
    return 1;
  }
}
