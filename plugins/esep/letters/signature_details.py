"""What is wrong with a signature, in Kazakh and Russian: the plain English sentences of esep.signature.

Written as in `details`. Nothing of a library's own message is told.
"""

from __future__ import annotations

from collections.abc import Mapping

SIGNATURE_DETAILS: Mapping[str, Mapping[str, str]] = {
    "The signature file is empty.": {"kk": "Қолтаңба файлы бос.", "ru": "Файл подписи пуст."},
    "The signature file is too large; at most {limit} bytes are looked into.": {
        "kk": "Қолтаңба файлы тым үлкен; ең көбі {limit} байт тексеріледі.",
        "ru": "Файл подписи слишком велик; проверяется не более {limit} байт.",
    },
    "More than {count} signature files are not looked into for one package.": {
        "kk": "Бір топтама бойынша {count} қолтаңба файлынан артығы тексерілмейді.",
        "ru": "В одном пакете проверяется не более {count} файлов подписи.",
    },
    "The signature file cannot be read.": {
        "kk": "Қолтаңба файлы оқылмайды.",
        "ru": "Файл подписи не читается.",
    },
    "The signature file is damaged or was cut off.": {
        "kk": "Қолтаңба файлы бүлінген немесе толық емес.",
        "ru": "Файл подписи повреждён или обрезан.",
    },
    "The structure of the signature is broken.": {
        "kk": "Қолтаңбаның құрылымы бұзылған.",
        "ru": "Структура подписи нарушена.",
    },
    "The signature is too complex to be looked into.": {
        "kk": "Қолтаңба тексеруге тым күрделі.",
        "ru": "Подпись слишком сложна для проверки.",
    },
    "This is no signature that can be used: it breaks the rules of CMS.": {
        "kk": "Бұл пайдалануға жарамды қолтаңба емес: CMS қағидалары сақталмаған.",
        "ru": "Это не подпись, которую можно использовать: нарушены правила CMS.",
    },
    "This is an XML signature; only CMS signatures are verified here.": {
        "kk": "Бұл – XML қолтаңбасы; мұнда тек CMS қолтаңбалары тексеріледі.",
        "ru": "Это подпись XML; здесь проверяются только подписи CMS.",
    },
    "The signatures of one package are too large; at most {limit} bytes are looked into.": {
        "kk": "Бір топтаманың қолтаңбалары тым үлкен; ең көбі {limit} байт тексеріледі.",
        "ru": "Подписи одного пакета слишком велики; проверяется не более {limit} байт.",
    },
    "The document holds a signature of its own, which is not verified here.": {
        "kk": "Құжаттың ішінде өз қолтаңбасы бар, ол мұнда тексерілмейді.",
        "ru": "Внутри документа есть подпись; здесь она не проверяется.",
    },
    "A signature inside the document covers only a part of it.": {
        "kk": "Құжаттың ішіндегі қолтаңба оның бір бөлігін ғана қамтиды.",
        "ru": "Подпись внутри документа относится лишь к его части.",
    },
    "This file is no CMS signature.": {
        "kk": "Бұл файл CMS қолтаңбасы емес.",
        "ru": "Этот файл не является подписью CMS.",
    },
    "The package holds no electronic signature.": {
        "kk": "Топтамада электрондық қолтаңба жоқ.",
        "ru": "В пакете нет электронной подписи.",
    },
    "The signature names no signer.": {
        "kk": "Қолтаңбада қол қоюшы көрсетілмеген.",
        "ru": "В подписи не указан подписавший.",
    },
    "The signature holds its own content, which is none of the files of the package.": {
        "kk": "Қолтаңбаның ішінде өз мазмұны бар, ол топтаманың бірде-бір файлына сәйкес келмейді.",
        "ru": "Подпись несёт собственное содержимое, и это ни один из файлов пакета.",
    },
    "The signature covers no file of the package: it is of another file, or the file was changed afterwards.": {
        "kk": "Қолтаңба топтаманың бірде-бір файлына қатысты емес: ол басқа файлдікі немесе файл кейін өзгертілген.",
        "ru": "Подпись не относится ни к одному файлу пакета: она от другого файла, или файл потом изменён.",
    },
    "No smaller file is signed, and these are too large to be checked: {files}.": {
        "kk": "Кішірек файлдардың ешқайсысына қол қойылмаған, ал мыналар тексеруге тым үлкен: {files}.",
        "ru": "Ни один из меньших файлов не подписан, а эти слишком велики для проверки: {files}.",
    },
    "The content is too large for its digest.": {
        "kk": "Мазмұны хэшін есептеу үшін тым үлкен.",
        "ru": "Содержимое слишком велико для вычисления его хэша.",
    },
    "The enclosed content was changed after it was signed.": {
        "kk": "Ішіндегі мазмұн қол қойылғаннан кейін өзгертілген.",
        "ru": "Вложенное содержимое изменено после подписания.",
    },
    "The signed content type is not that of the content.": {
        "kk": "Қол қойылған мазмұн түрі нақты мазмұнның түріне сәйкес емес.",
        "ru": "Подписанный вид содержимого не соответствует самому содержимому.",
    },
    "The signature was not made with the key of its certificate.": {
        "kk": "Қолтаңба сертификатындағы кілтпен қойылмаған.",
        "ru": "Подпись сделана не ключом своего сертификата.",
    },
    "The signature does not hold the signer's certificate, so nobody can check whose it is.": {
        "kk": "Қолтаңбада қол қоюшының сертификаты жоқ, сондықтан оның кімдікі екенін тексеру мүмкін емес.",
        "ru": "В подписи нет сертификата подписавшего, поэтому нельзя проверить, чья она.",
    },
    "The signer's certificate cannot be read.": {
        "kk": "Қол қоюшының сертификаты оқылмайды.",
        "ru": "Сертификат подписавшего не читается.",
    },
    "The digest {digest} is too weak or not known here.": {
        "kk": "{digest} хэші тым әлсіз немесе мұнда белгісіз.",
        "ru": "Хэш {digest} слишком слаб или здесь неизвестен.",
    },
    "The signature cannot be verified here: its algorithm {algorithm} or key is unknown or too weak.": {
        "kk": "Қолтаңбаны мұнда тексеру мүмкін емес: оның {algorithm} алгоритмі немесе кілті белгісіз не тым әлсіз.",
        "ru": "Подпись нельзя проверить здесь: её алгоритм {algorithm} или ключ неизвестен либо слишком слаб.",
    },
    "More than {count} GOST signatures are not computed for one package.": {
        "kk": "Бір топтама бойынша {count} ГОСТ қолтаңбасынан артығы есептелмейді.",
        "ru": "В одном пакете вычисляется не более {count} подписей ГОСТ.",
    },
    "The signing time {moment} lies in the future.": {
        "kk": "Қол қою уақыты {moment} әлі келген жоқ.",
        "ru": "Время подписания {moment} лежит в будущем.",
    },
    "The certificate expired on {day}, before the signing on {moment}.": {
        "kk": "Сертификаттың мерзімі {day} біткен, қол кейін қойылған: {moment}.",
        "ru": "Сертификат истёк {day}, до подписания {moment}.",
    },
    "The certificate began on {day}, after the signing on {moment}.": {
        "kk": "Сертификат {day} күшіне енген, қол бұрын қойылған: {moment}.",
        "ru": "Сертификат действует с {day}, после подписания {moment}.",
    },
    "The verification service tells that the certificate is revoked.": {
        "kk": "Тексеру қызметі сертификаттың кері қайтарылғанын хабарлады.",
        "ru": "Служба проверки сообщает, что сертификат отозван.",
    },
    "The verification service does not confirm the signature.": {
        "kk": "Тексеру қызметі қолтаңбаны растамады.",
        "ru": "Служба проверки не подтверждает подпись.",
    },
    "The verification service confirms signature and certificate.": {
        "kk": "Тексеру қызметі қолтаңба мен сертификатты растады.",
        "ru": "Служба проверки подтверждает подпись и сертификат.",
    },
}
"""English sentence of esep.signature → the same in the languages of the letters."""
