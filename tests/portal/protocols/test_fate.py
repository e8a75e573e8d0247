"""What happens to a version after its publication: concern, retirement, withdrawal, checks; and what expires."""

import pytest
import sqlalchemy as sa
from factories import make_user
from fate_world import CONCERN, HARM, events, later, make_follower, told
from protocol_world import NOW, approve_all, bring_to, make_draft, make_published, start_review, translate

from portal.core.audit import verify
from portal.core.errors import Conflict, Invalid, InvalidTransition, NotAllowed
from portal.extensions import db
from portal.protocols import search
from portal.protocols.queries.endings import find_fate, find_tombstone
from portal.protocols.queries.notices import find_standing
from portal.protocols.queries.page import find_page
from portal.protocols.queries.versions import find_head, list_blocks
from portal.protocols.services import (
    blocks,
    concerns,
    currency,
    decisions,
    drafts,
    endings,
    indexing,
    publishing,
    reminders,
)
from portal.protocols.services.blocks import BlockText
from portal.protocols.services.concerns import Reason
from portal.protocols.services.drafts import Details

TODAY = NOW.date()
OUTDATED = Reason("outdated", "The guideline of 2026 says otherwise.")


def test_editor_raises_a_concern_at_once_and_followers_are_told(world, version):
    follower = make_follower("PR-0001")
    notice = concerns.raise_concern(version, CONCERN, by=world.editor, now=NOW)
    assert version.state == "under_concern"
    assert notice.ends_at == later(30)
    assert told("version_concern") == {follower.email, world.author.email}
    assert find_fate(version, "en").notice.reason_code == "dose"
    with pytest.raises(Conflict, match="under_concern_already"):
        concerns.raise_concern(version, CONCERN, by=world.editor, now=NOW)


def test_who_translated_it_hears_of_a_concern_and_of_its_end(world, version):
    translate(world, version, "title", "درمان نگهدارنده با متادون")
    notice = concerns.raise_concern(version, CONCERN, by=world.editor, now=NOW)
    hands = {world.translator.email, world.language_reviewer.email, world.clinician.email}
    assert hands & told("version_concern") >= {world.translator.email}
    concerns.close_concern(notice, "The dose is right.", by=world.chiefs[0], now=NOW)
    assert world.translator.email in told("concern_closed")


def test_concern_needs_a_known_reason_and_words(world, version):
    for why in (Reason("mood", "Words."), Reason("dose", " "), Reason("dose", "Words.", "de")):
        with pytest.raises(Invalid):
            concerns.raise_concern(version, why, by=world.editor, now=NOW)


def test_moderator_raises_a_concern_only_on_a_flag_of_safety(world, version):
    moderator = make_user("moderator")
    with pytest.raises(NotAllowed):
        concerns.raise_concern(version, CONCERN, by=moderator, now=NOW)
    concerns.raise_concern(version, CONCERN, by=moderator, now=NOW, flagged=True)
    assert version.state == "under_concern"


def test_chief_editor_ends_a_concern_with_what_was_found(world, version):
    notice = concerns.raise_concern(version, CONCERN, by=world.editor, now=NOW)
    with pytest.raises(NotAllowed):
        concerns.close_concern(notice, "Nothing.", by=world.editor, now=NOW)
    with pytest.raises(Invalid, match="outcome_missing"):
        concerns.close_concern(notice, " ", by=world.chiefs[0], now=NOW)
    concerns.close_concern(notice, "The dose is right.", by=world.chiefs[0], now=later(2))
    assert (version.state, notice.state, notice.outcome) == ("published", "closed", "The dose is right.")
    with pytest.raises(Conflict, match="notice_closed"):
        concerns.close_concern(notice, "Again.", by=world.chiefs[0], now=later(3))


def test_concern_runs_out_after_thirty_days_unless_it_is_renewed(world, version):
    notice = concerns.raise_concern(version, CONCERN, by=world.editor, now=NOW)
    reminders.run_daily(now=later(26))
    assert told("concern_ending") == {chief.email for chief in world.chiefs}
    concerns.renew_concern(notice, by=world.chiefs[1], now=later(29))
    reminders.run_daily(now=later(31))
    assert version.state == "under_concern"
    reminders.run_daily(now=later(60))
    db.session.refresh(version)
    assert (version.state, find_standing(version.id, "concern")) == ("published", None)
    assert events("PR-0001")[-1] == "protocol.concern_expired"
    assert verify() is None


def test_retired_protocol_stays_readable_and_comes_last_in_search(world, version):
    other = make_published(world)
    follower = make_follower("PR-0001")
    why = Reason("replaced", "See the newer one.", "en", other.protocol_id)
    endings.retire(version, why, by=world.chiefs[0], now=later(1))
    page = find_page("PR-0001", "en", today=TODAY)
    assert (page.version.state, page.current) == ("retired", None)
    assert find_fate(version, "en").replacement.public_id == "PR-0002"
    found = search.query("methadone", lang="en").results
    assert [(hit.public_id, hit.retired) for hit in found] == [("PR-0002", False), ("PR-0001", True)]
    assert follower.email in told("version_retired")
    indexing.reindex_everything()
    assert [hit.public_id for hit in search.query("", lang="en").results] == ["PR-0002", "PR-0001"]


def test_retirement_needs_a_chief_editor_and_a_replacement_where_it_says_so(world, version):
    with pytest.raises(NotAllowed):
        endings.retire(version, OUTDATED, by=world.editor, now=NOW)
    for other in (None, version.protocol_id):
        with pytest.raises(Invalid):
            endings.retire(version, Reason("replaced", "See.", "en", other), by=world.chiefs[0], now=NOW)


def test_retired_protocol_may_begin_anew(world, version):
    endings.retire(version, OUTDATED, by=world.chiefs[0], now=NOW)
    draft = drafts.new_version(version.protocol, by=world.author, now=NOW)
    change(world, draft, "editorial")
    bring_to(world, draft, "accepted")
    assert publishing.publish(draft, by=world.editor, now=later(3))
    assert (version.state, find_head(version.protocol_id).id) == ("retired", draft.id)


def test_withdrawal_needs_the_chief_editors_of_both_countries(world, version):
    notice = endings.propose_withdrawal(version, HARM, by=world.chiefs[0], now=NOW)
    assert version.state == "published"
    assert told("withdrawal_proposed") == {chief.email for chief in world.chiefs}
    with pytest.raises(Conflict, match="confirmed_by_other_country"):
        endings.confirm_withdrawal(notice, by=world.chiefs[0], now=NOW)
    with pytest.raises(Conflict, match="withdrawal_proposed_already"):
        endings.propose_withdrawal(version, HARM, by=world.chiefs[1], now=NOW)
    with pytest.raises(NotAllowed):
        endings.confirm_withdrawal(notice, by=world.editor, now=NOW)
    endings.confirm_withdrawal(notice, by=world.chiefs[1], now=later(1))
    assert (version.state, notice.state) == ("withdrawn", "in_force")
    with pytest.raises(InvalidTransition):
        endings.confirm_withdrawal(notice, by=world.chiefs[1], now=later(1))


def test_proposed_withdrawal_may_be_dropped(world, version):
    notice = endings.propose_withdrawal(version, HARM, by=world.chiefs[0], now=NOW)
    endings.drop_withdrawal(notice, by=world.chiefs[1], now=NOW)
    assert (version.state, notice.state) == ("published", "dropped")
    endings.propose_withdrawal(version, HARM, by=world.chiefs[0], now=NOW)


def test_administrator_withdraws_by_a_legal_order_and_by_nothing_else(world, version):
    administrator = make_user("country_admin")
    endings.propose_withdrawal(version, HARM, by=world.chiefs[0], now=NOW)
    with pytest.raises(Invalid):
        endings.withdraw_by_order(version, HARM, by=administrator, now=NOW)
    with pytest.raises(NotAllowed):
        endings.retire(version, OUTDATED, by=administrator, now=NOW)
    with pytest.raises(NotAllowed):
        endings.withdraw_by_order(version, Reason("legal_order", "Order 5."), by=world.chiefs[0], now=NOW)
    endings.withdraw_by_order(version, Reason("legal_order", "Order 5."), by=administrator, now=NOW)
    assert version.state == "withdrawn"
    assert told("version_withdrawn") >= {chief.email for chief in world.chiefs}


def test_withdrawn_text_is_gone_for_readers_and_kept_for_staff(world, version):
    withdraw(world, version)
    assert find_page("PR-0001", "en", today=TODAY) is None
    assert find_page("PR-0001", "en", today=TODAY, number=(1, 0)) is None
    assert search.query("methadone", lang="en").results == ()
    indexing.reindex_everything()
    assert search.query("methadone", lang="en").results == ()
    stone = find_tombstone("PR-0001", "fa")
    assert (stone.title, stone.reason_code) == ("Methadone maintenance", "harm")
    assert stone.citation == f"{world.author.name} (2026). PR-0001 v1.0"
    assert len(list_blocks(version.id)) == 8
    with pytest.raises(Conflict, match="head_withdrawn"):
        drafts.new_version(version.protocol, by=world.author, now=NOW)


def test_reader_of_an_earlier_version_learns_that_a_later_one_was_withdrawn(world, version):
    newer = correct(world, version)
    withdraw(world, newer)
    assert find_page("PR-0001", "en", today=TODAY, number=(1, 0)).version.id == version.id
    assert find_fate(version, "en").withdrawn_after.id == newer.id


def test_corrected_dose_puts_the_old_version_under_concern_until_it_is_replaced(world, version):
    newer = drafts.new_version(version.protocol, by=world.author, now=NOW)
    change(world, newer, "correction", dose=15)
    decisions.submit(newer, by=world.author, now=NOW)
    notice = find_standing(version.id, "concern")
    assert (version.state, notice.reason_code) == ("under_concern", "dose")
    start_review(world, newer)
    approve_all(world, newer)
    decisions.accept(newer, by=world.editor, now=NOW)
    assert publishing.publish(newer, by=world.editor, now=NOW) is True
    assert (version.state, notice.state, newer.number) == ("superseded", "closed", "2.0")


def test_correction_of_words_raises_no_concern(world, version):
    newer = drafts.new_version(version.protocol, by=world.author, now=NOW)
    change(world, newer, "correction")
    decisions.submit(newer, by=world.author, now=NOW)
    assert version.state == "published"


def test_correction_is_confirmed_by_the_chief_editor_of_the_other_country(world, version):
    newer = correct(world, version)
    assert find_page("PR-0001", "en", today=TODAY).awaits_confirmation
    with pytest.raises(Conflict, match="confirmed_by_other_country"):
        publishing.confirm_correction(newer, by=world.chiefs[1], now=NOW)
    publishing.confirm_correction(newer, by=world.chiefs[0], now=NOW)
    assert not find_page("PR-0001", "en", today=TODAY).awaits_confirmation


def test_version_is_checked_without_a_change_and_the_next_check_moves(world, version):
    assert find_fate(version, "en").next_due_on.isoformat() == "2027-11-01"
    reminders.run_daily(now=later(340))
    assert world.author.email in told("currency_due")
    currency.confirm_currency(version, "Guidelines of 2027 read.", by=world.author, now=later(341))
    fate = find_fate(version, "en")
    assert (fate.check.checked_on, fate.next_due_on.year) == (later(341).date(), 2028)
    with pytest.raises(NotAllowed):
        currency.confirm_currency(version, by=world.clinician, now=NOW)
    withdraw(world, version)
    with pytest.raises(InvalidTransition):
        currency.confirm_currency(version, by=world.author, now=NOW)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE version_notice SET body = 'x'",
        "UPDATE version_notice SET reason_code = 'other'",
        "DELETE FROM version_notice",
        "UPDATE currency_check SET note = 'x'",
        "DELETE FROM currency_check",
        "UPDATE coi_declaration SET financial = 'x'",
        "DELETE FROM coi_declaration",
    ],
)
def test_database_refuses_to_change_what_was_said_about_a_version(world, version, statement):
    concerns.raise_concern(version, CONCERN, by=world.editor, now=NOW)
    currency.confirm_currency(version, by=world.author, now=NOW)
    with pytest.raises(sa.exc.IntegrityError, match="immutable"):
        db.session.execute(sa.text(statement))
    db.session.rollback()


def change(world, version, kind, *, dose=None):
    """Words of a block, or the highest dose, changed as an author does."""
    note = Details(version.title, version.summary, "Put right.", version.licence, kind, TODAY)
    drafts.change_details(version, note, by=world.author, now=NOW)
    section = "dosing" if dose else "resources"
    block = next(block for block in list_blocks(version.id) if block.section == section)
    data = block.data | {"dose_max": dose} if dose else block.data
    text = block.source_text if dose else "One physician and a nurse."
    said = BlockText(block.section, block.kind, text, data)
    blocks.save_block(version, block.block_key, said, revision=1, by=world.author, now=NOW)


def correct(world, version):
    newer = drafts.new_version(version.protocol, by=world.author, now=NOW)
    change(world, newer, "correction", dose=15)
    bring_to(world, newer, "accepted")
    publishing.publish(newer, by=world.editor, now=NOW)
    return newer


def withdraw(world, version):
    notice = endings.propose_withdrawal(version, HARM, by=world.chiefs[0], now=NOW)
    endings.confirm_withdrawal(notice, by=world.chiefs[1], now=later(1))


def test_draft_of_a_withdrawn_version_still_reaches_its_readers(world, version):
    draft = drafts.new_version(version.protocol, by=world.author, now=NOW)
    withdraw(world, version)
    change(world, draft, "editorial")
    bring_to(world, draft, "accepted")
    assert publishing.publish(draft, by=world.editor, now=later(2))
    assert find_page("PR-0001", "en", today=TODAY).version.id == draft.id
    assert make_draft(world).protocol.public_id == "PR-0002"
