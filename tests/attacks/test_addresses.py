"""Attacks by an e-mail address that a mail header reads as something else."""

import pytest
from factories import make_user
from web.journey import send
from web.test_accounts_pages import PERSON

from portal.accounts.services import accounts
from portal.accounts.services.accounts import NewAccount
from portal.core.db import utcnow
from portal.core.errors import Invalid
from portal.core.notify import compose, is_mailbox

ODD = [
    "x,victim@h.org", "v<evil@e.co>", '"<@b.cc', "a@[x.y", "a@b.cc, c@d.ee", "a b@c.dd", "a@b.cc\nBcc: x@y.zz", "a:b@c.dd;",
    "(a)@b.cc", "a@b", "@b.cc", "a@", "a..b@c.dd", ".a@c.dd", "a.@c.dd", "a@-b.cc", "a@b..cc", '"a b"@c.dd', "a@b.cc>",
    "a" * 65 + "@b.cc", "a@" + "b." * 130 + "cc", "иван@почта.рф",
]  # fmt: skip
PLAIN = ["name@hospital.org", "first.last+tag@mail.clinic-17.ir", "o'neil@x.ru", "a_b@xn--80a1acny.xn--p1ai"]


@pytest.mark.parametrize("address", ODD)
def test_an_odd_address_is_refused(client, address):
    assert not is_mailbox(address)
    assert send(client, "/en/register", **PERSON | {"email": address}).status_code == 422
    assert send(client, "/en/forgot", email=address).status_code == 422
    with pytest.raises(Invalid, match="email_unreadable"):
        accounts.create_account(NewAccount(address, "X", "IR"), by=make_user("country_admin"), now=utcnow())


@pytest.mark.parametrize("address", PLAIN)
def test_a_plain_address_is_taken_and_is_the_only_one_in_the_mail(client, address):
    assert send(client, "/en/register", **PERSON | {"email": address}).status_code == 302
    to = compose(address, "en", "approved", {})["To"]
    assert [found.addr_spec for found in to.addresses] == [address]


def test_a_long_address_is_judged_at_once():
    assert not is_mailbox("a." * 100_000 + "@")
