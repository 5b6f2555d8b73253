"""What is wrong with a file, in Kazakh and Russian: the reader's plain English sentences, which findings quote.

Each sentence is written as the reader writes it, with `{name}` for what differs. A test holds the list to the reader's
own sentences, so that none is added there and forgotten here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from esep.letters.format_details import FORMAT_DETAILS
from esep.letters.signature_details import SIGNATURE_DETAILS

DETAILS: Mapping[str, Mapping[str, str]] = {
    "The file is empty.": {"kk": "Файл бос.", "ru": "Файл пуст."},
    "The file is damaged.": {"kk": "Файл бүлінген.", "ru": "Файл повреждён."},
    "The file is damaged or was cut off: its table of contents cannot be read.": {
        "kk": "Файл бүлінген немесе толық емес: оның мазмұны оқылмайды.",
        "ru": "Файл повреждён или обрезан: его оглавление не читается.",
    },
    "The workbook is damaged: a part of it cannot be read.": {
        "kk": "Жұмыс кітабы бүлінген: оның бір бөлігі оқылмайды.",
        "ru": "Книга повреждена: одна из её частей не читается.",
    },
    "The workbook is damaged: a part that it names is missing.": {
        "kk": "Жұмыс кітабы бүлінген: онда аталған бір бөлік жоқ.",
        "ru": "Книга повреждена: в ней нет части, на которую она ссылается.",
    },
    "The workbook is damaged: a cell refers to a text that is not there.": {
        "kk": "Жұмыс кітабы бүлінген: бір ұяшық жоқ мәтінге сілтейді.",
        "ru": "Книга повреждена: ячейка ссылается на текст, которого нет.",
    },
    "The workbook is damaged: a cell has no readable address or value.": {
        "kk": "Жұмыс кітабы бүлінген: бір ұяшықтың мекенжайы немесе мәні оқылмайды.",
        "ru": "Книга повреждена: адрес или значение ячейки не читается.",
    },
    "A part of the workbook declares a document type.": {
        "kk": "Жұмыс кітабының бір бөлігінде құжат типі жарияланған.",
        "ru": "В одной из частей книги объявлен тип документа.",
    },
    "The archive is damaged.": {"kk": "Мұрағат бүлінген.", "ru": "Архив повреждён."},
    "This file of the archive is damaged.": {
        "kk": "Мұрағаттағы бұл файл бүлінген.",
        "ru": "Этот файл архива повреждён.",
    },
    "The archive has no files in it.": {"kk": "Мұрағатта файл жоқ.", "ru": "В архиве нет файлов."},
    "The archive has {count} files; at most {limit} are taken.": {
        "kk": "Мұрағатта {count} файл бар; ең көбі {limit} қабылданады.",
        "ru": "Файлов в архиве: {count}; принимается не более {limit}.",
    },
    "The archive unpacks to {count} bytes; at most {limit} are taken.": {
        "kk": "Мұрағат ашылғанда {count} байт болады; ең көбі {limit} қабылданады.",
        "ru": "Архив распаковывается в {count} байт; принимается не более {limit}.",
    },
    "An archive inside an archive is not opened.": {
        "kk": "Мұрағат ішіндегі мұрағат ашылмайды.",
        "ru": "Архив внутри архива не открывается.",
    },
    "Archives are taken as .zip only.": {
        "kk": "Мұрағат тек .zip түрінде қабылданады.",
        "ru": "Архивы принимаются только в формате .zip.",
    },
    "Two files of the archive have this name.": {
        "kk": "Мұрағаттағы екі файлдың атауы осындай.",
        "ru": "Такое имя в архиве носят два файла.",
    },
    "The name leads out of the archive.": {
        "kk": "Файлдың атауы мұрағаттан тыс жерді көрсетеді.",
        "ru": "Имя файла ведёт за пределы архива.",
    },
    "A link to another place is no part of a filing.": {
        "kk": "Басқа орынға сілтеме мәліметтердің бөлігі бола алмайды.",
        "ru": "Ссылка на другое место не является частью сведений.",
    },
    "A link or device is no part of a filing; it was not followed.": {
        "kk": "Сілтеме немесе құрылғы мәліметтердің бөлігі емес; ол ашылмады.",
        "ru": "Ссылка или устройство не является частью сведений и не открывалась.",
    },
    "The file is protected with a password.": {
        "kk": "Файл құпиясөзбен қорғалған.",
        "ru": "Файл защищён паролем.",
    },
    "The file has {count} parts.": {"kk": "Файл {count} бөліктен тұрады.", "ru": "Частей в файле: {count}."},
    "The part {part} stands in the file twice.": {
        "kk": "{part} бөлігі файлда екі рет кездеседі.",
        "ru": "Часть {part} встречается в файле дважды.",
    },
    "The file unpacks to {count} bytes.": {
        "kk": "Файл ашылғанда {count} байт болады.",
        "ru": "Файл распаковывается в {count} байт.",
    },
    "The file unpacks to more than it says.": {
        "kk": "Файл көрсетілгеннен үлкен болып ашылады.",
        "ru": "Файл распаковывается в больший объём, чем в нём указано.",
    },
    "The part {part} unpacks from {packed} to {count} bytes.": {
        "kk": "{part} бөлігі {packed} байттан {count} байтқа дейін ашылады.",
        "ru": "Часть {part} распаковывается из {packed} в {count} байт.",
    },
    "The part {part} declares a document type or entities.": {
        "kk": "{part} бөлігінде құжат түрі немесе мәндер жарияланған (DTD).",
        "ru": "В части {part} объявлен тип документа или сущности (DTD).",
    },
    "Reading the file took longer than is allowed.": {
        "kk": "Файлды оқу рұқсат етілген уақыттан ұзаққа созылды.",
        "ru": "Чтение файла заняло больше времени, чем допускается.",
    },
    "Reading the file takes more memory than is allowed.": {
        "kk": "Файлды оқуға рұқсат етілгеннен көп жад қажет.",
        "ru": "Чтение файла требует больше памяти, чем допускается.",
    },
    "The file is so damaged that the reader failed on it.": {
        "kk": "Файл қатты бүлінген, сондықтан оны оқу мүмкін болмады.",
        "ru": "Файл повреждён настолько, что прочитать его не удалось.",
    },
    "A cell far from all others makes a sheet too large to be read: delete it.": {
        "kk": "Басқаларынан алыс тұрған ұяшық парақты оқуға келмейтіндей үлкейтеді: оны өшіріңіз.",
        "ru": "Ячейка вдали от всех других делает лист слишком большим для чтения: удалите её.",
    },
    "A cell far from all others ({cell}) makes the sheet too large to be read: delete it.": {
        "kk": "Басқаларынан алыс тұрған {cell} ұяшығы парақты оқуға келмейтіндей үлкейтеді: оны өшіріңіз.",
        "ru": "Ячейка {cell} вдали от всех других делает лист слишком большим для чтения: удалите её.",
    },
    "Form 1-ЦМ without its number row (1 2 3 4 5 6 7 8 9.1 9.2) on sheet {sheets}.": {
        "kk": "1-ЦМ нысанында бағандар нөмірлерінің жолы (1 2 3 4 5 6 7 8 9.1 9.2) жоқ; парақ: {sheets}.",
        "ru": "Форма 1-ЦМ без строки номеров столбцов (1 2 3 4 5 6 7 8 9.1 9.2); лист: {sheets}.",
    },
    "Binary workbooks (.xlsb) are not read: save the form as .xlsx.": {
        "kk": "Екілік жұмыс кітаптары (.xlsb) оқылмайды: нысанды .xlsx түрінде сақтаңыз.",
        "ru": "Двоичные книги (.xlsb) не читаются: сохраните форму как .xlsx.",
    },
    "Old Word documents (.doc) are not read: save as .docx or .pdf.": {
        "kk": "Ескі Word құжаттары (.doc) оқылмайды: .docx немесе .pdf түрінде сақтаңыз.",
        "ru": "Старые документы Word (.doc) не читаются: сохраните как .docx или .pdf.",
    },
    "RTF documents are not read: save as .docx or .pdf.": {
        "kk": "RTF құжаттары оқылмайды: .docx немесе .pdf түрінде сақтаңыз.",
        "ru": "Документы RTF не читаются: сохраните как .docx или .pdf.",
    },
    "Not a workbook (.xlsx, .xls, .ods) or document.": {
        "kk": "Бұл жұмыс кітабы (.xlsx, .xls, .ods) да, құжат та емес.",
        "ru": "Это не книга (.xlsx, .xls, .ods) и не документ.",
    },
    "Neither a workbook (.xlsx, .xls, .ods) nor a .docx document.": {
        "kk": "Бұл жұмыс кітабы (.xlsx, .xls, .ods) да, .docx құжаты да емес.",
        "ru": "Это не книга (.xlsx, .xls, .ods) и не документ .docx.",
    },
    "The name says workbook or document, but the parts of one are missing.": {
        "kk": "Атауы жұмыс кітабын немесе құжатты білдіреді, бірақ оның бөліктері жоқ.",
        "ru": "По имени это книга или документ, но их частей в файле нет.",
    },
    "The name says workbook ({suffix}), but the content is a web page.": {
        "kk": "Атауы жұмыс кітабын ({suffix}) білдіреді, ал ішінде веб-бет тұр.",
        "ru": "По имени это книга ({suffix}), а внутри веб-страница.",
    },
    "The name says workbook ({suffix}), but the content is another kind of file.": {
        "kk": "Атауы жұмыс кітабын ({suffix}) білдіреді, ал ішіндегісі басқа түрдегі файл.",
        "ru": "По имени это книга ({suffix}), а внутри файл другого вида.",
    },
    "The name says document ({suffix}), but the content is another.": {
        "kk": "Атауы құжатты ({suffix}) білдіреді, ал ішіндегісі басқа.",
        "ru": "По имени это документ ({suffix}), а внутри другое.",
    },
    "The document has no text, for example because it is a scan.": {
        "kk": "Құжатта мәтін жоқ, мысалы, ол сканерленген бейне.",
        "ru": "В документе нет текста, например потому, что это скан.",
    },
    "A kind of file that a filing does not consist of.": {
        "kk": "Мұндай түрдегі файл мәліметтердің құрамына кірмейді.",
        "ru": "Файлы такого вида не входят в состав сведений.",
    },
    "A program is no part of a filing.": {
        "kk": "Бағдарлама мәліметтердің бөлігі бола алмайды.",
        "ru": "Программа не является частью сведений.",
    },
    "By its name, a program left the file behind; it was not read. Give a form or application a name of its own.": {
        "kk": "Атауы бойынша бұл – бағдарлама қалдырған файл; ол оқылмады. Нысанға немесе өтінішке өз атауын беріңіз.",
        "ru": "Судя по имени, файл оставлен программой; он не читался. Дайте форме или заявлению собственное имя.",
    },
    "The file was read, but it is neither an application (Annex 1) nor form 1-ЦМ (Annex 2).": {
        "kk": "Файл оқылды, бірақ ол өтініш те (1-қосымша), 1-ЦМ нысаны да (2-қосымша) емес.",
        "ru": "Файл прочитан, но это не заявление (приложение 1) и не форма 1-ЦМ (приложение 2).",
    },
    "This is a mail: put the attachments themselves into the package, not the mail.": {
        "kk": "Бұл – электрондық хат: топтамаға хаттың өзін емес, оған қоса берілген файлдарды салыңыз.",
        "ru": "Это электронное письмо: вложите в пакет сами приложенные к нему файлы, а не письмо.",
    },
    "This is a shortcut to a file that stayed behind: attach the file itself.": {
        "kk": "Бұл – жіберілмеген файлға жарлық: файлдың өзін қоса беріңіз.",
        "ru": "Это ярлык файла, который не был отправлен: приложите сам файл.",
    },
    "The file is encrypted: a signature alone leaves it readable.": {
        "kk": "Файл шифрланған: тек қол қойылған файл оқылады.",
        "ru": "Файл зашифрован: читается только подписанный файл без шифрования.",
    },
    "The file holds certificates alone and no signature.": {
        "kk": "Файлда тек сертификаттар бар, қолтаңба жоқ.",
        "ru": "В файле только сертификаты, подписи нет.",
    },
    "The file is a time stamp and no signature of the head.": {
        "kk": "Файл – уақыт белгісі, басшының қолтаңбасы емес.",
        "ru": "Файл является меткой времени, а не подписью руководителя.",
    },
    "The same file as {file}; it counts once.": {
        "kk": "{file} файлымен бірдей; ол бір рет есептеледі.",
        "ru": "Тот же файл, что {file}; он учтён один раз.",
    },
    "The same rows as in {file}; they count once.": {
        "kk": "{file} файлындағы жолдармен бірдей; олар бір рет есептеледі.",
        "ru": "Те же строки, что в {file}; они учтены один раз.",
    },
    "The signature holds another version of {file}; the one outside of it was read.": {
        "kk": "Қолтаңбаның ішінде {file} файлының басқа нұсқасы бар; одан тыс тұрған нұсқасы оқылды.",
        "ru": "Внутри подписи другой вариант файла {file}; прочитан тот, что вне её.",
    },
    "Archives and signatures one inside the other are opened to a depth of {limit}.": {
        "kk": "Бірінің ішінде бірі орналасқан мұрағаттар мен қолтаңбалар {limit} деңгейге дейін ашылады.",
        "ru": "Архивы и подписи, вложенные друг в друга, открываются до глубины {limit}.",
    },
    "The package has more than {limit} files; this one was not read.": {
        "kk": "Топтамада {limit} файлдан артық; бұл файл оқылмады.",
        "ru": "В пакете более {limit} файлов; этот файл не читался.",
    },
    "The package holds more than {limit} bytes; this file was not read.": {
        "kk": "Топтаманың көлемі {limit} байттан артық; бұл файл оқылмады.",
        "ru": "Объём пакета превышает {limit} байт; этот файл не читался.",
    },
    "Reading the package as a whole took longer than is allowed; this file was not read.": {
        "kk": "Топтаманы толық оқу рұқсат етілген уақыттан ұзаққа созылды; бұл файл оқылмады.",
        "ru": "Чтение пакета в целом заняло больше времени, чем допускается; этот файл не читался.",
    },
    "An attachment of a kind that carries no form.": {
        "kk": "Нысан болмайтын түрдегі қосымша файл.",
        "ru": "Вложение такого вида, в котором не бывает формы.",
    },
    "A file that an operating system or program left behind.": {
        "kk": "Операциялық жүйе немесе бағдарлама қалдырған файл.",
        "ru": "Файл, оставленный операционной системой или программой.",
    },
}
"""English sentence of forms.reading → the same in the languages of the letters."""

_PLACE = re.compile(r"\\{([a-z]+)\\}")


def detail_words(text: str, language: str) -> str | None:
    """`text` in kk or ru if it is a sentence of the reader or about a signature, itself in English; None if neither."""
    for pattern, words in _patterns():
        match = pattern.fullmatch(text)
        if match:
            return text if language == "en" else words[language].format_map(match.groupdict())
    return None


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], Mapping[str, str]], ...]:
    return tuple(_compiled())


def _compiled() -> Iterator[tuple[re.Pattern[str], Mapping[str, str]]]:
    for sentence, words in (*DETAILS.items(), *FORMAT_DETAILS.items(), *SIGNATURE_DETAILS.items()):
        yield re.compile(_PLACE.sub(r"(?P<\1>.*?)", re.escape(sentence)), re.DOTALL), words
