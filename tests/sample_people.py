"""One account for each role and country that the samples of the demonstration are written and judged by."""

from factories import make_organisation, make_user

from portal.core.permissions import Role

PARTS = (
    Role.CLINICIAN, Role.CLINICAL_REVIEWER, Role.EDITOR, Role.CHIEF_EDITOR, Role.TRANSLATOR,
    Role.LANGUAGE_REVIEWER,
)  # fmt: skip


def make_people():
    """Clinicians work somewhere, reviewers do not yet."""
    people = {(role, country): make_user(role, country=country) for role in PARTS for country in ("IR", "RU")}
    for country in ("IR", "RU"):
        author = make_user("clinician", country=country, organisation=make_organisation(country))
        people[Role.CLINICIAN, country] = author
    return people
