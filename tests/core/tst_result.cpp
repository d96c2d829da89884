// SPDX-License-Identifier: MIT
#include "core/result.h"

#include <QString>
#include <QTest>

#include <memory>

using namespace ingather::core;
using namespace Qt::StringLiterals;

namespace
{

const Error diskFull{ErrorCode::DiskFull, QStringLiteral("write part"), 28, {}};

// A commit that nobody reads must not compile: the attribute is on the class, for every T.
static_assert(!std::is_convertible_v<Result<int>, bool>);
static_assert(!std::is_convertible_v<Result<>, bool>);
static_assert(std::is_constructible_v<bool, Result<int>>);
static_assert(std::is_same_v<Result<int>::value_type, int>);
static_assert(std::is_same_v<Result<>::value_type, void>);
// Not everything that could be forced into a T becomes a value.
static_assert(!std::is_constructible_v<Result<int>, QString>);

Result<QString> textOrError(bool fails)
{
    if (fails)
        return diskFull;
    return u"text"_s;
}

} // namespace

class TestResult final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void holdsAValue()
    {
        const Result<QString> result = textOrError(false);
        QVERIFY(result);
        QVERIFY(result.has_value());
        QCOMPARE(*result, u"text"_s);
        QCOMPARE(result->size(), 4);
        QCOMPARE(result.value_or(u"other"_s), u"text"_s);
    }

    void holdsAnError()
    {
        const Result<QString> result = textOrError(true);
        QVERIFY(!result);
        QVERIFY(!result.has_value());
        QCOMPARE(result.error(), diskFull);
        QCOMPARE(result.value_or(u"other"_s), u"other"_s);
    }

    void convertsToItsValueType()
    {
        const Result<qint64> result = 5;
        QCOMPARE(*result, qint64(5));
        const Result<std::optional<int>> nothing = std::nullopt;
        QVERIFY(nothing);
        QVERIFY(!nothing->has_value());
    }

    void movesWhatCannotBeCopied()
    {
        Result<std::unique_ptr<int>> result = std::make_unique<int>(7);
        QVERIFY(result);
        const std::unique_ptr<int> moved = std::move(*result);
        QCOMPARE(*moved, 7);
        QVERIFY(*result == nullptr);
    }

    void canBeChangedInPlace()
    {
        Result<QString> result = u"a"_s;
        *result += u'b';
        result->append(u'c');
        QCOMPARE(result.value(), u"abc"_s);
        result = diskFull;
        QVERIFY(!result);
    }

    void ofNothingIsSuccessOrError()
    {
        QVERIFY(Result<>());
        const Result<> failed = diskFull;
        QVERIFY(!failed);
        QCOMPARE(failed.error().native, 28);
    }

    void aResultOfBoolTellsFalseFromError()
    {
        const Result<bool> result = false;
        QVERIFY(result.has_value());
        QVERIFY(!*result);
    }
};

QTEST_APPLESS_MAIN(TestResult)
#include "tst_result.moc"
