"""What a fault of a reference file is called, in English, Russian and Kazakh."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Fault(StrEnum):
    """Kinds of faults; the last two are warnings, the others refuse the file."""

    UNREADABLE = "unreadable"
    NOT_UTF8 = "not_utf8"
    NO_HEADING = "no_heading"
    MISSING_COLUMN = "missing_column"
    DOUBLED_COLUMN = "doubled_column"
    QUOTES = "quotes"
    CELL_COUNT = "cell_count"
    EMPTY = "empty"
    DATE = "date"
    NUMBER = "number"
    NOT_POSITIVE = "not_positive"
    CURRENCY = "currency"
    IDENTIFIER = "identifier"
    KZT_RATE = "kzt_rate"
    ENDS_BEFORE_START = "ends_before_start"
    DOUBLED = "doubled"
    CONTRADICTORY = "contradictory"
    OVERLAPPING = "overlapping"
    UNKNOWN_ASSET = "unknown_asset"
    CHECK_DIGIT = "check_digit"


WARNINGS = frozenset({Fault.UNKNOWN_ASSET, Fault.CHECK_DIGIT})

ENGLISH: Mapping[Fault, str] = {
    Fault.UNREADABLE: "the file cannot be read ({found}); look at its permissions",
    Fault.NOT_UTF8: "the file is not UTF-8 text; save it as CSV UTF-8",
    Fault.NO_HEADING: "the file is empty; the heading {expected} is expected on line 1",
    Fault.MISSING_COLUMN: "column {column} is missing in the heading; {expected} are expected",
    Fault.DOUBLED_COLUMN: "column {column} stands twice in the heading; keep one",
    Fault.QUOTES: 'a quotation mark lacks its other half, or text follows it; write "" for one inside a text',
    Fault.CELL_COUNT: "{found} cells, the heading has {expected}; put texts that hold the separator in quotes",
    Fault.EMPTY: "column {column} is empty; fill it in",
    Fault.DATE: "column {column}: {found!r} is not a date; write YYYY-MM-DD",
    Fault.NUMBER: "column {column}: {found!r} is not a number; write digits with a decimal point, at most {expected}",
    Fault.NOT_POSITIVE: "column {column}: {found!r} is not above 0",
    Fault.CURRENCY: "column {column}: {found!r} is not a currency; write three Latin letters such as USD",
    Fault.IDENTIFIER: "column {column}: {found!r} is not a BIN or IIN; write 12 digits",
    Fault.KZT_RATE: "a tenge is 1 tenge; found {found!r}; leave KZT out",
    Fault.ENDS_BEFORE_START: "{column} {found} lies before {expected}",
    Fault.DOUBLED: "the same row stands on line {expected} already; keep one",
    Fault.CONTRADICTORY: "{found} stands on line {expected} with another value; keep the right one",
    Fault.OVERLAPPING: "the days of {found} overlap those on line {expected}; end one before the other begins",
    Fault.UNKNOWN_ASSET: "{found!r} is not on the list of assets; the price is kept for an asset written exactly so",
    Fault.CHECK_DIGIT: "column {column}: the check digit of {found} is wrong",
}

RUSSIAN: Mapping[Fault, str] = {
    Fault.UNREADABLE: "файл не читается ({found}); проверьте права доступа",
    Fault.NOT_UTF8: "файл не в кодировке UTF-8; сохраните его как CSV UTF-8",
    Fault.NO_HEADING: "файл пуст; в строке 1 ожидается заголовок {expected}",
    Fault.MISSING_COLUMN: "в заголовке нет столбца {column}; ожидаются {expected}",
    Fault.DOUBLED_COLUMN: "столбец {column} указан в заголовке дважды; оставьте один",
    Fault.QUOTES: "кавычка без пары, или за ней следует текст; кавычку внутри текста пишите дважды",
    Fault.CELL_COUNT: "ячеек {found}, в заголовке {expected}; текст с разделителем внутри возьмите в кавычки",
    Fault.EMPTY: "столбец {column} пуст; заполните его",
    Fault.DATE: "столбец {column}: {found!r} не дата; пишите ГГГГ-ММ-ДД",
    Fault.NUMBER: "столбец {column}: {found!r} не число; пишите цифры с десятичной точкой, не более {expected}",
    Fault.NOT_POSITIVE: "столбец {column}: {found!r} не больше 0",
    Fault.CURRENCY: "столбец {column}: {found!r} не валюта; пишите три латинские буквы, например USD",
    Fault.IDENTIFIER: "столбец {column}: {found!r} не БИН и не ИИН; пишите 12 цифр",
    Fault.KZT_RATE: "тенге равен 1 тенге; указано {found!r}; уберите строку KZT",
    Fault.ENDS_BEFORE_START: "{column} {found} раньше, чем {expected}",
    Fault.DOUBLED: "такая же строка уже есть под номером {expected}; оставьте одну",
    Fault.CONTRADICTORY: "{found} уже указано в строке {expected} с другим значением; оставьте верное",
    Fault.OVERLAPPING: "сроки {found} пересекаются со строкой {expected}; закончите один до начала другого",
    Fault.UNKNOWN_ASSET: "{found!r} нет в перечне активов; цена сохранена для актива с точно таким написанием",
    Fault.CHECK_DIGIT: "столбец {column}: контрольный разряд {found} неверен",
}

KAZAKH: Mapping[Fault, str] = {
    Fault.UNREADABLE: "файл оқылмайды ({found}); қол жеткізу құқықтарын тексеріңіз",
    Fault.NOT_UTF8: "файл UTF-8 мәтіні емес; оны CSV UTF-8 түрінде сақтаңыз",
    Fault.NO_HEADING: "файл бос; 1-жолда {expected} тақырыбы күтіледі",
    Fault.MISSING_COLUMN: "тақырыпта {column} бағаны жоқ; күтілетін бағандар: {expected}",
    Fault.DOUBLED_COLUMN: "тақырыпта {column} бағаны екі рет тұр; біреуін қалдырыңыз",
    Fault.QUOTES: "тырнақшаның сыңары жоқ немесе одан кейін мәтін тұр; мәтін ішіндегі тырнақшаны қос жазыңыз",
    Fault.CELL_COUNT: "ұяшықтар саны {found}, тақырыпта {expected}; ішінде бөлгіші бар мәтінді тырнақшаға алыңыз",
    Fault.EMPTY: "{column} бағаны бос; оны толтырыңыз",
    Fault.DATE: "{column} бағаны: {found!r} күн емес; ЖЖЖЖ-АА-КК түрінде жазыңыз",
    Fault.NUMBER: "{column} бағаны: {found!r} сан емес; ондық нүктесі бар цифрлармен жазыңыз, шегі {expected}",
    Fault.NOT_POSITIVE: "{column} бағаны: {found!r} нөлден үлкен емес",
    Fault.CURRENCY: "{column} бағаны: {found!r} валюта емес; USD сияқты үш латын әрпін жазыңыз",
    Fault.IDENTIFIER: "{column} бағаны: {found!r} БСН да, ЖСН да емес; 12 цифр жазыңыз",
    Fault.KZT_RATE: "бір теңге 1 теңгеге тең; көрсетілгені {found!r}; KZT жолын алып тастаңыз",
    Fault.ENDS_BEFORE_START: "{column} {found} күні {expected} күнінен бұрын",
    Fault.DOUBLED: "дәл осындай жол {expected}-жолда бар; біреуін қалдырыңыз",
    Fault.CONTRADICTORY: "{found} {expected}-жолда басқа мәнмен тұр; дұрысын қалдырыңыз",
    Fault.OVERLAPPING: "{found} мерзімдері {expected}-жолмен қиылысады; бірін екіншісі басталғанша аяқтаңыз",
    Fault.UNKNOWN_ASSET: "{found!r} активтер тізбесінде жоқ; баға дәл осылай жазылған активке сақталды",
    Fault.CHECK_DIGIT: "{column} бағаны: {found} нөмірінің бақылау разряды қате",
}
