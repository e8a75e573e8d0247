"""Forms by which an episode is entered and followed, made of the dictionary."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask_babel import gettext as _
from wtforms import HiddenField

from portal.core import i18n
from portal.core.forms import PortalForm
from portal.registry.dictionary import Group
from portal.registry.forms.answers import AnswerField, Asked

DEPOT: Final = ("M22", "M31", "M32")  # treatments of which the dictionary asks the last dose
FURTHER: Final = ("substance_2", "substance_3", "substance_4")


@dataclass(frozen=True, slots=True)
class Section:
    """Questions under one heading. A folded one is optional as a whole and starts closed."""

    title: str
    names: tuple[str, ...]
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A group of the dictionary in a form: its questions, or some of them."""

    group: str
    only: tuple[str, ...] = ()
    folded: bool = False


class EntryForm(PortalForm):
    """Base of the made forms. `sections` say what stands where; `warnings` wait for a confirmation."""

    sections: tuple[Section, ...] = ()
    send_key = HiddenField()
    revision = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.warnings: list[tuple[str, str, str]] = []  # rule, what it says, what to do
        self.status = 422  # of the answer when the form comes back

    @property
    def answers(self) -> dict[str, str | None]:
        """What was answered, by the dictionary's names. A section that was not sent says nothing."""
        return {
            name: self[name].data for section in self.sections if self.sent(section) for name in section.names
        }

    def sent(self, section: Section) -> bool:
        """Whether the browser sent this section: an older form of the same episode may have lacked it."""
        return any(self[name].raw_data for name in section.names)

    def keep(self, values: Mapping[str, Any]) -> None:
        """Show what is stored where a sent form lacks a section."""
        for section in self.sections:
            for name in () if self.sent(section) else section.names:
                self[name].process_data(values.get(name))

    def opens(self, section: Section) -> bool:
        """Whether a folded section must be open: something in it is answered or wrong."""
        return any(self[name].errors or self[name].data for name in section.names)


def admission_parts() -> list[Part]:
    """The 19 answers of an admission, and up to three further substances."""
    further = [Part(name, folded=True) for name in FURTHER]
    start = tuple(
        f"start_d28_{what}" for what in ("alcohol", "opioid", "stimulant", "inject", "controlled_env")
    )
    return [Part("admission"), Part("substance_1"), *further, Part("start", start)]


def review_parts(group: str, modality: str) -> list[Part]:
    return [Part(group), *medication_parts(modality)]


def medication_parts(modality: str) -> list[Part]:
    return [Part("depot")] if modality in DEPOT else []


def discharge_parts(modality: str) -> list[Part]:
    last = [Part("contact"), Part("discharge"), *medication_parts(modality)]
    return [*last, Part("exit", folded=True)]


def correction_parts(asked: Asked, values: Mapping[str, Any], modality: str) -> list[Part]:
    """Every group that has an answer, the groups that always have one, and room for further substances."""
    depot = modality in DEPOT
    return [
        Part(group.name, folded=_folds(group, values))
        for group in asked.dictionary.groups
        if group.name != "key" and (
            group.always or group.base == "substance" or (depot and group.name == "depot")
            or any(values.get(v.name) is not None for v in group.variables)
        )
    ]  # fmt: skip


def _folds(group: Group, values: Mapping[str, Any]) -> bool:
    return group.name in FURTHER and values.get(group.variables[0].name) is None


def make_form(parts: Iterable[Part], asked: Asked, values: Mapping[str, Any] | None = None) -> EntryForm:
    """A form with a field for each question of these parts. `values` are shown until something is sent."""
    fields: dict[str, Any] = {}
    sections = []
    for part in parts:
        group = asked.dictionary.group(part.group)
        asked_for = [v for v in group.variables if not part.only or v.name in part.only]
        fields |= {
            v.name: AnswerField(
                variable=v, asked=asked, optional=part.folded or not (v.mandatory or v.requires_with)
            )
            for v in asked_for
        }  # fmt: skip
        sections.append(Section(heading(group), tuple(v.name for v in asked_for), part.folded))
    made: Any = type("MadeForm", (EntryForm,), fields | {"sections": tuple(sections)})
    form: EntryForm = made(**(values or {}))
    if form.is_submitted():
        form.keep(values or {})
    return form


def heading(group: Group) -> str:
    if group.name == "substance_1":
        return _("Main substance")
    if group.base == "substance":
        return _("Further substance %(number)s", number=i18n.number((group.number or 2) - 1))
    if group.base == "followup":
        return _("Follow-up after %(days)s days", days=i18n.number(group.number or 0))
    title = group.title[i18n.current()]
    return f"{title} {i18n.number(group.number)}" if group.number else title
