# SPDX-License-Identifier: Apache-2.0
# weir_embed(target FILES...): puts texts, given by their paths from the root, into the program: see cli/embedded.h.
# Run as a script it writes the C++ that holds them.
if(CMAKE_SCRIPT_MODE_FILE)
  set(rows)
  foreach(file ${FILES})
    file(READ ${ROOT}/${file} text)
    string(APPEND rows "    {\"${file}\", R\"embed(${text})embed\"},\n")
  endforeach()
  file(WRITE ${OUT} "// Written by cmake/embed.cmake.
#include \"cli/embedded.h\"

namespace weir::cli {

std::span<const EmbeddedFile> embedded_files() {
  static constexpr EmbeddedFile kFiles[] = {
${rows}  };
  return kFiles;
}

}  // namespace weir::cli
")
  return()
endif()

function(weir_embed target)
  set(out ${CMAKE_BINARY_DIR}/generated/embedded.cc)
  list(TRANSFORM ARGN PREPEND ${CMAKE_SOURCE_DIR}/ OUTPUT_VARIABLE paths)
  add_custom_command(
    OUTPUT ${out}
    COMMAND ${CMAKE_COMMAND} "-DFILES=${ARGN}" -DROOT=${CMAKE_SOURCE_DIR} -DOUT=${out} -P
            ${CMAKE_SOURCE_DIR}/cmake/embed.cmake
    DEPENDS ${paths} ${CMAKE_SOURCE_DIR}/cmake/embed.cmake
    VERBATIM)
  target_sources(${target} PRIVATE ${out})
endfunction()
