"""Files that the portal hands out: the empty template and the codebook, in three languages."""

import csv
from io import StringIO

from portal.registry.dictionary import CURRENT, Variable, load
from portal.registry.importer.report import guarded

WORDS = {
    "en": ("column", "question", "group", "required", "codes or range", "help"),
    "ru": ("столбец", "вопрос", "группа", "обязательность", "коды или пределы", "пояснение"),
    "fa": ("ستون", "پرسش", "گروه", "الزامی", "کدها یا بازه", "راهنما"),
}
REQUIRED = {
    "en": {True: "yes", False: "no"},
    "ru": {True: "да", False: "нет"},
    "fa": {True: "بله", False: "خیر"},
}


def template_csv(language: str) -> str:
    """A header that both people and the importer read: the question, and the column's name in brackets."""
    cells = [f"{_title(variable, language)} [{variable.name}]" for variable in load(CURRENT).variables]
    return "\ufeff" + _table([cells])


def codebook_csv(language: str) -> str:
    """Every column with its question, codes and help."""
    dictionary = load(CURRENT)
    titles = {group.name: group for group in dictionary.groups}
    rows = [
        [
            variable.name, variable.label[language],
            _numbered(titles[variable.group].title[language], titles[variable.group].number),
            REQUIRED[language][variable.mandatory], _codes(variable, language),
            variable.help[language] if variable.help else "",
        ]
        for variable in dictionary.variables
    ]  # fmt: skip
    return "\ufeff" + _table([list(WORDS[language]), *rows])


def _title(variable: Variable, language: str) -> str:
    group = load(CURRENT).group(variable.group)
    if group.number is None:
        return variable.label[language]
    return f"{_numbered(group.title[language], group.number)}: {variable.label[language]}"


def _numbered(title: str, number: int | None) -> str:
    return title if number is None else f"{title} {number}"


def _codes(variable: Variable, language: str) -> str:
    missing = load(CURRENT).missing if variable.allows_missing else ()
    if variable.codes is None:
        low_high = [] if variable.low is None else [f"{variable.low}..{variable.high}"]
        return "; ".join([*low_high, *(f"{item.code} = {item.label[language]}" for item in missing)])
    items = [item for item in variable.codes.items if not item.profile_only]
    return "; ".join(f"{item.code} = {item.label[language]}" for item in (*items, *missing))


def _table(rows: list[list[str]]) -> str:
    buffer = StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerows([[guarded(cell) for cell in row] for row in rows])
    return buffer.getvalue()
