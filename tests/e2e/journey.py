"""Walks from page to page and notes what a person would stumble over."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
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
# What the theme's switch does (static/src/app.js); charts are drawn anew, to their new width, too.
SHOW_IN = """theme => {
  document.documentElement.dataset.bsTheme = theme;
  document.dispatchEvent(new CustomEvent("theme:changed", {detail: {until: []}}));
}"""
ARE_DRAWN = """[...document.querySelectorAll('[data-chart]')].every(
  chart => Math.abs((chart.querySelector('.main-svg')?.clientWidth ?? -9) - chart.clientWidth) < 2)"""
# All of a page that can make it inaccessible, without its words and figures: two pages of one shape are told apart by
# those alone. Rows of one kind count once; what is within a chart is drawn, not written.
SHAPE = """() => {
  const SAID = ["class", "role", "type", "tabindex", "hidden", "disabled", "for", "scope"];
  const shape = (element) => {
    if (element.matches("script, option, .plot-container")) return "";
    const attributes = [...element.attributes].map(({name, value}) =>
      name.startsWith("aria-") || name === "title" || name === "href" || name === "alt" ? name + (value ? "" : "!")
        : SAID.includes(name) ? `${name}=${value}` : "");
    const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    const within = [...element.children].map(shape).filter((one, place, all) => one !== all[place - 1]);
    return `${element.localName}[${attributes.join(" ")}]${hasText ? "…" : ""}(${within.join()})`;
  };
  return shape(document.body);
}"""
WIDTHS = {"desk": 1440, "phone": 390}
THEMES = ("light", "dark")
HEIGHT = 900
# (theme, width, shape of a page) in which axe has found nothing: pages that many roles and both languages share are
# examined once.
SOUND: set[tuple[str, int, str]] = set()


@dataclass
class Journey:
    """A browser's page, and what went wrong on its way."""

    page: Page
    base: str
    findings: list[str] = field(default_factory=list)
    seen: dict[str, str] = field(default_factory=dict)  # name of the page's URL → its address
    strangers: Collection[str] = ()  # names that the viewer must never read
    pictures: Path | None = None  # where each page is photographed

    def __post_init__(self) -> None:
        self.page.add_init_script(NOTE_VIOLATIONS)
        self.page.on("console", self._note_message)
        self.page.on("pageerror", lambda error: self._note(f"script: {error}"))

    def open(self, address: str) -> None:
        """Go to a page and wait until its charts are drawn."""
        self.page.goto(urljoin(self.base, address))
        self.page.wait_for_function(ARE_DRAWN)

    def walk(self, start: str = "/") -> None:
        """Visit one page of each kind that links lead to, and look at it closely in every theme and width."""
        waiting = [start]
        while waiting:
            address = waiting.pop(0)
            if _kind_of(address) in self.seen:
                continue
            self.open(address)
            self.seen[_kind_of(address)] = self.seen[_kind_of(self.page.url)] = self.page.url
            self._look_for_strangers()
            self._look_in_every_state(_kind_of(self.page.url))
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
        self._look_with_axe()

    def _look_with_axe(self) -> None:
        theme = self.page.evaluate("document.documentElement.dataset.bsTheme")
        state = (theme, self.page.viewport_size["width"], self.page.evaluate(SHAPE))  # type: ignore[index]
        if state in SOUND:
            return
        violations = Axe().run(self.page).response["violations"]
        for violation in violations:
            self._note(f"axe {violation['id']}: {violation['nodes'][0]['html'][:120]}")
        if not violations:
            SOUND.add(state)

    def _look_in_every_state(self, kind: str) -> None:
        for on, width in WIDTHS.items():
            self.page.set_viewport_size({"width": width, "height": HEIGHT})
            for theme in THEMES:
                self.page.evaluate(SHOW_IN, theme)
                self.page.wait_for_function(ARE_DRAWN)
                self.look()
                if self.pictures:
                    picture = self.pictures / f"{kind.replace(':', '.')}-{on}-{theme}.jpg"
                    self.page.screenshot(path=picture, type="jpeg", quality=60, full_page=True)
        self.page.set_viewport_size({"width": WIDTHS["desk"], "height": HEIGHT})

    def _look_for_strangers(self) -> None:
        """Anywhere in the page: in its text, its attributes, or the figures of its charts."""
        said = self.page.content()
        for name in self.strangers:
            if name in said:
                self._note(f"{name} is told to a stranger")

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
