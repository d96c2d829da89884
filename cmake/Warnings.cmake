# SPDX-License-Identifier: MIT
# Compiler settings that every target of the project is built with.
add_library(ingather_options INTERFACE)
target_compile_options(ingather_options INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Woverloaded-virtual)
if(INGATHER_WERROR)
  target_compile_options(ingather_options INTERFACE -Werror)
endif()
target_compile_definitions(ingather_options INTERFACE
    QT_NO_KEYWORDS QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_FOREACH QT_NO_URL_CAST_FROM_STRING
    QT_DISABLE_DEPRECATED_BEFORE=0x060400 QT_MESSAGELOGCONTEXT)
if(INGATHER_FUZZ)
  # Libraries report what they run through; only the targets themselves get libFuzzer's main().
  target_compile_options(ingather_options INTERFACE -fsanitize=fuzzer-no-link)
  target_link_options(ingather_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(INGATHER_SANITIZE)
  # GCC's manual warns of false alarms of this one under sanitizers; the dev preset keeps it.
  target_compile_options(ingather_options INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
  target_compile_options(ingather_options INTERFACE
      -fsanitize=${INGATHER_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=undefined)
  target_link_options(ingather_options INTERFACE -fsanitize=${INGATHER_SANITIZE})
endif()
