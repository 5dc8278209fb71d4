# SPDX-License-Identifier: Apache-2.0
# What a preset may choose, and the flags that follow.
option(WEIR_UNITY "Compile several files as one: fastest clean build" OFF)
option(WEIR_PCH "Precompile the standard headers: fastest edit loop" ON)
option(WEIR_FUZZ "Build the fuzz targets with libFuzzer (clang)" OFF)
set(WEIR_SANITIZE "" CACHE STRING "address (with undefined), thread, or empty")

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE OFF)

find_program(WEIR_CCACHE ccache)
if(WEIR_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER AND NOT DEFINED ENV{CMAKE_CXX_COMPILER_LAUNCHER})
  set(CMAKE_C_COMPILER_LAUNCHER ${WEIR_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${WEIR_CCACHE})
endif()
find_program(WEIR_MOLD mold)
if(WEIR_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

if(WEIR_SANITIZE STREQUAL "address")
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
elseif(WEIR_SANITIZE STREQUAL "thread")
  # Asio has fences, which this sanitizer does not see; every hand-over goes through a mutex as well.
  add_compile_options(-fsanitize=thread -fno-omit-frame-pointer $<$<CXX_COMPILER_ID:GNU>:-Wno-tsan>)
  add_link_options(-fsanitize=thread)
elseif(NOT WEIR_SANITIZE STREQUAL "")
  message(FATAL_ERROR "WEIR_SANITIZE is address, thread or empty, not ${WEIR_SANITIZE}")
endif()

if(WEIR_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# Ours is compiled with all of these; outside headers are SYSTEM and silent.
set(WEIR_WARNINGS -Wall -Wextra -Wshadow -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual -Werror)
# Of these g++ 12 has false alarms in std::variant and std::string once it inlines; the sanitizers see the real ones.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  list(APPEND WEIR_WARNINGS -Wno-maybe-uninitialized -Wno-array-bounds -Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread)
endif()
