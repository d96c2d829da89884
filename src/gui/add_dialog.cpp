// SPDX-License-Identifier: MIT
#include "gui/add_dialog.h"

#include "core/canonical_url.h"
#include "core/sha256.h"
#include "gui/icons.h"
#include "gui/url_lines.h"
#include "models/error_text.h"
#include "models/job_text.h"
#include "models/when_done.h"
#include "ui_adddialog.h"

#include <QClipboard>
#include <QDir>
#include <QFileDialog>
#include <QGuiApplication>
#include <QMimeData>
#include <QPushButton>
#include <QSet>

namespace ingather::gui
{

using core::ErrorCode;
using models::ErrorText;

namespace
{

constexpr int problemsShown = 5;

bool isFolderProblem(ErrorCode code)
{
    return code == ErrorCode::FolderMissing || code == ErrorCode::FolderNotWritable ||
           code == ErrorCode::NotAFolder || code == ErrorCode::PermissionDenied ||
           code == ErrorCode::VolumeAbsent;
}

QString quoted(const QString &line)
{
    constexpr int longest = 60;
    return line.size() <= longest ? line : line.left(longest - 1) + u'…';
}

} // namespace

AddDialog::AddDialog(models::JobSource &source, const QString &folder, QWidget *parent)
    : QDialog(parent), m_ui(std::make_unique<Ui::AddDialog>()), m_source(source)
{
    m_ui->setupUi(this);
    m_ui->folderEdit->setText(QDir::toNativeSeparators(folder));
    m_ui->browseButton->setIcon(icon(QStringLiteral("folder")));
    m_ui->buttons->button(QDialogButtonBox::Ok)->setText(tr("&Add"));
    m_ui->buttons->button(QDialogButtonBox::Ok)
        ->setToolTip(tr("Put the valid addresses into the ledger (Ctrl+Return)"));
    m_ui->buttons->button(QDialogButtonBox::Cancel)->setToolTip(tr("Close without adding"));
    m_ui->buttons->button(QDialogButtonBox::Ok)->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_Return));
    m_ui->answerLabel->hide();
    m_ui->folderProblem->hide();

    connect(m_ui->urlEdit, &QPlainTextEdit::textChanged, this, &AddDialog::validate);
    connect(m_ui->hashEdit, &QLineEdit::textChanged, this, &AddDialog::validate);
    connect(m_ui->folderEdit, &QLineEdit::textChanged, this, &AddDialog::validate);
    connect(m_ui->browseButton, &QToolButton::clicked, this, &AddDialog::chooseFolder);
    connect(m_ui->buttons, &QDialogButtonBox::accepted, this, &AddDialog::submit);
    connect(m_ui->buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    changeEvent(nullptr);
    validate();
}

AddDialog::~AddDialog() = default;

void AddDialog::changeEvent(QEvent *event)
{
    if (event)
        QDialog::changeEvent(event);
    if (event && event->type() != QEvent::PaletteChange)
        return;
    QPalette colors = palette();
    colors.setColor(QPalette::WindowText, groupColor(models::JobGroup::Failed, palette()));
    for (QLabel *label : {m_ui->lineProblems, m_ui->hashProblem, m_ui->folderProblem})
        label->setPalette(colors);
}

void AddDialog::setUrls(const QStringList &urls)
{
    m_ui->urlEdit->setPlainText(urls.join(u'\n'));
}

void AddDialog::takeClipboard()
{
    const QMimeData *clipboard = QGuiApplication::clipboard()->mimeData();
    const QStringList urls = clipboard ? webAddresses(*clipboard) : QStringList();
    if (urls.isEmpty())
        return;
    setUrls(urls);
    m_ui->urlEdit->selectAll(); // typing replaces what was not meant
}

QString AddDialog::folder() const
{
    QString text = QDir::fromNativeSeparators(m_ui->folderEdit->text().trimmed());
    if (text == QLatin1StringView("~") || text.startsWith(QLatin1StringView("~/")))
        text.replace(0, 1, QDir::homePath());
    return text.isEmpty() ? text : QDir::cleanPath(text);
}

QString AddDialog::problemOf(const QString &line)
{
    const auto known = m_problems.constFind(line);
    if (known != m_problems.constEnd())
        return known.value();
    const auto url = core::canonicalUrl(line);
    const QString problem = url ? QString() : ErrorText::why(url.error().code);
    m_problems.insert(line, problem);
    return problem;
}

void AddDialog::validate()
{
    m_goodLines.clear();
    QStringList problems;
    int number = 0;
    const QStringList typed = m_ui->urlEdit->toPlainText().split(u'\n');
    for (const QString &whole : typed) {
        ++number;
        for (const QString &line : urlLines(whole)) {
            const QString problem = problemOf(line);
            if (problem.isEmpty())
                m_goodLines.append(line);
            else
                problems.append(tr("Line %1, “%2”: %3").arg(number).arg(quoted(line), problem));
        }
    }
    showLineProblems(problems);
    m_ui->countLabel->setText(
        m_goodLines.isEmpty() ? tr("No valid address yet.")
                              : tr("%n address(es) to add.", nullptr, static_cast<int>(m_goodLines.size())));

    const bool isSingle = m_goodLines.size() == 1 && problems.isEmpty();
    m_ui->hashEdit->setEnabled(isSingle);
    const QString hash = m_ui->hashEdit->text().trimmed();
    const bool isHashBad = isSingle && !hash.isEmpty() && !core::Sha256::fromHex(hash);
    m_ui->hashProblem->setText(
        isHashBad ? tr("A SHA-256 has 64 hexadecimal digits; this has %1 characters.").arg(hash.size())
                  : QString());
    m_ui->hashProblem->setVisible(isHashBad);

    const bool isFolderBad = !folder().isEmpty() && !QDir::isAbsolutePath(folder());
    m_ui->folderProblem->setText(isFolderBad ? tr("Give the whole path of the folder, from the root on.")
                                             : QString());
    m_ui->folderProblem->setVisible(isFolderBad);
    m_ui->answerLabel->hide();
    m_ui->buttons->button(QDialogButtonBox::Ok)
        ->setEnabled(!m_isBusy && !m_goodLines.isEmpty() && !isHashBad && !isFolderBad);
}

void AddDialog::showLineProblems(const QStringList &problems)
{
    QStringList shown = problems.mid(0, problemsShown);
    if (problems.size() > problemsShown)
        shown.append(
            tr("… and %n more line(s).", nullptr, static_cast<int>(problems.size()) - problemsShown));
    m_ui->lineProblems->setText(shown.join(u'\n'));
    m_ui->lineProblems->setVisible(!shown.isEmpty());
}

void AddDialog::submit()
{
    if (m_isBusy || m_goodLines.isEmpty())
        return;
    QList<engine::AddRequest> requests;
    requests.reserve(m_goodLines.size());
    for (const QString &line : std::as_const(m_goodLines)) {
        engine::AddRequest request;
        request.url = line;
        request.folder = folder();
        if (m_ui->hashEdit->isEnabled())
            request.sha256 = m_ui->hashEdit->text().trimmed().toLower();
        requests.append(request);
    }
    setBusy(true);
    models::whenDone(m_source.add(requests, m_ui->againBox->isChecked()), this,
                     [this](const core::Result<QList<engine::AddAnswer>> &result) { takeAnswers(result); });
}

void AddDialog::takeAnswers(const core::Result<QList<engine::AddAnswer>> &result)
{
    setBusy(false);
    if (!result) {
        QLabel *place = isFolderProblem(result.error().code) ? m_ui->folderProblem : m_ui->answerLabel;
        place->setText(ErrorText::sentence(result.error()));
        place->show();
        return;
    }
    QList<engine::AddAnswer> accepted;
    QStringList refused;
    std::optional<core::Error> folderError;
    for (qsizetype i = 0; i < result->size(); ++i) {
        const engine::AddAnswer &answer = result->at(i);
        if (answer.outcome != engine::AddOutcome::Rejected) {
            accepted.append(answer);
            continue;
        }
        const QString line = i < m_goodLines.size() ? m_goodLines.at(i) : answer.url;
        refused.append(line);
        if (answer.error && isFolderProblem(answer.error->code))
            folderError = answer.error;
        else if (answer.error)
            m_problems.insert(line, ErrorText::sentence(*answer.error));
    }
    if (!accepted.isEmpty())
        Q_EMIT added(accepted);
    QStringList left = refused;
    const QSet<QString> asked(m_goodLines.cbegin(), m_goodLines.cend());
    for (const QString &line : urlLines(m_ui->urlEdit->toPlainText())) {
        if (!asked.contains(line) && !problemOf(line).isEmpty())
            left.append(line);
    }
    if (left.isEmpty()) {
        accept();
        return;
    }
    // What is left is what still needs a hand.
    setUrls(left);
    if (folderError) {
        m_ui->folderProblem->setText(ErrorText::sentence(*folderError));
        m_ui->folderProblem->show();
        m_ui->folderEdit->setFocus();
    }
    m_ui->answerLabel->setText(accepted.isEmpty() ? tr("Nothing was added.")
                                                  : models::JobText::addOutcome(accepted));
    m_ui->answerLabel->show();
}

void AddDialog::chooseFolder()
{
    auto *chooser = new QFileDialog(this, tr("Folder for the files"), folder());
    chooser->setAttribute(Qt::WA_DeleteOnClose);
    chooser->setFileMode(QFileDialog::Directory);
    chooser->setOption(QFileDialog::ShowDirsOnly);
    connect(chooser, &QFileDialog::fileSelected, this,
            [this](const QString &path) { m_ui->folderEdit->setText(QDir::toNativeSeparators(path)); });
    chooser->open();
}

void AddDialog::setBusy(bool isBusy)
{
    m_isBusy = isBusy;
    m_ui->urlEdit->setReadOnly(isBusy);
    m_ui->folderEdit->setReadOnly(isBusy);
    m_ui->buttons->button(QDialogButtonBox::Ok)->setEnabled(!isBusy && !m_goodLines.isEmpty());
    if (isBusy) {
        m_ui->answerLabel->setText(tr("Adding…"));
        m_ui->answerLabel->show();
    } else {
        m_ui->answerLabel->hide();
    }
}

} // namespace ingather::gui
