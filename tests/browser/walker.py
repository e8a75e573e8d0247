"""Somebody at a browser: opens pages, fills in what has a name, presses the button of the form."""

from typing import Any, Self

from playwright.sync_api import Locator, Page


class Hands:
    """One person in one language at one window. Every form sent must succeed unless `expect` says otherwise."""

    def __init__(self, page: Page, lang: str) -> None:
        self.page, self.lang = page, lang

    def fill(self, **fields: Any) -> Locator:
        """Fill in the first form that has all these names; give back the form."""
        has = "".join(f":has([name='{name}'])" for name in fields)
        form = self.page.locator(f"main form{has}").first
        for name, value in fields.items():
            if value is None:  # a hidden field: it only says which form is meant
                continue
            _enter(form.locator(f"[name='{name}']"), value)
        return form

    def send(self, *, button: str = ".btn-primary", expect: int = 200, **fields: Any) -> Self:
        """Fill in a form and send it; the page that follows has no error summary."""
        return self._press(self.fill(**fields).locator(button).first, expect)

    def press(self, action: str, *, expect: int = 200) -> Self:
        """Press the button of the form whose action ends so."""
        button = self.page.locator(f"main form[action$='{action}'] button").first
        return self._press(button, expect)

    def follow(self, end: str) -> Self:
        """Follow the first link of the page whose address ends so, as by a click."""
        with self.page.expect_navigation():
            self.page.locator(f"a[href$='{end}']").first.click()
        return self

    def number(self) -> int:
        """The last number in the address."""
        return int(next(part for part in reversed(self.page.url.split("/")) if part.isdigit()))

    def text(self) -> str:
        return self.page.locator("main").inner_text()

    def _press(self, button: Locator, expect: int) -> Self:
        with self.page.expect_navigation() as going:
            button.click()
        answer = going.value
        assert answer is not None
        shown = self.page.locator(".errsum").all_inner_texts()
        assert (answer.status, shown if expect == 200 else []) == (expect, []), f"{self.page.url}: {shown}"
        return self


class Walker(Hands):
    """Somebody who also types addresses."""

    def go(self, path: str) -> Self:
        answer = self.page.goto(f"/{self.lang}/{path}")
        assert answer is not None
        assert answer.status == 200, f"{path}: {answer.status}"
        return self


def _enter(found: Locator, value: Any) -> None:
    """One value into one field; a list into several fields of one name (month and year)."""
    kind = found.first.evaluate("e => e.tagName === 'SELECT' ? 'select' : e.type")
    if kind == "select":
        found.select_option(value)
    elif kind in ("radio", "checkbox"):
        found.and_(found.page.locator(f"[value='{value}']")).check()
    elif kind == "file":
        found.set_input_files(value)
    elif isinstance(value, list):
        for place, part in enumerate(value):
            found.nth(place).fill(part)
    else:
        found.first.fill(str(value))
