# SPDX-License-Identifier: Apache-2.0
# weir_grammar(name): compiles grammar/NAME.g4 to a library of generated C++.
#
# Debian 12 has the ANTLR tool at 4.7.2 and the runtime at 4.9: the generated lexer names its tokens with
# u8"" literals, which C++20 makes char8_t; -fno-char8_t takes them back. No other target needs the flag.
find_program(ANTLR4_TOOL antlr4 REQUIRED)

# One header of the runtime, which only reads grammars at run time, does not compile with clang: the one that
# includes all others is taken without it, from the build folder, which is searched first.
file(READ /usr/include/antlr4-runtime/antlr4-runtime.h antlr4_header)
string(REPLACE "#include \"misc/InterpreterDataReader.h\"" "" antlr4_header "${antlr4_header}")
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/generated/antlr4-runtime.h CONTENT "${antlr4_header}" @ONLY)

function(weir_grammar name)
  set(out ${CMAKE_BINARY_DIR}/generated/grammar)
  set(stem ${out}/${name})
  add_custom_command(
    OUTPUT ${stem}Lexer.cpp ${stem}Lexer.h ${stem}Parser.cpp ${stem}Parser.h
    COMMAND ${ANTLR4_TOOL} -Dlanguage=Cpp -no-listener -no-visitor -package weir::grammar -o ${out}
            ${CMAKE_SOURCE_DIR}/grammar/${name}.g4
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}/grammar
    DEPENDS ${CMAKE_SOURCE_DIR}/grammar/${name}.g4
    VERBATIM)
  string(TOLOWER weir_grammar_${name} target)
  add_library(${target} STATIC ${stem}Lexer.cpp ${stem}Parser.cpp)
  target_compile_options(${target} PRIVATE -w -fno-char8_t)
  target_include_directories(${target} SYSTEM PUBLIC ${CMAKE_BINARY_DIR}/generated /usr/include/antlr4-runtime)
  target_link_libraries(${target} PUBLIC antlr4-runtime)
  set_target_properties(${target} PROPERTIES UNITY_BUILD OFF)
endfunction()
