"""Imports through the verb: statuses, invariant, idempotency, dry run, correction, chunks, sweeping."""

import csv
import io
import itertools
import json
from datetime import timedelta

import pytest
import sqlalchemy as sa
from factories import make_organisation, make_programme, make_user
from registry_records import DISCHARGED, row, table, token

from portal.core.audit import AuditEvent, verify
from portal.core.db import utcnow
from portal.core.errors import Invalid, InvalidTransition, NotAllowed, NotFound
from portal.core.permissions import SYSTEM
from portal.extensions import db
from portal.registry import queries
from portal.registry.importer import loading
from portal.registry.importer.keys import Keyer
from portal.registry.importer.refusal import FileRefused
from portal.registry.importer.source import COMMAND_LINE
from portal.registry.models import (
    BatchState,
    Episode,
    EpisodeSensitive,
    ImportBatch,
    ImportRow,
    Person,
    RuleResult,
    Tombstone,
)
from portal.registry.services import imports
from portal.registry.services.imports import ALL, DRY, VALID, commit, counts_of, import_file, sweep_unfinished
from portal.registry.services.reports import errors_csv, report_of
from portal.registry.services.submitting import Submission


@pytest.fixture
def centre(app):
    return make_organisation("IR")


@pytest.fixture
def programme(centre):
    return make_programme("IR", organisation=centre)


@pytest.fixture
def clinician(centre):
    return make_user("clinician", organisation=centre)


@pytest.fixture
def submit(programme, clinician):
    def run(rows, *, mode=VALID, by=clinician, **kwargs):
        data = rows if isinstance(rows, bytes) else table(rows)
        corrects = kwargs.pop("corrects", None)
        submission = Submission(data, programme=programme.code, corrects=corrects)
        return import_file(submission, mode=mode, by=by, **kwargs)

    return run


@pytest.fixture
def in_chunks(monkeypatch):
    """Every import takes the way of large files, three rows at a time."""
    monkeypatch.setattr(imports, "_is_small", lambda _: False)
    monkeypatch.setattr(loading, "CHUNK", 3)


@pytest.fixture
def in_one_go(monkeypatch):
    """Every judging of a chunk, by whether it held the lock."""
    real, held = imports.judged, []

    def judged(chunk, loading):
        held.append(db.session.info.get("depth", 0))
        return real(chunk, loading)

    monkeypatch.setattr(imports, "judged", judged)
    return held


def episodes(programme):
    return {e.row_key: e for e in queries.list_episodes(programme.code, limit=1000)}


def statuses(batch):
    assert batch.submitted == batch.accepted + batch.rejected + batch.ignored
    return {k: v for k, v in counts_of(batch).items() if v and k != "submitted"}


def test_good_rows_are_accepted(submit, programme):
    batch = submit([row(n) for n in range(5)])
    assert statuses(batch) == {"accepted_new": 5}
    assert (batch.state, batch.visible) == (BatchState.DONE, True)
    episode = next(iter(episodes(programme).values()))
    assert (episode.admission_month, episode.modality, episode.dx_icd10) == ("2025-03", "M20", "F11.2")
    assert (episode.substance_1_code, episode.start_day, episode.has_token) == (151, 0, True)


def test_keys_are_kept_rekeyed_only(submit, programme):
    submit([row(1)])
    keyer = Keyer(bytes(range(32, 64)), programme.code)
    (episode,) = episodes(programme).values()
    assert episode.row_key == keyer.s(token(1))
    assert episode.person_s == keyer.s(token(1, "person"))
    assert db.session.get(Person, (programme.code, episode.person_s)).edition is None


def test_legal_status_is_kept_apart(submit, programme):
    submit([row(1, legal_status=2)])
    (episode,) = episodes(programme).values()
    assert db.session.get(EpisodeSensitive, episode.id).legal_status == 2


def test_bad_rows_wait_and_good_ones_count(submit, programme):
    batch = submit([row(1), row(2, sex=7), row(3, modality="M40", sex=""), row(4)])
    assert statuses(batch) == {"accepted_new": 2, "rejected": 2}
    assert report_of(batch).as_dict()["errors"] == [
        {"line": 3, "column": "sex", "code": "CODE"},
        {"line": 4, "column": "sex", "code": "EMPTY"},
    ]
    assert len(episodes(programme)) == 2
    assert queries.count_waiting([programme.organisation_id]) == 2


def test_all_or_none_holds_valid_rows_when_one_is_bad(submit, programme):
    batch = submit([row(1), row(2, sex=7), row(3)], mode=ALL)
    assert statuses(batch) == {"rejected": 1, "held": 2}
    assert episodes(programme) == {}
    assert [r.status for r in queries.list_waiting(batch.id)] == ["held", "rejected", "held"]
    held = queries.list_waiting(batch.id)[0]
    assert "2025-03" in held.cells
    assert token(1) not in held.cells


def test_all_or_none_accepts_a_good_file(submit, programme):
    assert statuses(submit([row(1), row(2)], mode=ALL)) == {"accepted_new": 2}
    assert len(episodes(programme)) == 2


def test_same_file_again_changes_nothing(submit, programme):
    rows = [row(1), row(2, sex=7), row(3)]
    first = report_of(submit(rows)).as_dict()
    before = {k: e.id for k, e in episodes(programme).items()}
    again = submit(rows)
    assert statuses(again) == {"unchanged": 2, "rejected": 1}
    assert report_of(again).as_dict()["errors"] == first["errors"]
    assert {k: e.id for k, e in episodes(programme).items()} == before


def test_spelling_and_order_change_nothing(submit):
    submit([row(1), row(2)])
    other = [
        dict(reversed(r.items())) for r in (row(2, sex="۱", admission_month="1403-12"), row(1, sex="male"))
    ]
    data = table(other, delimiter=";").replace(b"\n", b"\r\n")
    assert statuses(submit(b"\xef\xbb\xbf" + data)) == {"unchanged": 2}


def test_known_key_with_new_values_is_a_new_revision(submit, programme):
    submit([row(1), row(2)])
    old = {e.id for e in episodes(programme).values()}
    batch = submit([row(1, **DISCHARGED), row(2)])
    assert statuses(batch) == {"accepted_changed": 1, "unchanged": 1}
    revised = [e for e in episodes(programme).values() if e.revision == 2]
    assert [e.discharge_reason for e in revised] == [31]
    assert revised[0].number in old
    assert db.session.get(Episode, revised[0].first_id).replaced_by == revised[0].id
    assert len(queries.list_revisions(revised[0].number)) == 2


def test_key_twice_rejects_both_rows(submit, programme):
    batch = submit([row(1), row(2), row(1, sex=2)])
    assert statuses(batch) == {"accepted_new": 1, "rejected": 2}
    assert {e.code for e in report_of(batch).errors} == {"DUPKEY"}


def test_row_without_token_is_a_person_of_its_own(submit, programme):
    submit([row(1, person_token=""), row(2, person_token="")])
    for episode in episodes(programme).values():
        assert episode.has_token is False
        assert episode.person_s == episode.row_key


def test_two_episodes_of_a_person_share_the_person(submit, programme):
    person = token(9, "person")
    submit(
        [row(1, person_token=person, **DISCHARGED), row(2, person_token=person, admission_month="2026-01")]
    )
    assert len({e.person_s for e in episodes(programme).values()}) == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Person)) == 1


def test_new_episode_of_a_person_with_an_open_one_is_rejected(submit):
    person = token(9, "person")
    later = row(2, person_token=person, admission_month="2026-01")
    assert {e.code for e in report_of(submit([row(1, person_token=person), later])).errors} == {"R41"}
    batch = submit([later])
    assert [e.code for e in report_of(batch).errors] == ["R41"]
    closed = row(1, person_token=person, **DISCHARGED)
    assert statuses(submit([closed, later])) == {"accepted_new": 1, "accepted_changed": 1}


def test_warnings_are_accepted_and_listed(submit, programme):
    batch = submit([row(1), row(2, substance_1_code=900, dx_icd10="F19.2", modality="M40")])
    assert statuses(batch) == {"accepted_new": 2}
    assert [(w.line, w.code, w.severity) for w in report_of(batch).warnings] == [(3, "R15", "W")]


def test_torn_row_is_rejected_and_its_neighbours_are_not(submit):
    lines = table([row(1), row(2), row(3)]).split(b"\n")
    lines[2] += b",1"
    batch = submit(b"\n".join(lines))
    assert statuses(batch) == {"accepted_new": 2, "rejected": 1}
    assert [(e.line, e.code) for e in report_of(batch).errors] == [(3, "STRUCT")]


def test_key_that_is_no_token_is_rejected_without_being_kept(submit):
    batch = submit([row(1, source_key="1234"), row(2, source_key=""), row(3, person_token="x1")])
    found = {(e.line, e.column, e.code) for e in report_of(batch).errors}
    assert found == {(2, "source_key", "TYPE"), (3, "source_key", "EMPTY"), (4, "person_token", "TYPE")}
    assert "1234" not in "".join(r.cells for r in queries.list_waiting(batch.id))


@pytest.mark.parametrize(
    ("change", "kind"),
    [({"source_key": "9990000018"}, "ir_national_code"), ({"person_token": "Иванов Пётр Ильич"}, "ru_name"),
     ({"sex": "+7 (900) 000-00-00"}, "ru_mobile"), ({"admission_month": "05.03.1987"}, "full_date")],
)  # fmt: skip
def test_identifier_anywhere_refuses_the_whole_file(submit, programme, change, kind):
    with pytest.raises(FileRefused) as refused:
        submit([row(1), row(2, **change)])
    assert (refused.value.code, refused.value.values["kind"], refused.value.line) == ("Q-PII", kind, 3)
    assert episodes(programme) == {}
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ImportBatch)) == 0
    event = db.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.seq.desc())).first()
    assert event.event == "import.refused"
    assert kind in event.changes
    assert next(iter(change.values())) not in event.changes


@pytest.mark.parametrize("typed", ["Иванов И. 09121234567", "XXXXXXXX", ""])
def test_audit_of_a_refused_file_names_no_programme_but_an_own_one(clinician, programme, typed):
    other = make_programme("IR", organisation=make_organisation("IR"))
    for told in (typed, other.code, f" {programme.code.lower()}"):
        with pytest.raises((FileRefused, NotFound)):
            import_file(
                Submission(b"zz\n1\n", programme=told, profile="trial-like", file_map="{"), by=clinician
            )
    events = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.event == "import.refused")).all()
    assert [event.object_id for event in events] == ["-", "-", programme.code]


@pytest.mark.parametrize(
    ("header", "code", "column"),
    [
        ("gender", "unknown_column", "gender"),
        ("_Ivanov_Sergei", "unknown_column", "_Ivanov_Sergei"),
        ("_note;=1+1", "unknown_column", "_note"),
        ("sex,sex", "duplicate_header", "sex"),
        ("age_band", "MAP", "source_key"),
    ],
)
def test_header_must_match_the_template(submit, header, code, column):
    with pytest.raises(FileRefused) as refused:
        submit(f"{header}\n1,1\n".encode())
    assert (refused.value.code, refused.value.column) == (code, column)


def test_dry_run_writes_nothing_that_counts_and_gives_the_counts_of_the_commit(submit, programme):
    submit([row(1), row(2)])
    rows = [row(1), row(2, sex=2), row(3), row(4, sex=9)]
    dry = submit(rows, mode=DRY)
    expected = {"accepted_new": 1, "accepted_changed": 1, "unchanged": 1, "rejected": 1}
    assert statuses(dry) == expected
    assert (dry.state, dry.visible) == (BatchState.STAGED, False)
    assert len(episodes(programme)) == 2
    assert queries.count_waiting([programme.organisation_id]) == 0
    assert statuses(submit(rows)) == expected


def test_commit_lets_a_dry_run_count_once(submit, programme, clinician):
    dry = submit([row(1), row(2, sex=9)], mode=DRY)
    done = commit(dry.id, by=clinician)
    assert statuses(done) == {"accepted_new": 1, "rejected": 1}
    assert len(episodes(programme)) == 1
    assert counts_of(commit(dry.id, by=clinician)) == counts_of(done)
    assert len(episodes(programme)) == 1


def test_commit_after_the_same_file_came_in_between_adds_nothing(submit, programme, clinician):
    dry = submit([row(1), row(2), row(3, sex=2)], mode=DRY)
    submit([row(1), row(3)])
    done = commit(dry.id, by=clinician)
    assert statuses(done) == {"accepted_new": 1, "accepted_changed": 1, "unchanged": 1}
    assert sorted(e.revision for e in episodes(programme).values()) == [1, 1, 2]


def test_swept_dry_run_cannot_be_committed(submit, programme, clinician):
    dry = submit([row(1)], mode=DRY)
    assert sweep_unfinished(now=utcnow() + timedelta(days=8)) == 1
    with pytest.raises(InvalidTransition):
        commit(dry.id, by=clinician)
    for model in (Episode, Person, EpisodeSensitive, ImportRow):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(model)) == 0


def test_idempotency_key_gives_back_the_first_import(submit, programme):
    first = submit([row(1)], idempotency_key="k1")
    assert submit([row(2)], idempotency_key="k1").id == first.id
    assert len(episodes(programme)) == 1


def test_corrected_file_replaces_what_waited(submit, programme, clinician):
    batch = submit([row(1), row(2, sex=7), row(3, labour="")])
    text = "".join(errors_csv(batch.id, "ru", by=clinician))
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [r["_line"] for r in rows] == ["3", "4"]
    assert {r["source_key"] for r in rows} == {""}
    assert rows[0]["_messages"].startswith("sex: Такого кода нет в списке.")
    rows[0]["sex"] = "2"
    fixed = submit(table(rows), corrects=batch.id)
    assert statuses(fixed) == {"accepted_new": 1, "rejected": 1}
    keyer = Keyer(bytes(range(32, 64)), programme.code)
    assert episodes(programme)[keyer.s(token(2))].person_s == keyer.s(token(2, "person"))
    assert queries.list_waiting(batch.id) == []
    assert queries.count_waiting([programme.organisation_id]) == 1


def test_resubmitted_rows_with_keys_resolve_what_waited(submit, programme):
    batch = submit([row(1), row(2, sex=7)])
    assert statuses(submit([row(2)])) == {"accepted_new": 1}
    assert queries.list_waiting(batch.id) == []


def test_error_file_blanks_formulas_and_keeps_missing_codes(submit, clinician):
    batch = submit([row(1, sex="=1+1", labour="-9"), row(2, sex="@x", labour="-1")])
    text = "".join(errors_csv(batch.id, "en", by=clinician))
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [(r["sex"], r["labour"], r["_codes"]) for r in rows] == [
        ("", "-9", "FORMULA:sex"), ("", "-1", "FORMULA:sex"),
    ]  # fmt: skip


FREE = [
    "came with a friend and talked about a long holiday", "Petrov Sergei", "HIV+ Marina from Kazan",
    "улица Ленина 5 кв 3", "Ян", "مریم", "M", "1;=HYPERLINK(1)", "1 2 3", "5 Ivanov", "12.34.56", token(5),
]  # fmt: skip


@pytest.mark.parametrize(
    "column", ["labour", "age_band", "referral_source", "admission_month", "dx_icd10", "modality"]
)
def test_free_text_of_rejected_rows_is_kept_nowhere(submit, clinician, column):
    batch = submit([row(n, **{column: text}) for n, text in enumerate(FREE)])
    assert statuses(batch) == {"rejected": len(FREE)}
    waiting = queries.list_waiting(batch.id)
    names = json.loads(batch.header)
    assert [r.cells.split("\x1f")[names.index(column)] for r in waiting] == [""] * len(FREE)
    assert "not kept" in "".join(errors_csv(batch.id, "en", by=clinician)).splitlines()[1]


def test_codes_numbers_months_and_labels_of_rejected_rows_are_kept(submit, programme):
    kept = {"labour": "77", "admission_month": "1403/12", "sex": "мужской", "dx_icd10": "F99.9", "modality": "M99",
            "start_d28_alcohol": "۲۸", "substance_1_days28": "28.0"}  # fmt: skip
    batch = submit([row(1, **kept)])
    cells = dict(
        zip(json.loads(batch.header), queries.list_waiting(batch.id)[0].cells.split("\x1f"), strict=True)
    )
    assert {name: cells[name] for name in kept} == kept


def test_free_text_of_a_key_met_twice_is_kept_nowhere(submit, in_chunks):
    batch = submit([row(n, sex="male") for n in range(6)] + [row(1, sex=2)])
    cells = [r.cells for r in queries.list_waiting(batch.id)]
    assert len(cells) == 2
    assert "2025-03" in cells[1]


def test_files_are_judged_while_others_may_write(submit, in_one_go):
    submit([row(1), row(2)])
    assert in_one_go == [0]


def test_what_came_in_while_a_file_was_judged_is_seen(submit, programme, in_one_go, monkeypatch):
    person, keyer = token(9, "person"), Keyer(bytes(range(32, 64)), programme.code)
    real = imports.judged

    def meanwhile(chunk, loading):
        outcome = real(chunk, loading)
        if len(in_one_go) == 1:
            db.session.add(Tombstone(programme_code=programme.code, t=keyer.tombstone(token(1, "person"))))
            db.session.commit()
            submit([row(8, person_token=person)])
        return outcome

    monkeypatch.setattr(imports, "judged", meanwhile)
    batch = submit([row(1), row(2, person_token=person, admission_month="2026-01"), row(3)])
    assert statuses(batch) == {"accepted_new": 1, "rejected": 1, "withdrawn": 1}
    assert in_one_go == [0, 0, 1]


def test_withdrawn_people_are_ignored_in_silence(submit, programme):
    keyer = Keyer(bytes(range(32, 64)), programme.code)
    db.session.add(Tombstone(programme_code=programme.code, t=keyer.tombstone(token(1, "person"))))
    db.session.commit()
    batch = submit([row(1), row(2)])
    assert statuses(batch) == {"accepted_new": 1, "withdrawn": 1}
    assert keyer.s(token(1)) not in episodes(programme)


def test_clinician_of_another_centre_does_not_see_the_programme(submit):
    stranger = make_user("clinician", organisation=make_organisation("IR"))
    with pytest.raises(NotFound):
        submit([row(1)], by=stranger)


def test_staff_without_the_role_may_not_import(submit, centre, programme):
    member = make_user("clinician", organisation=centre)
    member.roles.clear()
    db.session.commit()
    with pytest.raises(NotAllowed):
        submit([row(1)], by=member)


class Unread(io.BytesIO):
    """A file that nobody may look into."""

    def read(self, *_):
        pytest.fail("the file was read")


def test_rights_are_checked_before_the_file_is_read(programme):
    member = make_user("clinician", organisation=programme.organisation)
    member.roles.clear()
    db.session.commit()
    stranger = make_user("clinician", organisation=make_organisation("IR"))
    one_map = json.dumps({"programme": programme.code, "arm": "M20"})
    for submission in (
        Submission(Unread(), programme=programme.code),
        Submission(Unread(), profile="trial-like", file_map=one_map),
    ):
        with pytest.raises(NotAllowed):
            import_file(submission, by=member)
        with pytest.raises(NotFound):
            import_file(submission, by=stranger)
    refused = sa.select(AuditEvent).where(AuditEvent.event == "import.refused")
    assert db.session.scalars(refused).all() == []


def test_nobody_corrects_an_import_of_another_centre(submit):
    batch = submit([row(1, sex=7)])
    organisation = make_organisation("IR")
    other = make_programme("IR", organisation=organisation)
    stranger = make_user("clinician", organisation=organisation)
    for corrects in (batch.id, 10**6):
        with pytest.raises(NotFound, match="unknown_import"):
            import_file(Submission(Unread(), programme=other.code, corrects=corrects), by=stranger)


def test_system_imports_no_real_rows(submit):
    with pytest.raises(NotAllowed):
        submit([row(1)], by=SYSTEM)


def test_system_imports_invented_rows(app):
    invented = make_programme("IR", synthetic=True)
    batch = import_file(Submission(table([row(1)]), programme=invented.code), mode=VALID, by=SYSTEM)
    assert batch.accepted == 1


def test_others_cannot_commit_or_download(submit):
    dry = submit([row(1, sex=7)], mode=DRY)
    stranger = make_user("clinician", organisation=make_organisation("IR"))
    with pytest.raises(NotFound):
        commit(dry.id, by=stranger)
    with pytest.raises(NotFound):
        errors_csv(dry.id, "en", by=stranger)


def test_unknown_mode_and_profile_are_named(submit, programme, clinician):
    with pytest.raises(Invalid) as refused:
        submit([row(1)], mode="fast")
    assert refused.value.code == "unknown_mode"
    with pytest.raises(Invalid) as refused:
        import_file(Submission(table([row(1)]), profile="excel"), by=clinician)
    assert refused.value.code == "unknown_profile"


def test_audit_holds_counts_and_no_values(submit):
    submit([row(1), row(2, sex=7)])
    event = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.event == "import.accepted")).one()
    assert '"accepted_new":1' in event.changes
    assert token(1) not in event.changes
    assert verify() is None


def test_chunks_give_the_same_result_as_one_transaction(submit, programme, in_chunks):
    rows = [row(n) for n in range(10)] + [row(20, sex=7)]
    seen = []
    batch = submit(rows, progress=seen.append)
    assert statuses(batch) == {"accepted_new": 10, "rejected": 1}
    assert seen == [3, 6, 9, 11]
    assert [e.line for e in report_of(batch).errors] == [12]
    assert statuses(submit(rows)) == {"unchanged": 10, "rejected": 1}
    assert sorted(e.line for e in episodes(programme).values()) == list(range(2, 12))


def test_key_twice_in_different_chunks_rejects_both(submit, programme, in_chunks):
    batch = submit([row(n) for n in range(6)] + [row(1, sex=2), row(7)])
    assert statuses(batch) == {"accepted_new": 6, "rejected": 2}
    assert {(e.line, e.code) for e in report_of(batch).errors} == {(3, "DUPKEY"), (8, "DUPKEY")}
    keyer = Keyer(bytes(range(32, 64)), programme.code)
    assert keyer.s(token(1)) not in episodes(programme)
    waiting = queries.list_waiting(batch.id)
    assert all("2025-03" in r.cells and token(1) not in r.cells for r in waiting)


def test_refused_chunk_leaves_nothing(submit, programme, in_chunks):
    with pytest.raises(FileRefused):
        submit([row(n) for n in range(6)] + [row(9, sex="Mr. Sample Person")])
    for model in (Episode, Person, EpisodeSensitive, RuleResult, ImportRow):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(model)) == 0
    assert db.session.scalars(sa.select(ImportBatch.state)).all() == [BatchState.SWEPT]


def test_rows_are_invisible_until_the_last_step(submit, programme, in_chunks, monkeypatch):
    seen = []
    submit([row(n) for n in range(7)], progress=lambda _: seen.append(queries.count_episodes(programme.code)))
    assert seen == [0, 0, 0]
    assert queries.count_episodes(programme.code) == 7


def test_killed_import_is_swept_by_the_next(submit, programme, in_chunks, monkeypatch):
    class Killed(BaseException):
        pass

    steps = itertools.count()

    def die(_rows):
        if next(steps) == 1:
            raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(imports, "sweep", lambda _: None)  # a killed process sweeps nothing
        with pytest.raises(Killed):
            submit([row(n) for n in range(7)], progress=die)
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Episode)) == 6
    assert queries.count_episodes(programme.code) == 0
    later = utcnow() + timedelta(minutes=11)
    assert statuses(submit([row(n) for n in range(7)], now=later)) == {"accepted_new": 7}
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Episode)) == 7


def test_large_dry_run_is_committed_in_one_step(submit, programme, clinician, in_chunks):
    dry = submit([row(n) for n in range(7)], mode=DRY)
    assert queries.count_episodes(programme.code) == 0
    assert statuses(commit(dry.id, by=clinician)) == {"accepted_new": 7}
    assert queries.count_episodes(programme.code) == 7


def test_files_take_the_limits_of_their_way_in(programme, clinician, tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes(table([row(1)]))
    batch = import_file(
        Submission(path, programme=programme.code, limits=COMMAND_LINE), mode=VALID, by=clinician
    )
    assert batch.accepted == 1
    assert len(batch.file_sha256) == 64
