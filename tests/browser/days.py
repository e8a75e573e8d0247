"""A day's work of each role: who, in which language and at which window, and the moments that are pictured.

Read by the tests that walk these days and by the test of the page that judges their pictures.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Journey:
    """`steps` are the pictured moments in the order in which they come."""

    name: str
    lang: str
    width: int
    steps: tuple[str, ...]

    def picture(self, step: str) -> str:
        return f"journey_{self.name}_{step}_{self.lang}_{self.width}"


JOURNEYS = (
    Journey("clinician_ir", "fa", 390, ("found", "read", "reported", "case", "told")),
    Journey("author_ru", "ru", 1280, ("begun", "dose", "ready", "answering", "again")),
    Journey("translator", "fa", 1280, ("places", "queue", "refused", "handed_in")),
    Journey("reviewer", "ru", 1280, ("asked", "interests", "remark", "judged")),
    Journey("editor", "ru", 1280, ("desk", "panel", "interests", "accepted", "vocabulary")),
    Journey("chief_editor", "fa", 390, ("tasks", "text", "published")),
    Journey("moderator", "fa", 1280, ("tasks", "queue", "removal", "decided")),
    Journey("country_admin", "fa", 1280, ("tasks", "person", "approved", "settings", "audit")),
    Journey("system_admin", "en", 1280, ("front", "settings", "audit")),
)
BY_NAME = {journey.name: journey for journey in JOURNEYS}
