"""Early warnings at a state, for tests: people of both countries and the verbs up to there."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from factories import make_user
from protocol_world import small_vocabulary

from portal.accounts.models import User
from portal.alerts.dictionary import Certainty
from portal.alerts.models import Alert
from portal.alerts.rules import Opinion
from portal.alerts.services import issued, judging, signals, triage
from portal.core.permissions import SYSTEM
from portal.vocabulary.services import load_seed

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
RECORD: dict[str, Any] = {
    "substances": ["sub-methadone"], "form": "powder", "route": ["smoked"], "first_seen": "2026-11-20", "region": "IR1",
    "events": "5-9", "deaths": "none", "toxidrome": "opioid", "identification": "confirmed",
}  # fmt: skip
GRAVE = Opinion(3, 3, Certainty.A)
MILD = Opinion(1, 2, Certainty.C)


@dataclass
class Desk:
    """Who acts: reporter and editor of Iran, a panel of both countries."""

    reporter: User
    editor: User
    judge: User
    other: User


def make_desk() -> Desk:
    load_seed(by=SYSTEM, seed=small_vocabulary())
    return Desk(
        make_user("clinician"),
        make_user("editor"),
        make_user("alert_panel"),
        make_user("alert_panel", country="RU"),
    )


def make_signal(desk: Desk, *, lang: str = "fa", **more: Any) -> Alert:
    return signals.report(RECORD | more, "", lang=lang, by=desk.reporter, now=NOW)


def make_judged(desk: Desk, *opinions: Opinion, lang: str = "fa", **more: Any) -> Alert:
    """With the panel, judged by two."""
    first, second = opinions or (GRAVE, GRAVE)
    alert = make_signal(desk, lang=lang, **more)
    triage.take(alert, by=desk.editor, now=NOW)
    judging.judge(alert, first, "clinician", by=desk.judge, now=NOW)
    judging.judge(alert, second, "other_country", by=desk.other, now=NOW)
    return alert


def make_issued(desk: Desk, *opinions: Opinion, lang: str = "fa", **more: Any) -> Alert:
    alert = make_judged(desk, *opinions, lang=lang, **more)
    judging.sign(alert, by=desk.editor, now=NOW)
    judging.sign(alert, by=desk.judge, now=NOW)
    return alert


def make_shown(public_id: str) -> dict[str, Any]:
    """One warning of every state that a page shows, and who works on them."""
    desk = make_desk()
    full = {
        "protocols": [public_id], "naloxone": "repeat", "collect": ["urine", "residue"], "matrix": ["residue"], "colour": "brown",
        "street_names": "شربت", "hospital": "1-4", "message": "تنها نمانید و نالوکسان دم دست باشد.",
        "unknown": "نمی‌دانیم از کجا می‌آید.", "contact": "آزمایشگاه مرجع",
    }  # fmt: skip
    warning = make_issued(desk, deaths="1-4", **full)
    changed = dict(warning.record, events="10-19", naloxone="prolonged")
    issued.propose(warning, changed, seen=warning.revision, by=desk.editor, now=NOW)
    issued.sign_update(warning, by=desk.judge, now=NOW)
    gone = make_issued(desk, Opinion(1, 3, Certainty.D), Opinion(1, 3, Certainty.D), colour="white")
    issued.retract(gone, "wrong_cause", by=desk.judge, now=NOW)
    asked, signal, judged = (
        make_signal(desk),
        make_signal(desk, street_names="سفید"),
        make_judged(desk, MILD, GRAVE),
    )
    triage.ask(asked, "آیا نمونه‌ای آزمایش شده است؟", by=desk.editor, now=NOW)
    people = {
        "alert_reporter": desk.reporter.id,
        "alert_editor": desk.editor.id,
        "alert_judge": desk.judge.id,
    }
    return {
        "people": people, "warning": warning.public_id, "asked": asked.id, "signal": signal.id, "judged": judged.id,
    }  # fmt: skip
