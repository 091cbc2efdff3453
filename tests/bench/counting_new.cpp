#include "tests/bench/counting_new.hpp"

#include <cstdlib>
#include <new>

#include <malloc.h>

namespace linebridge::bench {
namespace {

bool counting = false;
Allocations counted;

std::int64_t size_of(void* block) {
  return static_cast<std::int64_t>(malloc_usable_size(block) + sizeof(std::size_t));
}

void* take(std::size_t size) {
  void* const block = std::malloc(size == 0 ? 1 : size);
  if (block == nullptr) throw std::bad_alloc();
  if (counting) {
    ++counted.count;
    counted.bytes += size_of(block);
  }
  return block;
}

void give_back(void* block) {
  if (counting && block != nullptr) counted.bytes -= size_of(block);
  std::free(block);
}

}  // namespace

void count_allocations(bool on) {
  counting = on;
}
Allocations allocations() {
  return counted;
}

}  // namespace linebridge::bench

void* operator new(std::size_t size) {
  return linebridge::bench::take(size);
}
void* operator new[](std::size_t size) {
  return linebridge::bench::take(size);
}
void operator delete(void* block) noexcept {
  linebridge::bench::give_back(block);
}
void operator delete[](void* block) noexcept {
  linebridge::bench::give_back(block);
}
void operator delete(void* block, std::size_t) noexcept {
  linebridge::bench::give_back(block);
}
void operator delete[](void* block, std::size_t) noexcept {
  linebridge::bench::give_back(block);
}
