"""Rules of collections: who, when, and what each verb leaves in the audit."""

import pytest
from collection_world import INTRODUCTIONS, NOTE, TITLES, WORDS, count_queries, make_collection, make_public
from factories import make_user
from fate_world import events
from protocol_world import NOW, make_draft, make_published, make_world

from portal.collections import queries
from portal.collections.models import LONGEST_TITLE, State
from portal.collections.policies import can_curate, can_see, check_can_see
from portal.collections.services import fate, items, making
from portal.collections.services.making import Written
from portal.collections.workflow import TRANSITIONS
from portal.core.errors import Conflict, DomainError, Invalid, InvalidTransition, NotAllowed, NotFound
from portal.core.permissions import Role
from portal.core.workflow import verbs
from portal.protocols.services.concerns import Reason
from portal.protocols.services.endings import withdraw_by_order

LANGUAGES = ("en", "ru", "fa")


@pytest.fixture
def world(app):
    return make_world()


@pytest.fixture
def two(world):
    return make_published(world), make_published(world)


def order_of(collection, lang="en"):
    return [line.head.public_id for line in queries.list_lines(collection.id, lang, today=NOW.date())]


def codes_of(refusal):
    return [(problem.field, problem.code) for problem in refusal.value.problems]


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.EDITOR, Role.CHIEF_EDITOR)])
def test_nobody_but_editors_makes_a_collection(app, role):
    with pytest.raises(NotAllowed):
        making.begin(WORDS, by=make_user(role), now=NOW)


def test_every_verb_asks_who_acts(world, two):
    collection, member = make_collection(world.editor, two[0]), make_user("clinician")
    item, at = queries.list_items(collection.id)[0].id, {"by": member, "now": NOW}
    for verb in (
        lambda: making.change_words(collection, WORDS, seen=collection.revision, **at),
        lambda: items.add_item(collection, two[1].protocol.public_id, **at),
        lambda: items.remove_item(collection, item, **at),
        lambda: items.move_item(collection, item, up=True, **at),
        lambda: items.say_about(collection, item, NOTE, **at),
        lambda: fate.move(collection, "publish", **at),
    ):
        with pytest.raises(NotAllowed):
            verb()


def test_a_draft_is_seen_by_editors_and_what_was_published_by_everybody(world, two):
    collection = make_collection(world.editor, two[0])
    seen = [can_see(person, collection) for person in (None, world.clinician, world.editor, world.chiefs[0])]
    assert seen == [False, False, True, True]
    with pytest.raises(NotFound):
        check_can_see(None, collection)
    fate.move(collection, "publish", by=world.editor, now=NOW)
    fate.move(collection, "retire", by=world.editor, now=NOW)
    assert can_see(None, collection)
    assert not can_curate(None)


@pytest.mark.parametrize(
    ("state", "allowed"),
    [(State.DRAFT, ["publish"]), (State.PUBLISHED, ["retire"]), (State.RETIRED, ["reopen"])],
)
def test_what_was_published_never_becomes_a_draft_again(state, allowed):
    assert verbs(TRANSITIONS, state) == allowed
    assert all(row.target != State.DRAFT for row in TRANSITIONS)


def test_a_collection_is_published_in_three_languages_with_a_protocol_in_it(world, two):
    for words, version, code in (
        (Written(TITLES | {"fa": ""}, INTRODUCTIONS), two[0], "collection_words_missing"),
        (Written(TITLES, INTRODUCTIONS | {"ru": " "}), two[0], "collection_words_missing"),
        (WORDS, None, "collection_empty"),
    ):
        collection = make_collection(world.editor, *filter(None, [version]), words=words)
        with pytest.raises(InvalidTransition) as refusal:
            fate.move(collection, "publish", by=world.editor, now=NOW)
        assert refusal.value.code == code


def test_the_words_of_what_readers_see_stay_whole(world, two):
    collection = make_public(world, two[0])
    with pytest.raises(Invalid) as refusal:
        making.change_words(
            collection, Written(TITLES | {"ru": ""}, INTRODUCTIONS | {"fa": ""}), seen=collection.revision,
            by=world.editor, now=NOW,
        )  # fmt: skip
    assert codes_of(refusal) == [("title_ru", "text_missing"), ("introduction_fa", "text_missing")]


def test_two_editors_at_once_overwrite_nothing(world, two):
    collection = make_collection(world.editor, two[0])
    seen = collection.revision
    making.change_words(
        collection, Written(TITLES | {"en": "One"}, INTRODUCTIONS), seen=seen, by=world.editor, now=NOW
    )
    with pytest.raises(Conflict):
        making.change_words(
            collection, Written(TITLES | {"en": "Two"}, INTRODUCTIONS), seen=seen, by=world.chiefs[0], now=NOW
        )
    with pytest.raises(Conflict):
        fate.move(collection, "publish", by=world.editor, now=NOW, seen=seen)
    assert queries.find_words(collection.id)["en"].title == "One"


def test_texts_hold_no_person_and_are_not_too_long(world):
    with pytest.raises(Invalid) as refusal:
        making.begin(
            Written({"en": "x" * (LONGEST_TITLE + 1), "ru": "Снилс 112-233-445 95"}, {}),
            by=world.editor,
            now=NOW,
        )
    assert codes_of(refusal) == [("title_en", "text_too_long"), ("title_ru", "identifier_found")]
    with pytest.raises(Invalid) as refusal:
        making.begin(Written({}, {"en": "Words."}), by=world.editor, now=NOW)
    assert codes_of(refusal) == [("title_en", "text_missing")]


def test_only_what_is_read_is_collected_and_once(world, two):
    collection, draft = make_collection(world.editor, two[0]), make_draft(world)
    for number, refusal in (
        (draft.protocol.public_id, NotFound), ("PR-9999", NotFound), (two[0].protocol.public_id, Conflict),
    ):  # fmt: skip
        with pytest.raises(refusal):
            items.add_item(collection, number, by=world.editor, now=NOW)


def test_a_collection_has_an_end(world, two, monkeypatch):
    monkeypatch.setattr(items, "MOST", 1)
    collection = make_collection(world.editor, two[0])
    with pytest.raises(Conflict) as refusal:
        items.add_item(collection, two[1].protocol.public_id, by=world.editor, now=NOW)
    assert refusal.value.code == "collection_full"


def test_protocols_are_moved_one_place_and_stop_at_the_ends(world, two):
    collection = make_collection(world.editor, *two)
    first, last = (version.protocol.public_id for version in two)
    item = queries.list_items(collection.id)[1].id
    orders = []
    for up in (True, True, False, False):
        items.move_item(collection, item, up=up, by=world.editor, now=NOW)
        orders.append(order_of(collection))
    assert orders == [[last, first], [last, first], [first, last], [first, last]]


def test_a_published_collection_is_never_emptied(world, two):
    collection = make_public(world, *two)
    kept, taken = queries.list_items(collection.id)
    items.remove_item(collection, taken.id, by=world.editor, now=NOW)
    with pytest.raises(Conflict) as refusal:
        items.remove_item(collection, kept.id, by=world.editor, now=NOW)
    assert refusal.value.code == "collection_empty"
    assert order_of(collection) == [two[0].protocol.public_id]
    with pytest.raises(NotFound):
        items.remove_item(collection, 999, by=world.editor, now=NOW)


def test_a_sentence_is_in_every_language_or_in_none(world, two):
    collection = make_collection(world.editor, two[0])
    item, at = queries.list_items(collection.id)[0].id, {"by": world.editor, "now": NOW}
    with pytest.raises(Invalid) as refusal:
        items.say_about(collection, item, {"en": "Start here."}, **at)
    assert codes_of(refusal) == [("note_ru", "note_in_every_language"), ("note_fa", "note_in_every_language")]
    items.say_about(collection, item, NOTE, **at)
    told = {lang: queries.list_lines(collection.id, lang, today=NOW.date())[0].note for lang in LANGUAGES}
    assert {lang: (note.text, note.lang) for lang, note in told.items()} == {
        x: (NOTE[x], x) for x in LANGUAGES
    }
    items.say_about(collection, item, NOTE | {"en": "Begin here."}, **at)
    assert queries.list_items(collection.id)[0].words["en"] == "Begin here."
    items.say_about(collection, item, {}, **at)
    assert queries.list_lines(collection.id, "en", today=NOW.date())[0].note is None


def test_each_act_is_in_the_audit(world, two):
    collection = make_collection(world.editor, *two)
    item, at = queries.list_items(collection.id)[0].id, {"by": world.editor, "now": NOW}
    items.say_about(collection, item, NOTE, **at)
    items.move_item(collection, item, up=False, **at)
    making.change_words(
        collection, Written(TITLES | {"en": "OAT"}, INTRODUCTIONS), seen=collection.revision, **at
    )
    fate.move(collection, "publish", **at)
    items.remove_item(collection, item, **at)
    fate.move(collection, "retire", **at)
    fate.move(collection, "reopen", **at)
    assert events(collection.public_id) == [
        f"collection.{name}"
        for name in ("begun", "item_added", "item_added", "item_noted", "item_moved", "words_changed", "published",
                     "item_removed", "retired", "reopened")
    ]  # fmt: skip


def test_a_refused_act_leaves_nothing(world, two):
    collection = make_public(world, two[0])
    before = events(collection.public_id)
    for verb in ("publish", "reopen"):
        with pytest.raises(DomainError):
            fate.move(collection, verb, by=world.editor, now=NOW)
    assert events(collection.public_id) == before


def test_a_withdrawn_protocol_stays_in_the_list_and_says_so(world, two):
    collection = make_public(world, *two)
    order = Reason("legal_order", "By order.")
    withdraw_by_order(two[0], order, by=make_user("country_admin"), now=NOW)
    lines = queries.list_lines(collection.id, "fa", today=NOW.date())
    assert [line.head.is_withdrawn for line in lines] == [True, False]
    assert queries.list_collections("fa")[0].readable == 1


def test_lists_make_a_fixed_number_of_queries(world, two):
    one = make_public(world, two[0])
    few = count_queries(lambda: queries.list_lines(one.id, "ru", today=NOW.date()))
    listed = count_queries(lambda: queries.list_collections("ru"))
    both = make_public(world, *two)
    assert count_queries(lambda: queries.list_lines(both.id, "ru", today=NOW.date())) == few
    assert count_queries(lambda: queries.list_collections("ru")) == listed
