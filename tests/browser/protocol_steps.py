"""A protocol from a blank form in Persian to pages in three languages, step by step in browsers."""

from browser.walker import Walker

from portal.extensions import db
from portal.protocols.queries.translations import list_sources
from portal.protocols.queries.versions import find_current, find_protocol

TITLE = "درمان نگهدارنده با متادون"
BLOCKS = (
    ("population", "criterion", "بزرگسالان دارای وابستگی به مواد افیونی."),
    ("contraindications", "criterion", "خواب‌آلودگی هنگام دریافت دارو."),
    ("steps", "step", "تحمل بیمار را ارزیابی کنید."),
    ("monitoring", "measure", "خواب‌آلودگی پیش از هر نوبت."),
    ("evidence", "evidence", "ماندگاری در درمان را افزایش می‌دهد."),
)
TRANSLATED = {
    "en": {
        "title": "Methadone maintenance", "summary": "Daily methadone.",
        "population": "Adults with opioid dependence.", "contraindications": "Sedation at the time of dosing.",
        "steps": "Assess tolerance.", "dosing": "Tolerance low.", "monitoring": "Sedation before each dose.",
    },
    "ru": {
        "title": "Поддерживающая терапия метадоном", "summary": "Метадон ежедневно.",
        "population": "Взрослые с опиоидной зависимостью.",
        "contraindications": "Сонливость во время приёма препарата.",
        "steps": "Оцените толерантность.", "dosing": "Низкая толерантность.",
        "monitoring": "Сонливость перед каждым приёмом.",
    },
}  # fmt: skip
CONCEPTS = (
    ("sub-methadone", "main"),
    ("int-mmt", "main"),
    ("set-oat-clinic", "secondary"),
    ("pop-adults", "secondary"),
)


def write(author: Walker) -> tuple[int, str]:
    """A complete draft; the author hands it in. Gives back the version and the number of the protocol."""
    author.go("protocols/mine").follow("/protocols/new")
    author.send(
        title=TITLE, source_lang="fa", summary="متادون روزانه.", slug="methadone", origin_country="IR"
    )
    version = author.number()
    base = f"protocols/drafts/{version}"
    author.go(f"{base}/details").send(
        change_note="نسخهٔ نخست.",
        change_type="initial",
        evidence_searched_on="2026-09-01",
        licence="CC-BY-4.0",
    )
    author.go(f"{base}/references").send(key="WHO", cite="WHO 2009", url="https://example.org/who")
    for section, kind, text in BLOCKS:
        graded = {"references": "WHO", "certainty": "ev-high"} if kind == "evidence" else {}
        author.go(f"{base}/blocks/new?section={section}").send(
            section=section, kind=kind, body=text, **graded
        )
    author.go(f"{base}/blocks/new?section=dosing").send(
        drug="sub-methadone", route="oral", phase="day_1", dose_min="۱۰", dose_max="۲۰", unit="mg", per="day",
        body="تحمل کم.", source="WHO",
    )  # fmt: skip
    for concept, role in CONCEPTS:
        author.go(f"{base}/keywords").send(concept=concept, role=role)
    author.go(f"{base}/interests").send(has_conflict="no")
    public_id = author.go(base).page.locator(".meta bdi").first.inner_text()
    author.press("/submit")
    return version, public_id


def begin_review(editor: Walker, version: int, public_id: str, panel: dict[str, str]) -> None:
    for country in ("IR", "RU"):
        editor.go(f"protocols/{public_id}/legal/{country}")
        editor.send(status="leg-restricted", checked_on="2026-10-01")
    editor.go("protocols/desk").follow(f"/desk/{version}")
    editor.send(**panel)


def review(person: Walker) -> None:
    """Every text that waits for this reviewer: interests declared, read, approved."""
    person.go("protocols/reviews")
    links = person.page.locator("main a[href*='/reviews/']")
    found = dict.fromkeys(link.get_attribute("href") or "" for link in links.all())
    for address in [address for address in found if address.rpartition("/")[2].isdecimal()]:
        person.page.goto(address)
        if person.page.url.endswith("/interests"):
            person.send(has_conflict="no")
        person.send(recommendation="approve")


def publish(editor: Walker, chiefs: tuple[Walker, Walker], version: int) -> None:
    editor.go(f"protocols/desk/{version}").press("/accept")
    for chief in chiefs:
        chief.go(f"protocols/desk/{version}").press("/publish")


def translate(translator: Walker, public_id: str, target: str) -> None:
    """Every clinical text and the title, saved and handed in."""
    bench = f"translations/{public_id}/{target}"
    translator.go("translations").follow(f"/{bench}")
    for key, text in _texts(translator, target).items():
        translator.go(bench)
        form = translator.page.locator(f'main form:has([id="body-{key}"])')
        form.locator("[name=body]").fill(text)
        with translator.page.expect_navigation() as going:
            form.locator("[name=do][value=submit]").click()
        assert going.value.status == 200, translator.page.locator(".errsum").all_inner_texts()


def _texts(translator: Walker, target: str) -> dict[str, str]:
    """The translation of each text that is due, by its key."""
    db.session.rollback()  # what others wrote since
    public_id = translator.page.url.split("/")[-2]
    version = find_current(find_protocol(public_id).id)
    words = TRANSLATED[target]
    return {unit.key: words[unit.name] for unit in list_sources([version])[version.id] if unit.name in words}


def release(reviewers: tuple[Walker, ...], public_id: str, target: str) -> None:
    """Approved text by text by those who may, then published by the last."""
    bench = f"translations/{public_id}/{target}"
    for person in reviewers:
        person.go(bench).press("/approve")
    reviewers[-1].go(bench).press("/publish")
