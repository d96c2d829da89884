// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QList>

#include <utility>

namespace ingather::tests
{

/// Writes the smallest PDFs that have all the parts of real ones, offsets included.
class PdfSample final
{
public:
    explicit PdfSample(const QByteArray &header = "%PDF-1.7\n%\xE2\xE3\xCF\xD3\n") : m_bytes(header) {}

    void object(int number, const QByteArray &content)
    {
        m_offsets.append({number, m_bytes.size()});
        m_bytes += QByteArray::number(number) + " 0 obj\n" + content + "\nendobj\n";
    }
    /// Catalog, page tree, one page with `text` as its stream.
    void onePage(const QByteArray &text)
    {
        object(1, "<< /Type /Catalog /Pages 2 0 R >>");
        object(2, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
        object(3, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R >>");
        object(4, "<< /Length " + QByteArray::number(text.size()) + " >>\nstream\n" + text + "\nendstream");
    }
    /// Table and trailer; returns where the table is. Starts the next revision.
    qsizetype table(const QByteArray &trailer)
    {
        const qsizetype at = m_bytes.size();
        m_bytes += "xref\n0 1\n0000000000 65535 f \n";
        for (const auto &[number, offset] : std::as_const(m_offsets))
            m_bytes += QByteArray::number(number) + " 1\n" +
                       QByteArray::number(offset).rightJustified(10, '0') + " 00000 n \n";
        m_offsets.clear();
        m_bytes += "trailer\n<< /Size 9 " + trailer + " >>\n";
        return at;
    }
    /// A cross-reference stream; returns where it is.
    qsizetype stream(const QByteArray &keys)
    {
        const qsizetype at = m_bytes.size();
        object(8, "<< /Type /XRef /Size 9 /W [1 2 1] /Length 12 " + keys +
                      " >>\nstream\n\1\0\x0F\0\1\0\x40\0\1\0\x80\0\nendstream");
        return at;
    }
    void end(qsizetype index) { m_bytes += "startxref\n" + QByteArray::number(index) + "\n%%EOF\n"; }
    void add(const QByteArray &bytes) { m_bytes += bytes; }

    const QByteArray &bytes() const { return m_bytes; }

private:
    QByteArray m_bytes;
    QList<std::pair<int, qsizetype>> m_offsets;
};

inline const QByteArray pageText = "BT /F1 12 Tf (Hello <html> world) Tj ET";

inline QByteArray plainPdf(const QByteArray &trailer = {}, const QByteArray &text = pageText)
{
    PdfSample pdf;
    pdf.onePage(text);
    pdf.end(pdf.table("/Root 1 0 R " + trailer));
    return pdf.bytes();
}

inline QByteArray streamPdf(const QByteArray &keys = {})
{
    PdfSample pdf;
    pdf.onePage(pageText);
    pdf.end(pdf.stream("/Root 1 0 R " + keys));
    return pdf.bytes();
}

inline const QByteArray encryption = "/Encrypt << /Filter /Standard /V 2 /R 3 /P -4 >> /ID [<00><00>]";

/// A revision behind `older`, which it keeps byte by byte.
inline QByteArray updatedPdf(const QByteArray &older, const QByteArray &trailer = {})
{
    PdfSample pdf(older);
    pdf.object(5, "<< /Type /Annot /Contents (a remark) >>");
    pdf.end(pdf.table("/Root 1 0 R /Prev 15 " + trailer));
    return pdf.bytes();
}

/// First page first (ISO 32000-1, Annex F): its table and an end mark stand near the start.
inline QByteArray linearizedPdf(const QByteArray &firstTrailer = {}, qsizetype statedLength = -1)
{
    QByteArray bytes;
    for (int round = 0; round < 2; ++round) { // the first to learn the length
        const qsizetype stated = statedLength < 0 ? bytes.size() : statedLength;
        PdfSample pdf;
        pdf.object(7, "<< /Linearized 1 /L " + QByteArray::number(stated).rightJustified(8, '0') +
                          " /H [500 60] /O 3 /E 900 /N 1 /T 1200 >>");
        const qsizetype first = pdf.table("/Root 1 0 R /Prev 1200 " + firstTrailer);
        pdf.add("startxref\n0\n%%EOF\n");
        pdf.onePage(pageText);
        pdf.table({});
        pdf.end(first);
        bytes = pdf.bytes();
    }
    return bytes;
}

} // namespace ingather::tests
