"""The text of a Word document: what a person sees in its final version, however it is marked up."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esep.detail import Detail
from esep.forms.document import FileError
from esep.forms.reading.document_blocks import lines_of
from esep.forms.reading.kinds import Kind, kind_of
from esep.forms.reading.word_document import read_word
from forms import word_files as word
from forms.word_files import complex_field, control, paragraph, run, table, words


def lines(path: Path) -> list[str]:
    return list(lines_of(read_word(path).body))


_FORM_FIELD = (
    '<w:r><w:fldChar w:fldCharType="begin"><w:ffData>{}</w:ffData></w:fldChar></w:r>'
    "<w:r><w:instrText>FORM</w:instrText></w:r>{}"
    '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)
_BEGIN = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
_SEPARATE = '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
_LIST = '<w:ddList>{}<w:listEntry w:val="ақпан"/><w:listEntry w:val="наурыз"/></w:ddList>'
_BOX = "<w:txbxContent>{}</w:txbxContent>"
_ALTERNATIVE = (
    "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>{0}</wps:txbx></w:drawing></mc:Choice>"
    "<mc:Fallback><w:pict><v:textbox>{0}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(paragraph(run("За "), control(run("март 2025"))), ["За март 2025"], id="control around a run"),
        pytest.param(paragraph(run("За "), control(run("Выберите"), prompt=True)), ["За "], id="prompt of a run"),
        pytest.param(
            paragraph(run("0,5"), '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>1</w:t></w:r>', run("2")),
            ["0,5¹2"],
            id="mark of a footnote",
        ),
        pytest.param(
            paragraph('<w:r><w:rPr><w:vertAlign w:val="baseline"/></w:rPr><w:t>1</w:t></w:r>'), ["1"], id="not raised"
        ),
        pytest.param(control(words("Пул")), ["Пул"], id="control around a paragraph"),
        pytest.param(control(control(words("Пул"))), ["Пул"], id="controls in a control"),
        pytest.param(control(words("Место для ввода"), prompt=True), [""], id="prompt of a paragraph"),
        pytest.param(control(table([["а", "б"]])), ["а\tб"], id="control around a table"),
        pytest.param(
            f"<w:tbl>{control(word.row(['а', 'б']))}</w:tbl>", ["а\tб"], id="control around a row"
        ),
        pytest.param(
            f"<w:tbl><w:tr>{control(word.cell('а'))}{control(word.cell('б'))}</w:tr></w:tbl>",
            ["а\tб"],
            id="controls around cells",
        ),
        pytest.param(
            f"<w:tbl><w:tr>{word.cell('а')}{control(word.cell('Дата'), prompt=True)}{word.cell('в')}</w:tr></w:tbl>",
            ["а\tв"],
            id="prompt of a cell",
        ),
        pytest.param(
            f"<w:tbl><w:customXml>{word.row(['а'])}</w:customXml><w:ins>{word.row(['б'])}</w:ins></w:tbl>",
            ["а", "б"],
            id="rows in custom XML and insertions",
        ),
        pytest.param(
            f"<w:tbl>{word.row(['а'])}{word.row(['б'], '<w:del/>')}{word.row(['в'], '<w:ins/>')}</w:tbl>",
            ["а", "в"],
            id="deleted and inserted rows",
        ),
        pytest.param(
            f"<w:tbl>{word.row(['а'], '<w:hidden/>')}{word.row(['б'])}</w:tbl>", ["б"], id="hidden row"
        ),
        pytest.param(
            paragraph(f"<w:ins>{run('март')}</w:ins><w:del><w:r><w:delText>май</w:delText></w:r></w:del>"),
            ["март"],
            id="insertion and deletion",
        ),
        pytest.param(
            paragraph(f"<w:moveTo>{run('март')}</w:moveTo><w:moveFrom>{run('май')}</w:moveFrom>"), ["март"], id="move"
        ),
        pytest.param(f"<w:moveFrom>{words('май')}</w:moveFrom>{words('март')}", ["март"], id="moved paragraph"),
        pytest.param(
            paragraph(run("март "), properties="<w:rPr><w:del/></w:rPr>") + words("2025"),
            ["март 2025"],
            id="deleted end of a paragraph",
        ),
        pytest.param(
            words("а") + paragraph(run("март"), properties="<w:rPr><w:del/></w:rPr>"),
            ["а", "март"],
            id="deleted end of the last paragraph",
        ),
        pytest.param(
            paragraph(run("март"), properties="<w:rPr><w:del/></w:rPr>") + table([["б"]]),
            ["март", "б"],
            id="deleted end before a table",
        ),
        pytest.param(
            paragraph(f"<w:moveFrom>{run('май')}</w:moveFrom>", properties="<w:rPr><w:moveFrom/></w:rPr>")
            + words("март"),
            ["март"],
            id="end of a moved paragraph",
        ),
        pytest.param(
            paragraph("<w:r><w:t>KZ</w:t><w:noBreakHyphen/><w:t>01</w:t><w:softHyphen/><w:t>2</w:t></w:r>"),
            ["KZ-012"],
            id="hyphens",
        ),
        pytest.param(
            paragraph("<w:r><w:t>а</w:t><w:tab/><w:t>б</w:t><w:ptab/><w:t>в</w:t><w:br/><w:t>г</w:t><w:cr/></w:r>"),
            ["а\tб\tв", "г", ""],
            id="tabs and breaks",
        ),
        pytest.param(
            paragraph('<w:r><w:sym w:font="Symbol" w:char="F035"/><w:sym w:font="Arial" w:char="2116"/></w:r>'),
            ["5№"],
            id="signs by their codes",
        ),
        pytest.param(
            paragraph('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>', run(" да")), ["☒ да"], id="wingdings"
        ),
        pytest.param(
            paragraph(run("Листов: "), complex_field("NUMPAGES", run("3")), run(".")), ["Листов: 3."], id="field"
        ),
        pytest.param(
            paragraph(complex_field(" IF " + "x" * 3, run("a"), complex_field("DATE", run("b")), run("c"))),
            ["abc"],
            id="field in a field",
        ),
        pytest.param(
            paragraph(
                '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
                + complex_field("DATE", run("в указании"))
                + _SEPARATE
                + run("итог")
                + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
            ),
            ["итог"],
            id="field in an instruction",
        ),
        pytest.param(
            paragraph(_BEGIN + "<w:r><w:instrText>TOC</w:instrText></w:r>" + _SEPARATE)
            + words("внутри")
            + paragraph('<w:r><w:fldChar w:fldCharType="end"/></w:r>', run("после")),
            ["", "внутри", "после"],
            id="field over paragraphs",
        ),
        pytest.param(
            paragraph(f'<w:fldSimple w:instr="DATE">{run("10.04.2025")}</w:fldSimple>'),
            ["10.04.2025"],
            id="simple field",
        ),
        pytest.param(
            paragraph(_FORM_FIELD.format("<w:textInput/>", _SEPARATE + run("март"))), ["март"], id="form: text"
        ),
        pytest.param(
            paragraph(_FORM_FIELD.format("<w:checkBox><w:checked/></w:checkBox>", "")), ["☒"], id="form: ticked box"
        ),
        pytest.param(
            paragraph(_FORM_FIELD.format('<w:checkBox><w:default w:val="0"/></w:checkBox>', "")), ["☐"], id="form: box"
        ),
        pytest.param(
            paragraph(_FORM_FIELD.format(_LIST.format('<w:result w:val="1"/>'), "")), ["наурыз"], id="form: list"
        ),
        pytest.param(paragraph(_FORM_FIELD.format(_LIST.format(""), "")), ["ақпан"], id="form: list untouched"),
        pytest.param(
            paragraph(run("до"), _ALTERNATIVE.format(_BOX.format(words("в рамке")))),
            ["до", "в рамке"],
            id="text box, once",
        ),
        pytest.param(
            paragraph("<w:r><w:pict><v:textbox>" + _BOX.format(words("старая рамка")) + "</v:textbox></w:pict></w:r>"),
            ["", "старая рамка"],
            id="old text box",
        ),
        pytest.param(
            paragraph(f"<w:smartTag>{run('а')}<w:smartTag>{run('б')}</w:smartTag></w:smartTag>"), ["аб"], id="smart tag"
        ),
        pytest.param(
            paragraph(f"<w:customXml>{run('а')}</w:customXml><w:hyperlink>{run('б')}</w:hyperlink>"),
            ["аб"],
            id="custom XML and link",
        ),
        pytest.param(
            paragraph(run("вид"), run("не вид", "<w:vanish/>"), run("но", '<w:vanish w:val="0"/>')),
            ["видно"],
            id="hidden text",
        ),
        pytest.param(
            paragraph("<m:oMath><m:r><m:t>0,5</m:t></m:r></m:oMath>"), ["0,5"], id="number in an equation"
        ),
        pytest.param(
            paragraph("<w:r><w:t>1<!-- -->23<?x y?><![CDATA[.5]]>&#48;</w:t></w:r>"), ["123.50"], id="text cut in XML"
        ),
        pytest.param(
            "<w:tbl><w:tr><w:tc>" + words("а") + table([["в", "г"]]) + words("б") + "</w:tc></w:tr></w:tbl>",
            ["а", "в\tг", "б"],
            id="table in a table",
        ),
    ],
)  # fmt: skip
def test_the_final_version_is_read(body: str, expected: list[str], tmp_path: Path) -> None:
    assert lines(word.write_word(tmp_path / "a.docx", body)) == expected


@pytest.mark.parametrize(
    "options",
    [
        {"namespace": word.STRICT},
        {"encoding": "utf-16"},
        {"main": "word/document2.xml"},
        {"main": "text/Main.XML", "target": "/text/main.xml"},
        {"main": "document.xml"},
        {"main": "Word\\Document.xml", "target": "word/document.xml"},
        {"content_type": word.MACROS},
        {"content_type": word.TEMPLATE},
        {"content_type": word.MACRO_TEMPLATE},
    ],
    ids=str,
)
def test_parts_are_found_by_their_relations(options: dict[str, str], tmp_path: Path) -> None:
    path = word.write_word(tmp_path / "a.docx", words("Өтініш"), **options)  # type: ignore[arg-type]
    assert kind_of(path, "a.docx") is Kind.DOCUMENT
    assert lines(path) == ["Өтініш"]


def test_a_document_inserted_as_a_file_is_reported(tmp_path: Path) -> None:
    path = word.write_word(tmp_path / "a.docx", words("а") + '<w:altChunk r:id="rId1"/>')
    assert read_word(path).has_other_document


def test_what_is_printed_on_every_page_is_kept_apart(tmp_path: Path) -> None:
    path = word.write_word(
        tmp_path / "a.docx",
        words("а"),
        parts={"header1.xml": word.part("hdr", words("БСН 230640000018"))},
        kinds=[("header", "header1.xml")],
    )
    text = read_word(path)
    assert list(lines_of(text.body)) == ["а"]
    assert list(lines_of(text.headers)) == ["БСН 230640000018"]


_NUMBERING = (
    '<w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{}"/>'
    '<w:lvlText w:val="{}"/></w:lvl></w:abstractNum><w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num>'
)


@pytest.mark.parametrize(
    ("form", "text", "expected"),
    [("decimal", "%1.", ["1.", "2."]), ("upperRoman", "%1", ["I", "II"]), ("bullet", "•", ["", ""])],
)
def test_an_empty_list_item_shows_its_number(form: str, text: str, expected: list[str], tmp_path: Path) -> None:
    item = paragraph(properties='<w:numPr><w:ilvl w:val="0"/><w:numId w:val="3"/></w:numPr>')
    path = word.write_word(
        tmp_path / "a.docx",
        item + item,
        parts={"numbering.xml": word.part("numbering", _NUMBERING.format(form, text))},
        kinds=[("numbering", "numbering.xml")],
    )
    assert lines(path) == expected


_STYLES = (
    '<w:style w:styleId="Item"><w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr></w:style>'
    '<w:style w:styleId="Hidden"><w:rPr><w:vanish/></w:rPr></w:style>'
    '<w:style w:styleId="Shown"><w:rPr><w:vanish w:val="0"/></w:rPr></w:style>'
)
_STYLED = paragraph(properties='<w:pStyle w:val="Item"/>') + paragraph(
    run("не вид", '<w:rStyle w:val="Hidden"/>'), run("вид", '<w:rStyle w:val="Shown"/>')
)


def styled(path: Path, body: str, styles: bytes) -> Path:
    numbering = word.part("numbering", _NUMBERING.format("decimal", "%1."))
    return word.write_word(
        path,
        body,
        parts={"numbering.xml": numbering, "styles.xml": styles},
        kinds=[("numbering", "numbering.xml"), ("styles", "styles.xml")],
    )


def test_a_style_numbers_a_paragraph_and_hides_a_run(tmp_path: Path) -> None:
    assert lines(styled(tmp_path / "a.docx", _STYLED, word.part("styles", _STYLES))) == ["1.", "вид"]


def test_styles_are_read_where_a_text_names_one(tmp_path: Path) -> None:
    damaged = word.part("styles", "<w:style>")
    assert lines(styled(tmp_path / "a.docx", words("а"), damaged)) == ["а"]
    with pytest.raises(FileError):
        read_word(styled(tmp_path / "b.docx", _STYLED, damaged))


_TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")) | st.just(" "), max_size=12)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(_TEXTS, min_size=3, max_size=3), min_size=1, max_size=4))
def test_any_table_reads_back(tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]) -> None:
    path = word.write_word(tmp_path_factory.mktemp("word") / "a.docx", table(rows))
    (read,) = read_word(path).body
    assert [[cell.text for cell in row.cells] for row in read.rows] == [[text.strip() for text in row] for row in rows]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_changed_bytes_raise_nothing_but_the_readers_fault(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("word")
    whole = bytearray(word.write_word(folder / "a.docx", words("а") + table([["б", "в"]])).read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    path = folder / "b.docx"
    path.write_bytes(whole)
    with contextlib.suppress(FileError):
        read_word(path)


@pytest.mark.parametrize("body", ["<w:p>", "<w:tbl><w:tr></w:tbl>", "&nbsp;"])
def test_a_damaged_part_is_reported_in_the_readers_own_words(body: str, tmp_path: Path) -> None:
    with pytest.raises(FileError) as caught:
        read_word(word.write_word(tmp_path / "a.docx", body))
    assert caught.value.detail == Detail("document_damaged")
