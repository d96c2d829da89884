# SPDX-License-Identifier: MIT
#
# What is installed where, the Debian package, and the sample server of packaging/quickstart.sh
# (which is built but never installed).
set(packaging_dir ${CMAKE_CURRENT_LIST_DIR})

add_executable(ingather-sample-server ${packaging_dir}/sample_server.cpp)
target_link_libraries(ingather-sample-server PRIVATE ingather_options Qt6::Network)

install(TARGETS ingather ingather-cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES ${packaging_dir}/ingather.desktop DESTINATION ${CMAKE_INSTALL_DATADIR}/applications)
install(FILES ${CMAKE_SOURCE_DIR}/resources/icons/ingather.svg
    DESTINATION ${CMAKE_INSTALL_DATADIR}/icons/hicolor/scalable/apps)
install(FILES ${packaging_dir}/copyright DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/ingather)
install(FILES ${CMAKE_SOURCE_DIR}/README.md DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/ingather)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME ingather)
set(CPACK_PACKAGE_VENDOR "The Ingather authors")
set(CPACK_PACKAGE_CONTACT "The Ingather authors <ingather@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_STRIP_FILES ON)
set(CPACK_PRE_BUILD_SCRIPTS ${packaging_dir}/open_folders.cmake)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"Ingather fetches documents, data sets and other files, and keeps a ledger of
what was fetched, from where, and that it is intact. Nothing that was added is
lost to a crash, and nothing is fetched twice. There is a desktop program and a
command line over the same ledger.")
# What the programs are linked to is found by dpkg-shlibdeps. Plugins are not linked to: the database
# driver and the icon renderer are named. libsecret, by which QtKeychain reaches a keyring, is loaded if it is there.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "libqt6sql6-sqlite, libqt6svg6")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "ca-certificates, libsecret-1-0, qt6-translations-l10n")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "qt6-wayland")
include(CPack)
