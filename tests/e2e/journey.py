"""Walks from page to page and notes what a person would stumble over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from urllib.parse import urljoin, urlsplit

from axe_playwright_python.sync_playwright import Axe
from django.urls import Resolver404, resolve
from playwright.sync_api import ConsoleMessage, Locator, Page

# Django's own administration, files, and what a link does not lead to as a page.
NO_PAGE = re.compile(r"^/(admin|static|api)/|\.(csv|pdf)(\?|$)|[?&](csv|file)=")
# What the strict content security policy turned away is noted from the page's first line on.
NOTE_VIOLATIONS = """
window.refused = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.refused.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
"""


@dataclass
class Journey:
    """A browser's page, and what went wrong on its way."""

    page: Page
    base: str
    findings: list[str] = field(default_factory=list)
    seen: dict[str, str] = field(default_factory=dict)  # name of the page's URL → its address

    def __post_init__(self) -> None:
        self.page.add_init_script(NOTE_VIOLATIONS)
        self.page.on("console", self._note_message)
        self.page.on("pageerror", lambda error: self._note(f"script: {error}"))

    def open(self, address: str) -> None:
        """Go to a page and wait until its charts are drawn."""
        self.page.goto(urljoin(self.base, address))
        self.page.wait_for_function(
            "[...document.querySelectorAll('[data-chart]')].every(chart => chart.matches('.js-plotly-plot'))"
        )

    def walk(self, start: str = "/") -> None:
        """Visit one page of each kind that links lead to, and look at it closely."""
        waiting = [start]
        while waiting:
            address = waiting.pop(0)
            if _kind_of(address) in self.seen:
                continue
            self.open(address)
            self.seen[_kind_of(address)] = self.seen[_kind_of(self.page.url)] = self.page.url
            self.look()
            waiting += self._links()

    def point_at(self, chart: Locator) -> None:
        """Move the pointer over a chart until it tells of something."""
        chart.scroll_into_view_if_needed()
        box = chart.bounding_box()
        assert box is not None
        # Low bars stand in the lower half; a chart looks at the pointer every 50 ms, by when it has to be there still.
        for down, across in product(sorted(range(1, 20), key=lambda place: abs(place - 13)), range(1, 20)):
            self.page.mouse.move(box["x"] + box["width"] * across / 20, box["y"] + box["height"] * down / 20)
            self.page.wait_for_timeout(60)
            if chart.locator(".hoverlayer .hovertext").count():
                return

    def look(self) -> None:
        """Note what axe finds, what the policy refused, and a page that is wider than the window."""
        self.page.wait_for_load_state()
        for refused in self.page.evaluate("window.refused"):
            self._note(f"refused: {refused}")
        width = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if width > 0:
            self._note(f"{width} px wider than the window")
        for violation in Axe().run(self.page).response["violations"]:
            self._note(f"axe {violation['id']}: {violation['nodes'][0]['html'][:120]}")

    def _links(self) -> Iterator[str]:
        hrefs = self.page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
        for href in hrefs:
            address = urlsplit(href)
            path = f"{address.path}?{address.query}" if address.query else address.path
            if href.startswith(self.base) and not NO_PAGE.search(path) and _kind_of(href):
                yield path

    def _note_message(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._note(f"console: {message.text}")

    def _note(self, finding: str) -> None:
        self.findings.append(f"{urlsplit(self.page.url).path}: {finding}")


def _kind_of(url: str) -> str:
    """The name of the URL pattern: one page of each is enough."""
    try:
        return resolve(urlsplit(url).path).view_name
    except Resolver404:
        return ""
