# SPDX-License-Identifier: MIT
#
# Targets:
#   ingather_lupdate        reads the sources and brings the .ts files up to date (run by hand)
#   ingather_translations   the .qm files, compiled in; linked by models, which loads them
# ingather_en.ts holds plural forms only: English is the language of the sources.
set(INGATHER_LANGUAGES de en)
set(INGATHER_TRANSLATED_SOURCES
    ${CMAKE_SOURCE_DIR}/src/models ${CMAKE_SOURCE_DIR}/src/gui ${CMAKE_SOURCE_DIR}/src/cli ${CMAKE_SOURCE_DIR}/src/app
    ${CMAKE_SOURCE_DIR}/ui)

add_custom_target(ingather_lupdate
    COMMAND Qt6::lupdate -I ${CMAKE_SOURCE_DIR}/src -no-obsolete -locations none ${INGATHER_TRANSLATED_SOURCES}
            -ts ${CMAKE_CURRENT_LIST_DIR}/ingather_de.ts
    COMMAND Qt6::lupdate -I ${CMAKE_SOURCE_DIR}/src -no-obsolete -pluralonly -locations none ${INGATHER_TRANSLATED_SOURCES}
            -ts ${CMAKE_CURRENT_LIST_DIR}/ingather_en.ts
    VERBATIM)

set(qm_folder ${CMAKE_BINARY_DIR}/translations)
file(MAKE_DIRECTORY ${qm_folder})
set(qm_files)
set(qrc_entries)
foreach(language IN LISTS INGATHER_LANGUAGES)
  set(ts ${CMAKE_CURRENT_LIST_DIR}/ingather_${language}.ts)
  set(qm ${qm_folder}/ingather_${language}.qm)
  add_custom_command(OUTPUT ${qm} COMMAND Qt6::lrelease -silent ${ts} -qm ${qm} DEPENDS ${ts} VERBATIM)
  list(APPEND qm_files ${qm})
  string(APPEND qrc_entries "    <file alias=\"ingather_${language}.qm\">${qm}</file>\n")
endforeach()

file(CONFIGURE OUTPUT ${qm_folder}/translations.qrc CONTENT
"<RCC>
  <qresource prefix=\"/translations\">
${qrc_entries}  </qresource>
</RCC>
")
set(compiled ${qm_folder}/qrc_translations.cpp)
add_custom_command(OUTPUT ${compiled}
    COMMAND Qt6::rcc --name translations --output ${compiled} ${qm_folder}/translations.qrc
    DEPENDS ${qm_files} ${qm_folder}/translations.qrc VERBATIM)
add_library(ingather_translations STATIC ${compiled})
set_target_properties(ingather_translations PROPERTIES AUTOMOC OFF AUTOUIC OFF AUTORCC OFF)
target_link_libraries(ingather_translations PRIVATE Qt6::Core)

if(INGATHER_TESTS)
  # Fails when a text of the sources is missing from the German translation, or not translated.
  add_test(NAME translations.complete
      COMMAND ${CMAKE_COMMAND} -DLUPDATE=$<TARGET_FILE:Qt6::lupdate> -DINCLUDE=${CMAKE_SOURCE_DIR}/src "-DSOURCES=${INGATHER_TRANSLATED_SOURCES}"
              -DTS=${CMAKE_CURRENT_LIST_DIR}/ingather_de.ts -DCOPY=${qm_folder}/check.ts
              -P ${CMAKE_CURRENT_LIST_DIR}/CheckTranslation.cmake)
  set_tests_properties(translations.complete PROPERTIES LABELS translations TIMEOUT 60)
endif()
