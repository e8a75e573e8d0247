"""Where a person works on protocols, by the roles held: names of pages, also when nothing waits there."""

from typing import Final

from portal.core.permissions import Actor, Permission, has_permission

PAGES: Final = {
    "my_work": Permission.DRAFT_PROTOCOL,
    "desk": Permission.SCREEN_PROTOCOL,
    "overseen": Permission.OVERSEE_PROTOCOL,
    "my_reviews": Permission.REVIEW_PROTOCOL,
    "following_list": Permission.DECLARE_PROTOCOL,
    "my_field_reports": Permission.REPORT_FROM_FIELD,
    "declarations": Permission.CONFIRM_DECLARATION,
    "field_report_queue": Permission.ACCEPT_FIELD_REPORT,
}
TRANSLATING: Final = (Permission.TRANSLATE, Permission.APPROVE_TRANSLATION)


def list_workplaces(actor: Actor | None) -> list[str]:
    if actor is None:
        return []
    held = [name for name, permission in PAGES.items() if has_permission(actor, permission)]
    translates = any(has_permission(actor, permission) for permission in TRANSLATING)
    return [*held, "matrix"] if translates or "desk" in held or "my_reviews" in held else held
