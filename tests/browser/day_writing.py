"""What a Russian clinician writes into a protocol in a day, page after page."""

from browser.day import Day

BEGUN = {
    "title": "Налтрексон внутрь после детоксикации", "source_lang": "ru", "slug": "naltrexone-oral",
    "summary": "Ежедневный приём налтрексона под наблюдением близкого человека.", "origin_country": "RU",
}  # fmt: skip
DETAILS = {
    "change_note": "Первая версия.", "change_type": "initial", "evidence_searched_on": "2026-09-01",
    "licence": "CC-BY-4.0",
}  # fmt: skip
BLOCKS = (
    ("population", "criterion", "Взрослые с опиоидной зависимостью, завершившие детоксикацию."),
    ("contraindications", "criterion", "Приём опиоидов в последние ⟦7⟧ дней."),
    ("steps", "step", "Подтвердите отсутствие опиоидов экспресс-тестом мочи."),
    ("monitoring", "measure", "Функция печени до начала и через месяц."),
    ("evidence", "evidence", "Удержание в лечении выше при участии близкого человека."),
)
DOSE = {
    "drug": "int-naltrexone-oral", "route": "oral", "phase": "maintenance", "dose_min": "50", "dose_max": "50",
    "unit": "mg", "per": "day", "body": "После пробной дозы без признаков отмены.", "source": "Krupitsky2004",
}  # fmt: skip
CONCEPTS = (
    ("cond-opioid-dependence", "main"),
    ("int-naltrexone-oral", "main"),
    ("set-outpatient", "secondary"),
    ("pop-adults", "secondary"),
)
STEP = "Через 7–10 дней после последнего приёма опиоидов сделайте экспресс-тест мочи."


def begin(author: Day) -> int:
    """From the list of protocols to a draft with its details and a source. Gives back the version."""
    author.menu("protocols").follow("/protocols/new").send(**BEGUN)
    version = author.number()
    author.follow("/details").send(**DETAILS)
    author.follow("/references").send(
        key="Krupitsky2004", cite="Krupitsky E. M. et al. 2004", doi="10.1016/j.jsat.2004.02.002"
    )
    author.follow(f"/drafts/{version}").picture("begun")
    return version


def write(author: Day) -> None:
    """Blocks, a dose line and keywords."""
    for section, kind, text in BLOCKS:
        graded = {"references": "Krupitsky2004", "certainty": "ev-moderate"} if kind == "evidence" else {}
        author.follow(f"section={section}").send(section=section, kind=kind, body=text, **graded)
    author.follow("section=dosing").fill(**DOSE)
    author.picture("dose").send(drug=None)


def tag(author: Day, version: int) -> None:
    author.follow("/keywords")
    for concept, role in CONCEPTS:
        author.send(concept=concept, role=role)
    author.follow(f"/drafts/{version}")


def hand_in(author: Day) -> None:
    author.follow("/interests").send(has_conflict="no").picture("ready").press("/submit")


def answer(author: Day) -> None:
    """From the tasks to the remark: the step is rewritten, the remark answered, the version handed in again."""
    author.home().menu("queue").follow("/protocols/mine").follow_to("/protocols/drafts/").picture("answering")
    step = author.page.locator("#section-steps + .unit-card")
    author.click(step.locator("a[href*='/blocks/']").first).send(body=STEP)
    author.send(button="[value='0']", answer="Срок указан в первом шаге.")
    author.press("/submit").picture("again")
