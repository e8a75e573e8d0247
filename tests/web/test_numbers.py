"""Numbers of addresses and queries that no database keeps: pages that are not there, never a fault of ours."""

import re

import pytest

TOO_LARGE = (2**31, 2**63, int("9" * 30), "9" * 5000)


@pytest.mark.parametrize("number", ["9" * 10, "9" * 19, "9" * 5000], ids=len)
def test_a_number_that_no_database_keeps_is_a_missing_page_everywhere(client, sign_in, app, number):
    sign_in(client, "system_admin")
    rules = [r for r in app.url_map.iter_rules() if "<int" in r.rule]
    assert len(rules) > 30
    for rule in rules:
        path = filled(rule.rule, number)
        method = "GET" if "GET" in rule.methods else "POST"
        assert client.open(path, method=method).status_code == 404, path[:80]


def filled(rule, number):
    """The address of a rule with `number` for each whole number and a word it accepts for the rest."""
    path = re.sub(r"<int[^>]*>", number, rule)
    path = re.sub(r"<any\(([^,)]*)[^>]*>", r"\1", path)
    return re.sub(r"<[^>]*>", "x", path)


@pytest.mark.parametrize("number", TOO_LARGE, ids=lambda n: str(n)[:20])
@pytest.mark.parametrize("path", ["/en/admin?after={}", "/en/admin/audit?before={}"])
def test_a_number_of_a_query_that_no_database_keeps_is_passed_over(client, sign_in, path, number):
    sign_in(client, "country_admin")
    assert client.get(path.format(number)).status_code == 200


def test_the_largest_number_that_a_database_keeps_is_looked_up(client, sign_in):
    sign_in(client, "country_admin")
    assert client.get(f"/en/admin/accounts/{2**31 - 1}").status_code == 404
