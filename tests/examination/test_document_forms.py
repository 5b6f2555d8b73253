"""Forms that are tables of a document, and forms that nobody but a person can read."""

from __future__ import annotations

from dataclasses import replace

from esep.detail import Detail
from esep.forms.document import FileRole
from examination.package_builder import application, examined, file, form, package, row
from examination.rule_cases import looks_like_total


def test_tables_of_a_document_may_share_a_sheet_of_paper() -> None:
    """Annex 1 states three sheets: five worksheets take more, five tables of one document need not."""
    parts = [form([row(n)], sheet=f"{n}-кесте") for n in range(1, 6)]
    in_workbook = package(parts)
    in_document = package([replace(part, in_document=True) for part in parts])
    assert "R-28" in {finding.rule_id for finding in examined(in_workbook).findings}
    assert "R-28" not in {finding.rule_id for finding in examined(in_document).findings}


def test_a_pdf_of_both_annexes_is_named_for_the_form_that_is_not_read_from_it() -> None:
    both = application(file="пакет.pdf")
    said = "Form 1-ЦМ is not read from a .pdf: attach the workbook or document that the .pdf was made from."
    read = file("пакет.pdf", role=FileRole.APPLICATION, applications=(both,), detail=Detail("form_in_pdf"))
    findings = examined(package((), (), more=[read])).findings
    assert [finding.found for finding in findings if finding.rule_id == "C-14"] == [said]
    with_form = examined(package(None, (), more=[read])).findings
    assert "C-14" not in {finding.rule_id for finding in with_form}


def test_a_file_is_named_for_what_it_could_have_been() -> None:
    """Application lacking, form there: a .pdf of a form is not the part that lacks, any other file may be."""
    pdf = file("1-ЦМ.pdf", role=FileRole.ATTACHMENT, detail=Detail("form_in_pdf"))
    note = file("хат.docx", role=FileRole.ATTACHMENT, detail=Detail("no_annex"))
    findings = examined(package(None, (), more=[pdf, note])).findings
    assert [finding.file for finding in findings if finding.rule_id == "C-14"] == ["хат.docx"]


def test_a_row_that_looks_like_a_total_has_no_other_remark() -> None:
    """R-88 alone, though the row lacks a wallet, a licence and a day."""
    doubtful = looks_like_total("0.7", expected="0.3")
    assert {finding.rule_id for finding in examined(package([form([row(1), row(2), doubtful])])).findings} == {"R-88"}
