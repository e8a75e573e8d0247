"""A person at work: begins at the front page and goes on by links and forms alone."""

from collections.abc import Callable
from typing import Any, NoReturn, Self

from browser.days import Journey
from browser.walker import Hands
from playwright.sync_api import Locator, Page

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
TYPES_ADDRESSES = ("goto", "go_back", "go_forward", "reload", "set_content")


class Day(Hands):
    """The page cannot be sent anywhere: what no link, button or field leads to is not reached."""

    def __init__(
        self,
        page: Page,
        journey: Journey,
        *,
        axe: Callable[[Page], list[str]],
        shot: Callable[[Page, str], None],
    ) -> None:
        super().__init__(page, journey.lang)
        self.journey, self.axe, self.shot = journey, axe, shot
        self.pictured: list[str] = []
        for name in TYPES_ADDRESSES:
            setattr(page, name, self._refuse)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        """Every moment of the list was pictured, in its order."""
        assert kind is not None or tuple(self.pictured) == self.journey.steps

    def home(self) -> Self:
        return self.click(self.page.locator("header a.logo"))

    def menu(self, path: str) -> Self:
        """An entry of the head of the page."""
        return self.click(self.page.locator(f"header a[href='/{self.lang}/{path}']"))

    def follow(self, end: str) -> Self:
        """The first link in the page itself whose address ends so."""
        return self.click(self.page.locator(f"main a[href$='{end}']").first)

    def follow_to(self, part: str) -> Self:
        """The first link in the page itself whose address has this in it."""
        return self.click(self.page.locator(f"main a[href*='{part}']").first)

    def click(self, link: Locator) -> Self:
        return self._press(link, 200)

    def picture(self, step: str) -> Self:
        """Keep the picture of a moment; the page has no finding of axe and fits the window."""
        self.page.evaluate("document.fonts.ready.then(() => true)")
        self.shot(self.page, self.journey.picture(step))
        assert self.axe(self.page) == [], step
        assert self.page.evaluate(OVERFLOW) <= 0, f"{step}: wider than the window"
        self.pictured.append(step)
        return self

    @staticmethod
    def _refuse(*_given: Any, **_more: Any) -> NoReturn:
        raise AssertionError("nobody types an address here")
