"""Files that the portal hands out: the empty template and the codebook, in three languages."""

import csv
from io import StringIO

from portal.registry.dictionary import CURRENT, TRANSIENT, Dictionary, Variable, load
from portal.registry.exports.codebook import since_of, standards_of
from portal.registry.importer.report import guarded

WORDS = {
    "en": (
        "column", "question", "group", "required", "codes or range", "help", "class", "asked when",
        "since version", "other systems", "to be verified",
    ),
    "ru": (
        "столбец", "вопрос", "группа", "обязательность", "коды или пределы", "пояснение", "класс",
        "когда спрашивают", "с версии", "другие системы", "требует проверки",
    ),
    "fa": (
        "ستون", "پرسش", "گروه", "الزامی", "کدها یا بازه", "راهنما", "رده", "چه زمانی پرسیده می‌شود",
        "از نسخهٔ", "سامانه‌های دیگر", "نیازمند تأیید",
    ),
}  # fmt: skip
REQUIRED = {
    "en": {True: "yes", False: "no"},
    "ru": {True: "да", False: "нет"},
    "fa": {True: "بله", False: "خیر"},
}


def template_csv(language: str, version: int = CURRENT) -> str:
    """A header that both people and the importer read: the question, and the column's name in brackets."""
    dictionary = load(version)
    cells = [f"{_title(v, dictionary, language)} [{v.name}]" for v in dictionary.variables]
    return "\ufeff" + _table([cells])


def codebook_csv(language: str, version: int = CURRENT) -> str:
    """Every column that a file may hold, with its question, codes and help."""
    dictionary = load(version)
    columns = [*dictionary.variables, *dictionary.of(TRANSIENT)]
    return "\ufeff" + _table([list(WORDS[language]), *(_row(v, dictionary, language) for v in columns)])


def _row(variable: Variable, dictionary: Dictionary, language: str) -> list[str]:
    group = dictionary.group(variable.group)
    doubt = bool(variable.unverified) or bool(variable.codes and not variable.codes.verified)
    return [
        variable.name, variable.label[language], _numbered(group.title[language], group.number),
        REQUIRED[language][variable.mandatory], _codes(variable, dictionary, language),
        variable.help[language] if variable.help else "", variable.klass, variable.asked,
        str(since_of(variable.name, dictionary.version)),
        "; ".join(standards_of(variable, group.base, dictionary.version)), REQUIRED[language][doubt],
    ]  # fmt: skip


def _title(variable: Variable, dictionary: Dictionary, language: str) -> str:
    group = dictionary.group(variable.group)
    if group.number is None:
        return variable.label[language]
    return f"{_numbered(group.title[language], group.number)}: {variable.label[language]}"


def _numbered(title: str, number: int | None) -> str:
    return title if number is None else f"{title} {number}"


def _codes(variable: Variable, dictionary: Dictionary, language: str) -> str:
    allowed = dictionary.missing if variable.allows_missing else ()
    missing = [item for item in allowed if not item.skipped or variable.skippable]
    if variable.codes is None:
        low_high = [] if variable.low is None else [_range(variable)]
        return "; ".join([*low_high, *(f"{item.code} = {item.label[language]}" for item in missing)])
    items = [item for item in variable.codes.items if not item.profile_only]
    return "; ".join(f"{item.code} = {item.label[language]}" for item in (*items, *missing))


def _range(variable: Variable) -> str:
    tenth = 10 if variable.kind == "decimal" else 1
    return f"{(variable.low or 0) // tenth}..{(variable.high or 0) // tenth}"


def _table(rows: list[list[str]]) -> str:
    buffer = StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerows([[guarded(cell) for cell in row] for row in rows])
    return buffer.getvalue()
