// SPDX-License-Identifier: MIT
#pragma once

#include "core/error.h"

#include <QtGlobal>

#include <type_traits>
#include <utility>
#include <variant>

namespace ingather::core
{

/// A value or the Error that stood in its way. Member names follow std::expected (C++23), which
/// GCC 12 does not have in C++20. Ignoring a Result does not compile with warnings as errors, so
/// that no commit goes unread. Asking the wrong side is a bug and asserts.
template <typename T = void>
class [[nodiscard]] Result
{
public:
    using value_type = T;

    Result(T value) : m_outcome(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : m_outcome(std::in_place_index<1>, std::move(error)) {}
    template <typename U>
    requires(std::is_convertible_v<U &&, T> && !std::is_same_v<std::remove_cvref_t<U>, T> &&
             !std::is_same_v<std::remove_cvref_t<U>, Error> &&
             !std::is_same_v<std::remove_cvref_t<U>, Result>) Result(U &&value)
        : m_outcome(std::in_place_index<0>, std::forward<U>(value))
    {
    }

    bool has_value() const noexcept { return m_outcome.index() == 0; }
    explicit operator bool() const noexcept { return has_value(); }

    T &value() &
    {
        Q_ASSERT(has_value());
        return *std::get_if<0>(&m_outcome);
    }
    const T &value() const &
    {
        Q_ASSERT(has_value());
        return *std::get_if<0>(&m_outcome);
    }
    T &&value() &&
    {
        Q_ASSERT(has_value());
        return std::move(*std::get_if<0>(&m_outcome));
    }
    const Error &error() const
    {
        Q_ASSERT(!has_value());
        return *std::get_if<1>(&m_outcome);
    }

    T &operator*() & { return value(); }
    const T &operator*() const & { return value(); }
    T &&operator*() && { return std::move(*this).value(); }
    T *operator->() { return &value(); }
    const T *operator->() const { return &value(); }

    template <typename U>
    T value_or(U &&fallback) const
    {
        return has_value() ? value() : static_cast<T>(std::forward<U>(fallback));
    }

private:
    std::variant<T, Error> m_outcome;
};

template <>
class [[nodiscard]] Result<void>
{
public:
    using value_type = void;

    Result() = default;
    Result(Error error) : m_error(std::move(error)) {}

    bool has_value() const noexcept { return !m_error.has_value(); }
    explicit operator bool() const noexcept { return has_value(); }
    const Error &error() const
    {
        Q_ASSERT(m_error.has_value());
        return *m_error;
    }

private:
    std::optional<Error> m_error;
};

} // namespace ingather::core
