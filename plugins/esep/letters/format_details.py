"""What is wrong with documents and with tables of other programs, in Kazakh and Russian; see details.py."""

from __future__ import annotations

FORMAT_DETAILS: dict[str, dict[str, str]] = {
    "The document is damaged: its text cannot be read.": {
        "kk": "Құжат бүлінген: оның мәтіні оқылмайды.",
        "ru": "Документ повреждён: его текст не читается.",
    },
    "The file is damaged: its text cannot be read.": {
        "kk": "Файл бүлінген: оның мәтіні оқылмайды.",
        "ru": "Файл повреждён: его текст не читается.",
    },
    "Form 1-ЦМ without its number row (1 2 3 4 5 6 7 8 9.1 9.2) in a table of the document.": {
        "kk": "Құжаттың кестесіндегі 1-ЦМ нысанында бағандар нөмірлерінің жолы (1 2 3 4 5 6 7 8 9.1 9.2) жоқ.",
        "ru": "В форме 1-ЦМ, приведённой таблицей документа, нет строки номеров столбцов (1 2 3 4 5 6 7 8 9.1 9.2).",
    },
    "Form 1-ЦМ is not read from a .pdf: attach the workbook or document that the .pdf was made from.": {
        "kk": "1-ЦМ нысаны .pdf файлынан оқылмайды: .pdf жасалған кестені немесе құжатты қоса беріңіз.",
        "ru": "Форма 1-ЦМ из файла .pdf не читается: приложите таблицу или документ, из которых он сделан.",
    },
    "Another file is inserted into the document and is not read: open it in Word and save it as .docx.": {
        "kk": "Құжатқа басқа файл енгізілген, ол оқылмайды: құжатты Word бағдарламасында ашып, .docx түрінде сақтаңыз.",
        "ru": "В документ вставлен другой файл, он не читается: откройте документ в Word и сохраните его как .docx.",
    },
}
"""English sentence of forms.reading → the same in the languages of the letters."""
