"""From draft to superseded, through the verbs that people use."""

from protocol_world import bring_to, make_draft, make_world


def test_draft_becomes_public_after_two_reviews_and_two_chief_editors(app):
    world = make_world()
    version = make_draft(world)
    bring_to(world, version, "published")
    assert version.state == "published"
