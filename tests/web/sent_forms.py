"""A form as a browser would send it back: every field of the page with what stands in it."""

from html.parser import HTMLParser


class Fields(HTMLParser):
    """Names and values of the fields of a page's last form that is posted."""

    def __init__(self):
        super().__init__()
        self.sent, self._select, self._options = {}, "", []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            self.sent = {}
        elif tag == "input" and given.get("name") and self._counts(given):
            self.sent.setdefault(given["name"], []).append(given.get("value") or "")
        elif tag == "select":
            self._select, self._options = given.get("name") or "", []
        elif tag == "option" and self._select:
            self._options.append((given.get("value") or "", "selected" in given))

    def handle_endtag(self, tag):
        if tag == "select" and self._select:
            chosen = [value for value, selected in self._options if selected] or [self._options[0][0]]
            self.sent.setdefault(self._select, []).append(chosen[0])
            self._select = ""

    @staticmethod
    def _counts(given):
        return given.get("type") not in {"radio", "checkbox"} or "checked" in given


def fields_of(html):
    """The fields of the form in the content of a page."""
    reader = Fields()
    reader.feed(html[html.index("<main") : html.index("</main>")])
    return reader.sent
