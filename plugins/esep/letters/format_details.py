"""What is wrong with documents and with tables of other programs, in Kazakh and Russian; see details.py."""

from __future__ import annotations

FORMAT_DETAILS: dict[str, dict[str, str]] = {
    "The workbook is damaged: a text holds something that is no text.": {
        "kk": "Жұмыс кітабы бүлінген: мәтіннің ішінде мәтін емес нәрсе бар.",
        "ru": "Книга повреждена: внутри текста ячейки есть то, что текстом не является.",
    },
    "The workbook is damaged: a cell is repeated beyond reason.": {
        "kk": "Жұмыс кітабы бүлінген: ұяшық шамадан тыс көп қайталанған.",
        "ru": "Книга повреждена: ячейка повторена сверх всякой меры.",
    },
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
    "A dynamic form of Adobe (XFA) is not read: print it into a .pdf, or fill in the application as .docx.": {
        "kk": "Adobe динамикалық нысаны (XFA) оқылмайды: оны .pdf файлына басып шығарыңыз немесе .docx толтырыңыз.",
        "ru": "Динамическая форма Adobe (XFA) не читается: распечатайте её в .pdf или заполните заявление в .docx.",
    },
    "Another file is inserted into the document and is not read: open it in Word and save it as .docx.": {
        "kk": "Құжатқа басқа файл енгізілген, ол оқылмайды: құжатты Word бағдарламасында ашып, .docx түрінде сақтаңыз.",
        "ru": "В документ вставлен другой файл, он не читается: откройте документ в Word и сохраните его как .docx.",
    },
    "A text without the row of column numbers (1 2 3 4 5 6 7 8 9.1 9.2) is not read as form 1-ЦМ.": {
        "kk": "Бағандар нөмірлерінің жолы (1 2 3 4 5 6 7 8 9.1 9.2) жоқ мәтін 1-ЦМ нысаны ретінде оқылмайды.",
        "ru": "Текст без строки номеров столбцов (1 2 3 4 5 6 7 8 9.1 9.2) не читается как форма 1-ЦМ.",
    },
    "The lines of the file cannot be taken apart into cells: open it in Excel and save it as .xlsx.": {
        "kk": "Файлдың жолдарын ұяшықтарға бөлу мүмкін болмады: оны Excel-де ашып, .xlsx түрінде сақтаңыз.",
        "ru": "Строки файла не удалось разделить на ячейки: откройте его в Excel и сохраните как .xlsx.",
    },
    "The web page cannot be read as a table.": {
        "kk": "Веб-бетті кесте ретінде оқу мүмкін болмады.",
        "ru": "Веб-страницу не удалось прочитать как таблицу.",
    },
    "The XML table is damaged or was cut off: open it in Excel and save it as .xlsx.": {
        "kk": "XML кестесі бүлінген немесе толық емес: оны Excel-де ашып, .xlsx түрінде сақтаңыз.",
        "ru": "Таблица XML повреждена или обрезана: откройте её в Excel и сохраните как .xlsx.",
    },
    "The file declares a document type or entities.": {
        "kk": "Файлда құжат түрі немесе мәндер жарияланған (DTD).",
        "ru": "В файле объявлен тип документа или сущности (DTD).",
    },
    "The workbook of an old Excel is damaged: open it in Excel and save it as .xlsx.": {
        "kk": "Excel бағдарламасының ескі нұсқасындағы кітап бүлінген: оны Excel-де ашып, .xlsx түрінде сақтаңыз.",
        "ru": "Книга старой версии Excel повреждена: откройте её в Excel и сохраните как .xlsx.",
    },
}
"""English sentence of forms.reading → the same in the languages of the letters."""
