"""The sample protocols of the demonstration, loaded through the verbs that people use.

Doses were coded by hand from the text of the samples; what cannot be coded stays a quoted line. Brief samples
lack sections and pass by a recorded exception only.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from portal.accounts.models import User
from portal.core.db import transaction
from portal.core.permissions import SYSTEM, Role
from portal.programmes.services import add_staff, register_organisation
from portal.protocols.dictionary import LANGUAGES
from portal.protocols.models import ProtocolVersion
from portal.protocols.queries.translations import list_sources
from portal.protocols.queries.versions import list_assignments, standing_of
from portal.protocols.rules import not_waived
from portal.protocols.services import (
    assignments,
    blocks,
    decisions,
    drafts,
    publishing,
    releasing,
    reviews,
    translations,
)
from portal.protocols.services.blocks import BlockText, ReferenceText
from portal.protocols.services.drafts import Details, NewDraft
from portal.protocols.services.interests import Interests, declare_as_author, declare_as_reviewer
from portal.protocols.services.publishing import LegalText
from portal.vocabulary import services as vocabulary
from portal.vocabulary import thesaurus

DATA: Final = Path(__file__).parents[1] / "data"
SOURCE: Final = "en"
NOTE: Final = "First version, loaded for the demonstration."
EXCEPTION: Final = "Brief sample of the demonstration: the missing sections were never written."
NAMES_DIFFER: Final = "The usual name in this language; numbers and names stand in the text."
SEARCHED: Final = date(2026, 11, 24)
COUNTRY: Final = {"ru": "RU", "fa": "IR"}
CENTRES: Final = {
    "IR": "مرکز نمونهٔ داوران پروتکل",
    "RU": "Демонстрационный центр рецензентов протоколов",
}
# Main concepts that the titles of these samples leave unsaid.
MAIN: Final = {
    "naltrexone-relapse-prevention-russia": ("cond-opioid-dependence",),
    "opioid-overdose-naloxone": ("sub-opioids",),
}
People = Mapping[tuple[Role, str], User]
Sample = Mapping[str, Any]


@lru_cache(maxsize=8)
def data_file(name: str) -> Any:
    return json.loads((DATA / name).read_text("utf-8"))


def load_seed(*, languages: Sequence[str] = LANGUAGES, people: People, now: datetime) -> list[str]:
    """Load the samples in these languages; English, their source, always. Returns the public numbers."""
    vocabulary.load_seed(by=SYSTEM)
    _employ_reviewers(people, now=now)
    others = [lang for lang in languages if lang != SOURCE]
    return [_load(sample, others, people, now) for sample in data_file("protocols.json")["protocols"]]


def _employ_reviewers(people: People, *, now: datetime) -> None:
    """Two reviewers come from two organisations: whoever has none joins one of the demonstration."""
    for country, name in CENTRES.items():
        reviewer = people[Role.CLINICAL_REVIEWER, country]
        if not reviewer.organisation_ids:
            centre = register_organisation(name, country, by=SYSTEM, now=now)
            add_staff(centre, reviewer, by=SYSTEM, now=now)


@transaction
def _load(sample: Sample, languages: Sequence[str], people: People, now: datetime) -> str:
    country = sample["origin_country"] or "IR"
    author = people[Role.CLINICIAN, country]
    editor = people[Role.EDITOR, "RU" if country == "IR" else "IR"]
    version = _write(sample, author, now)
    _say_what_holds(sample, version, editor, now)
    decisions.submit(version, by=author, now=now)
    _review(version, people, editor, now)
    decisions.accept(version, by=editor, now=now)
    if sample["level"] == "brief" and not_waived(standing_of(version).problems, exception=False):
        publishing.allow_exception(version, EXCEPTION, by=editor, now=now)
    for place in ("IR", "RU"):
        publishing.publish(version, by=people[Role.CHIEF_EDITOR, place], now=now)
    for lang in languages:
        _translate(sample, version, lang, people=people, now=now)
    return version.protocol.public_id


def _write(sample: Sample, author: User, now: datetime) -> ProtocolVersion:
    new = NewDraft(
        title=sample["title"][SOURCE], source_lang=SOURCE, summary=sample["summary"][SOURCE],
        slug=sample["slug"], origin_country=sample["origin_country"] or "", demonstration=True,
    )  # fmt: skip
    version = drafts.create_draft(new, by=author, now=now)
    searched = min(SEARCHED, now.date())
    details = Details(new.title, new.summary, NOTE, new.licence, "initial", searched)
    drafts.change_details(version, details, by=author, now=now)
    blocks.add_references(version, [reference_of(key) for key in _cited(sample)], by=author, now=now)
    blocks.add_blocks(version, texts_of(sample), by=author, now=now)
    drafts.set_concepts(version, concepts_of(sample), by=author, now=now)
    declare_as_author(version, Interests(), by=author, now=now)
    return version


def _cited(sample: Sample) -> list[str]:
    used = [line["data"]["source"] for line in data_file("doses.json")[sample["slug"]]]
    return list(dict.fromkeys([*used, sample["evidence"]["source"]]))


def reference_of(key: str) -> ReferenceText:
    """A source of the samples as a reference."""
    source = data_file("protocols.json")["sources"][key]
    fields = {
        name: source[name]
        for name in ("doi", "pmid", "isbn", "url", "status", "status_note")
        if name in source
    }
    return ReferenceText(key=key, cite=source["cite"], **fields)


def texts_of(sample: Sample) -> list[BlockText]:
    """Blocks in reading order; dose lines from the hand-coded file."""
    texts = [
        BlockText(section, kind, sample[section])
        for section, kind in (("population", "criterion"), ("contraindications", "criterion"))
        if section in sample
    ]
    texts += [BlockText("steps", "step", step) for step in sample.get("steps", ())]
    texts += [
        BlockText("dosing", "dose", line["text"], line["data"])
        for line in data_file("doses.json")[sample["slug"]]
    ]
    texts += [
        BlockText(section, kind, sample[section])
        for section, kind in (("monitoring", "measure"), ("resources", "resource"))
        if section in sample
    ]
    said = sample["evidence"]
    data = {"certainty": said["certainty"], "strength": said["strength"], "references": [said["source"]]}
    return [*texts, BlockText("evidence", "evidence", said["statement"], data)]


def concepts_of(sample: Sample) -> dict[str, str]:
    """Tags that the title names are main, the others secondary."""
    known = thesaurus.current()
    named = {
        concept
        for title in sample["title"].values()
        for match in known.match(thesaurus.tokens(title), everyday=False)
        for concept in match.concepts
    } | set(MAIN.get(sample["slug"], ()))
    return {tag: "main" if tag in named else "secondary" for tag in sample["tags"]}


def _say_what_holds(sample: Sample, version: ProtocolVersion, editor: User, now: datetime) -> None:
    for country, said in sample["legal"].items():
        sources = [data_file("protocols.json")["sources"][key] for key in said["source"]]
        basis = tuple({"cite": source["cite"], "url": source.get("url", "")} for source in sources)
        checked = date.fromisoformat(said["checked_on"]) if said["checked_on"] else None
        text = LegalText(
            country, said["status"], said["note"], basis, min(checked, now.date()) if checked else None
        )
        publishing.set_legal_status(version.protocol, text, by=editor, now=now)


def _review(version: ProtocolVersion, people: People, editor: User, now: datetime) -> None:
    iran, russia = (people[Role.CLINICAL_REVIEWER, country] for country in ("IR", "RU"))
    panel = [(iran, "clinical"), (russia, "clinical")]
    if standing_of(version).has_dose:
        panel.append((russia, "dose_check"))
    assignments.start_review(version, panel, by=editor, now=now)
    by_id = {person.id: person for person in (iran, russia)}
    for assignment in list_assignments(version.id):
        reviewer = by_id[assignment.reviewer_id]
        declare_as_reviewer(assignment, Interests(), by=reviewer, now=now)
        reviews.approve(assignment, seen_hash=version.content_hash, by=reviewer, now=now)


def _translate(sample: Sample, version: ProtocolVersion, lang: str, *, people: People, now: datetime) -> None:
    country = COUNTRY[lang]
    texts = translated_texts(sample, version, lang)
    units = {unit.key: unit for unit in list_sources([version])[version.id]}
    reasons = {
        key: NAMES_DIFFER if translations.text_faults(units[key].text, text) else ""
        for key, text in texts.items()
    }
    translator = people[Role.TRANSLATOR, country]
    new = {key: (text, 0) for key, text in texts.items()}
    translations.save_units(version, lang, new, by=translator, now=now)
    translations.submit_units(version, lang, reasons, by=translator, now=now)
    clinical = {unit.key for unit in units.values() if unit.is_clinical}
    for judge, keys in (
        (people[Role.LANGUAGE_REVIEWER, country], [key for key in texts if key not in clinical]),
        (people[Role.CLINICAL_REVIEWER, country], [key for key in texts if key in clinical]),
    ):
        if keys:
            translations.approve_units(version, keys, lang, by=judge, now=now)
    if sample["slug"] in data_file("translations.json"):
        reviewer = people[Role.LANGUAGE_REVIEWER, country]
        releasing.publish_translation(version, lang, by=reviewer, now=now)


def translated_texts(sample: Sample, version: ProtocolVersion, lang: str) -> dict[str, str]:
    """Texts by unit: title and summary of every sample, everything of those that were translated whole."""
    texts = {name: sample[name][lang] for name in ("title", "summary") if lang in sample[name]}
    whole = data_file("translations.json").get(sample["slug"], {}).get(lang)
    if not whole:
        return texts
    texts["change_note"] = whole["change_note"]
    texts |= {f"legal:{country}": text for country, text in whole["legal"].items()}
    rows = {name: iter(whole[name]) for name in ("steps", "doses")}
    rows["dosing"] = rows.pop("doses")
    for unit in list_sources([version])[version.id]:
        if unit.name in rows:
            texts[unit.key] = next(rows[unit.name])
        elif unit.name in whole and unit.key not in texts:
            texts[unit.key] = whole[unit.name]
    return texts
