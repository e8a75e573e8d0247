import time

from protocol_world import NOW

from portal.cli.demo.accounts import make_accounts
from portal.protocols.queries import translations as qt
from portal.protocols.queries import versions as q
from portal.protocols.services import translations as tr
from portal.protocols.services.seed import load_seed


def test_x(app):
    people = make_accounts(now=NOW)
    t = time.time()
    import cProfile
    import pstats

    pr = cProfile.Profile()
    pr.enable()
    load_seed(people=people, now=NOW)
    pr.disable()
    pstats.Stats(pr).sort_stats("cumtime").print_stats(70)
    print("seconds", time.time() - t)
    for row in qt.list_matrix():
        v = row.version
        print(
            v.protocol.public_id,
            v.protocol.slug,
            {l: (c.state, c.fitting, c.total) for l, c in row.cells.items()},
            v.exception_reason,
            q.standing_of(v).problems,
        )
        for lang in ("ru", "fa"):
            for u in qt.list_views(v, lang):
                if u.latest and u.latest.number_check != "ok":
                    print(
                        "   ",
                        lang,
                        u.source.name,
                        u.source.text[:60],
                        tr.text_faults(u.source.text, u.latest.text),
                    )
    assert 0
