// SPDX-License-Identifier: MIT
#include "core/op.h"

#include <QLatin1StringView>

namespace ingather::core
{

namespace
{

constexpr std::array typeNames{"HEAD",  "RESUME", "STREAM", "FINALIZE",
                               "INDEX", "DEDUPE", "REMOVE", "RECONCILE"};
constexpr std::array phaseNames{"INTENT", "DONE", "FAILED", "ABANDONED"};
static_assert(typeNames.size() == allOpTypes.size());

template <typename Enum, std::size_t Count>
std::optional<Enum> indexOf(const std::array<const char *, Count> &names, QStringView name)
{
    for (std::size_t i = 0; i < Count; ++i) {
        if (name == QLatin1StringView(names[i]))
            return static_cast<Enum>(i);
    }
    return std::nullopt;
}

} // namespace

QString opTypeName(OpType type)
{
    return QString::fromLatin1(typeNames[static_cast<std::size_t>(type)]);
}

std::optional<OpType> opTypeFromName(QStringView name)
{
    return indexOf<OpType>(typeNames, name);
}

QString opPhaseName(OpPhase phase)
{
    return QString::fromLatin1(phaseNames[static_cast<std::size_t>(phase)]);
}

std::optional<OpPhase> opPhaseFromName(QStringView name)
{
    return indexOf<OpPhase>(phaseNames, name);
}

} // namespace ingather::core
