// SPDX-License-Identifier: MIT
#include "transfer/netrc.h"

#include "fuzzing.h"

using namespace ingather::transfer;
using ingather::tests::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const Netrc netrc = parseNetrc(ingather::tests::toBytes(data, size));
    for (const NetrcEntry &entry : netrc.entries) {
        require(entry.machine == entry.machine.toLower(), "machines are in lower case");
        const NetrcEntry *found = netrc.entryFor(entry.machine);
        require(found && found->machine == entry.machine, "a machine is found");
    }
    require(!netrc.fallback || netrc.fallback->machine.isEmpty(), "the default has no machine");
    return 0;
}
