"""The API against its own description, by a library that makes up requests."""

import warnings

import pytest
from interface_world import interface_template, made  # noqa: F401

ORDINARY, LONG = 80, 2000


def check_against_description(app, client, examples):
    """Made-up requests over all addresses, good ones and bad ones; returns the statuses that came."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the test library, not of ours
        import schemathesis
        from hypothesis import HealthCheck, given, settings
        from hypothesis import strategies as st
        from schemathesis.specs.openapi.checks import positive_data_acceptance as accepts_good

        schema = schemathesis.openapi.from_dict(client.get("/api/v1/openapi.json").json)
        operations = [found.ok() for found in schema.get_all_operations()]
        modes = schemathesis.GenerationMode
        made_up = st.one_of(
            *(
                one.as_strategy(generation_mode=mode)
                for one in operations
                for mode in (modes.POSITIVE, modes.NEGATIVE)
            )
        )
        statuses = []

        @settings(
            max_examples=examples, deadline=None, derandomize=True, database=None,
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=made_up)
        def conforms(case):
            with app.app_context():
                answer = case.call(app=app)
                statuses.append(answer.status_code)
                # No schema can say which cursors this API gave out: a made-up one is refused, and rightly.
                made_up_cursor = "cursor" in (case.query or {})
                case.validate_response(answer, excluded_checks=[accepts_good] if made_up_cursor else [])

        conforms()
    return statuses


def test_answers_are_what_the_document_says(made, app, client):  # noqa: F811
    statuses = check_against_description(app, client, ORDINARY)
    assert max(statuses) < 500
    assert {200, 404, 422} <= set(statuses)


@pytest.mark.slow
def test_no_fault_of_ours_in_two_thousand_made_up_requests(made, app, client):  # noqa: F811
    statuses = check_against_description(app, client, LONG)
    assert len(statuses) >= LONG
    assert max(statuses) < 500
