"""The export for a national system: the headings (a) to (j) of Article 13, Regulation (EU) 2023/1322.

Sending it is a person's task. Who reported is not in it, and counts stand in bands.
"""

from collections.abc import Mapping
from typing import Any, Final

from portal.alerts.models import Alert, AlertVersion

HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "a": ("level", "substances", "street_names", "form", "colour"),
    "b": ("first_seen", "last_seen", "country", "region"),
    "c": ("route",),
    "d": ("identification", "matrix", "certainty"),
    "e": ("identification", "collect"),
    "f": ("toxidrome", "signs", "at_risk", "events", "hospital", "deaths"),
    "g": (),
    "h": ("naloxone", "protocols", "advice", "message"),
    "i": (),
    "j": ("unknown", "contact", "state", "retraction_reason"),
}


def art13(alert: Alert, version: AlertVersion) -> dict[str, Any]:
    """Codes and ids under each heading, with the number, the version and its day."""
    own = {
        "level": version.level, "country": alert.country, "certainty": version.certainty,
        "state": alert.state, "retraction_reason": alert.retraction_reason or "",
    }  # fmt: skip
    known = {**version.record, **own}
    return {
        "identifier": alert.public_id,
        "version": version.number,
        "issued_at": version.issued_at.isoformat(),
        "valid_until": alert.valid_until.isoformat() if alert.valid_until else None,
        "source_language": alert.source_lang,
        "headings": {
            letter: {name: known[name] for name in names if known.get(name)}
            for letter, names in HEADINGS.items()
        },
    }
