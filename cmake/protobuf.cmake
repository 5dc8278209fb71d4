# SPDX-License-Identifier: Apache-2.0
# weir_protobuf(name FILES...): generated C++ of .proto files, includable by their path from the root as *.pb.h.
function(weir_protobuf name)
  set(out ${CMAKE_BINARY_DIR}/generated)
  set(generated)
  foreach(file ${ARGN})
    file(RELATIVE_PATH path ${CMAKE_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR}/${file})
    string(REGEX REPLACE "\\.proto$" "" stem ${path})
    add_custom_command(
      OUTPUT ${out}/${stem}.pb.cc ${out}/${stem}.pb.h
      COMMAND ${CMAKE_COMMAND} -E make_directory ${out}
      COMMAND protobuf::protoc --cpp_out=${out} -I ${CMAKE_SOURCE_DIR} ${CMAKE_SOURCE_DIR}/${path}
      DEPENDS ${CMAKE_SOURCE_DIR}/${path}
      VERBATIM)
    list(APPEND generated ${out}/${stem}.pb.cc)
  endforeach()
  add_library(${name} STATIC ${generated})
  target_compile_options(${name} PRIVATE -w)
  target_include_directories(${name} SYSTEM PUBLIC ${out})
  target_link_libraries(${name} PUBLIC protobuf::libprotobuf)
  set_target_properties(${name} PROPERTIES UNITY_BUILD OFF)
endfunction()
