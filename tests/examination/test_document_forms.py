"""Forms that are tables of a document, and forms that nobody but a person can read."""

from __future__ import annotations

from dataclasses import replace

from esep.forms.document import FileRole
from examination.package_builder import application, examined, file, form, package, row


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
    read = file("пакет.pdf", role=FileRole.APPLICATION, applications=(both,), detail=said, detail_code="form_in_pdf")
    findings = examined(package((), (), more=[read])).findings
    assert [finding.found for finding in findings if finding.rule_id == "C-14"] == [said]
    with_form = examined(package(None, (), more=[read])).findings
    assert "C-14" not in {finding.rule_id for finding in with_form}
