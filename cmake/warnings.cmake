# Warnings every target of ours is compiled with. -Werror stands in the presets, so that a packager's compiler
# with a new warning does not break the build.
add_compile_options(
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Woverloaded-virtual
  -Wcast-align -Wformat=2 -Wnull-dereference -Wimplicit-fallthrough
  -Wno-missing-field-initializers)  # Designated initialisers that name only what differs are our way.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC reports maybe-uninitialized and null-dereference through inlined std::variant and sanitizer code that is right.
  add_compile_options(-Wno-maybe-uninitialized -Wno-null-dereference)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # The stable_sort of GCC 12's library calls what that library itself calls deprecated; GCC does not warn there.
  add_compile_options(-Wno-deprecated-declarations)
endif()
