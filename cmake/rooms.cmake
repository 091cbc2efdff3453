# A room is a folder with one static library (or an interface library, if it holds headers only).
#
#   linebridge_room(sip USES base sip_framing THIRD_PARTY PkgConfig::osip2)
#
# USES names the rooms it may include (public), THIRD_PARTY what its .cpp files use (never seen by who links it).
# The table of rooms stands in gateway/CMakeLists.txt and lb/CMakeLists.txt; tests/arch holds it against the design.
function(linebridge_room folder)
  cmake_parse_arguments(ROOM "" "" "USES;THIRD_PARTY" ${ARGN})
  string(REPLACE "/" "_" name "${folder}")
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*.cpp")
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  if(sources)
    add_library(${name} STATIC ${sources})
    target_include_directories(${name} PUBLIC "${CMAKE_SOURCE_DIR}/gateway" "${CMAKE_SOURCE_DIR}")
    target_link_libraries(${name} PUBLIC ${ROOM_USES} PRIVATE ${ROOM_THIRD_PARTY})
  else()
    add_library(${name} INTERFACE)
    target_include_directories(${name} INTERFACE "${CMAKE_SOURCE_DIR}/gateway" "${CMAKE_SOURCE_DIR}")
    target_link_libraries(${name} INTERFACE ${ROOM_USES})
  endif()
endfunction()

# A program: main.cpp of a folder, linked with that folder's room.
#   linebridge_program(linebridge-gateway app)
# A folder without a main.cpp makes no program.
function(linebridge_program name folder)
  string(REPLACE "/" "_" room "${folder}")
  if(EXISTS "${CMAKE_CURRENT_SOURCE_DIR}/${folder}/main.cpp")
    add_executable(${name} "${CMAKE_CURRENT_SOURCE_DIR}/${folder}/main.cpp")
    target_link_libraries(${name} PRIVATE ${room} ${ARGN})
  endif()
endfunction()
