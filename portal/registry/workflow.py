"""States of an import: rows arrive, wait for the commit, count; or the file is refused or swept."""

from typing import Final

from portal.core.permissions import Permission
from portal.core.workflow import Transition
from portal.registry.models import BatchState as S

IMPORT: Final = (
    Transition("stage", (S.LOADING,), S.STAGED, Permission.SUBMIT_OUTCOMES, event="import.staged"),
    Transition("publish", (S.LOADING, S.STAGED), S.DONE, Permission.SUBMIT_OUTCOMES, event="import.accepted"),
    Transition("refuse", (S.LOADING,), S.REFUSED, Permission.SUBMIT_OUTCOMES, event="import.refused"),
    Transition("sweep", (S.LOADING, S.STAGED), S.SWEPT),
)
DIAGRAMS: Final = (("Import", IMPORT, str(S.LOADING)),)
