"""What a centre hands in, and the plan made of it: programmes found, rights checked, header understood."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from portal.core.errors import Invalid, NotFound
from portal.core.i18n import latest_month
from portal.core.permissions import SYSTEM, Actor
from portal.extensions import keys
from portal.programmes.models import Programme
from portal.programmes.queries import find_by_code, find_own
from portal.registry.dictionary import Dictionary, load
from portal.registry.importer.header import column_names
from portal.registry.importer.keys import Keyer
from portal.registry.importer.loading import Facts, Load, file_digest, open_frame
from portal.registry.importer.mapping import Plan, profile_plan, template_plan
from portal.registry.importer.naming import names_a_person
from portal.registry.importer.refusal import FileRefused
from portal.registry.importer.source import WEB, Limits, Source
from portal.registry.importer.storing import Target
from portal.registry.importer.working import Programmes, Work
from portal.registry.policies import check_can_submit
from portal.registry.profiles import NAMES, TEMPLATE, FileMap, MapFault, load_profile, read_map
from portal.registry.queries import corrected_rows, find_batch, has_episodes, list_tombstones, open_persons
from portal.registry.rules.coding import encode_month
from portal.registry.services.fitting import check_room, find_dictionary, fitting_version, room_of
from portal.registry.services.quota import check_quota


@dataclass(frozen=True, slots=True)
class Submission:
    """A file, and the programme that it is of, or the profile and map that say so."""

    data: bytes | Path | BinaryIO
    programme: str = ""
    profile: str = TEMPLATE
    file_map: str = ""
    encoding: str = "utf-8"
    limits: Limits = WEB
    corrects: int | None = None
    version: int = 0  # of the dictionary; 0: the one that knows the columns


def prepare(submission: Submission, *, by: Actor, now: datetime) -> tuple[Load, Sequence[Programme]]:
    """Check who may, and only then read the header and make the plan; FileRefused, NotFound or NotAllowed."""
    programmes = own_programmes(submission, by)
    check_quota(programmes, submission.limits, by=by, now=now)
    if isinstance(submission.data, Path) and names_a_person(submission.data.name):
        raise FileRefused("file_name")
    source = Source(submission.data, limits=room_of(submission.limits), encoding=submission.encoding)
    names = column_names(source.header.cells)
    dictionary = find_dictionary(submission.version or fitting_version(names))
    check_room(names, dictionary, submission.limits)
    plan = _plan(submission, names, dictionary)
    work = Work(plan, _nobody(plan), dictionary.version)
    if plan.key is None:
        work.file_digest = file_digest(source, plan)
    return _load(source, work, facts_of(programmes, submission.corrects, now)), programmes


def prepare_again(loading: Load, facts: Facts) -> Load:
    """The same file, to be judged by what the store says now."""
    return _load(loading.source, loading.work, facts)


def facts_of(programmes: Sequence[Programme], corrects: int | None, now: datetime) -> Facts:
    """What the rules must know of the programmes and their rows."""
    codes = [programme.code for programme in programmes]
    may_know = has_episodes(codes)
    return Facts(
        tuple(context_of(programme, now) for programme in programmes), list_tombstones(codes),
        corrected_rows(corrects) if corrects is not None else None, may_know,
        open_persons(codes) if may_know else [],
    )  # fmt: skip


def _nobody(plan: Plan) -> Programmes:
    return Programmes(plan.programmes, (), ())


def _load(source: Source, before: Work, facts: Facts) -> Load:
    plan, codes, version = before.plan, before.plan.programmes, before.version
    programmes = Programmes(codes, facts.contexts, tuple(Keyer(keys.pepper, code) for code in codes))
    work = Work(plan, programmes, version, before.file_digest, facts.tombstones, facts.corrected)
    if facts.may_know:
        work.open_persons = open_frame(facts.open_persons)
    target = Target(0, load(version), codes, plan.admission_precision, facts.may_know)
    return Load(facts, source, plan, work, target)


def find_own_programme(code: str, by: Actor) -> Programme | None:
    """The programme of this code, if it is the actor's own."""
    return find_by_code(code) if by is SYSTEM else find_own(code, by)


def context_of(programme: Programme, now: datetime) -> dict[str, object]:
    """What the rules must know of a programme and the day."""
    return {
        "country": programme.country,
        "start_month": encode_month(programme.start_month),
        "this_month": encode_month(latest_month(now)),
        "age_served": getattr(programme, "age_served", None),
        "planned_duration_days": programme.planned_duration_days or None,
    }


def _plan(submission: Submission, names: tuple[str, ...], dictionary: Dictionary) -> Plan:
    if submission.profile == TEMPLATE:
        (code,) = _codes(submission)
        return template_plan(names, code, dictionary)
    return profile_plan(names, load_profile(submission.profile), _file_map(submission), dictionary)


def _codes(submission: Submission) -> tuple[str, ...]:
    if submission.profile != TEMPLATE:
        return _file_map(submission).programme_codes
    if not submission.programme:
        raise Invalid("programme_needed")
    return (submission.programme.strip().upper(),)


def _file_map(submission: Submission) -> FileMap:
    if submission.profile not in NAMES:
        raise Invalid("unknown_profile", profile=submission.profile, known=", ".join(NAMES))
    try:
        return read_map(submission.file_map, load_profile(submission.profile))
    except MapFault as fault:
        raise FileRefused("mapping", what=fault.what) from None


def own_programmes(submission: Submission, by: Actor) -> list[Programme]:
    """The programmes of a file that the actor may submit, and the right to what it corrects."""
    programmes = [_programme(code, by) for code in _codes(submission)]
    if submission.corrects is not None:
        corrected = find_batch(submission.corrects)
        owners = {programme.organisation_id for programme in programmes}
        if corrected is None or corrected.organisation_id not in owners:
            raise NotFound("unknown_import")
    return programmes


def _programme(code: str, by: Actor) -> Programme:
    """The programme, if the actor may submit for it; those of others do not exist."""
    programme = find_own_programme(code, by)
    if programme is None:
        raise NotFound("programme_not_of_centre", programme=code)
    check_can_submit(by, programme)
    return programme
