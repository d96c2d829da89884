# SPDX-License-Identifier: MIT
#
# Run by CPack on the staged tree. Folders are made with the umask of whoever builds, and CPack keeps
# that: under 077 everything installed would be root's alone.
file(CHMOD_RECURSE ${CPACK_TEMPORARY_DIRECTORY} DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
