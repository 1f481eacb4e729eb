"""What the style page shows on one ground: the context of each component, with names that are unique on the page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.paginator import Page as NumberedPage
from django.core.paginator import Paginator
from django.http import QueryDict
from django.utils.translation import gettext as _

from callcenter.styleguide.contact import sample_contact, sample_events
from callcenter.styleguide.figures import FIGURES, PERIOD, SampleBoard, sample_kpis
from callcenter.styleguide.forms import SampleForm
from interactions.paging import Page
from interactions.steps import Step
from interactions.timeline import Drawing, Event, drawn, steps_of
from interactions.timeline import Step as ContactStep
from kpis.dashboards.filters import FILTERS, FilterField, filter_fields
from kpis.dashboards.labels import Labels
from kpis.dashboards.parts import Cell, Column, Part, Row, trend
from kpis.dashboards.story import Term
from kpis.dashboards.tiles import Change, Tile, tiles
from kpis.definitions import KPIS
from kpis.selection import Selection
from kpis.verdict import Verdict, verdict
from people.models import Theme, User


@dataclass(frozen=True)
class Section:
    """One component of the page; its template is callcenter/styleguide/<key>.html."""

    key: str
    title: str

    @property
    def template(self) -> str:
        """Where the component is shown from."""
        return f"callcenter/styleguide/{self.key}.html"


def sections() -> list[Section]:
    """Every component, in the order of the page."""
    titles = {
        "buttons": _("Buttons and pills"),
        "marks": _("Badges and changes"),
        "tiles": _("Tiles"),
        "filters": _("Period and filters"),
        "chart": _("Chart"),
        "members": _("Table"),
        "timeline": _("What happened"),
        "card": _("Card"),
        "fields": _("Fields"),
        "stepper": _("Steps"),
        "messages": _("Messages"),
        "empty": _("Nothing to show"),
        "pagers": _("Pages"),
    }
    return [Section(key, title) for key, title in titles.items()]


class Sample:
    """The samples on one ground."""

    def __init__(self, theme: Theme, viewer: User) -> None:
        self.theme = theme
        self.name = theme.label
        asked = QueryDict(f"from={PERIOD.start}&to={PERIOD.end}")
        self.selection = Selection.read(asked, viewer=viewer, reach=PERIOD.end)
        self.board = SampleBoard(viewer, self.selection)

    @cached_property
    def tiles(self) -> list[Tile]:
        """A tile in each of its states."""
        return [
            replace(tile, kpi=replace(tile.kpi, key=self._own(tile.kpi.key))) for tile in tiles(self.board, [*FIGURES])
        ]

    @cached_property
    def chart(self) -> Part:
        """A trend with target and comparison."""
        return self._named(trend(self.board, KPIS["service_level"]))

    @property
    def chart_of_nothing(self) -> Part:
        """A chart that has nothing to draw."""
        return self._named(replace(self.chart, key="nothing", title=_("Nothing"), figure=None, note=""))

    @cached_property
    def members(self) -> Part:
        """A table of members, sorted by its second column."""
        kpis = [kpi for kpi in sample_kpis() if kpi.key not in ("csat_mean", "contacts_offered")]
        now, targets = self.board.now, self.board.targets
        judged = [Cell(now[kpi.key], verdict(now[kpi.key], targets.get(kpi.key)), targets.get(kpi.key)) for kpi in kpis]
        few = [Cell(None if kpi.key == "csat" else replace(now[kpi.key], n=9)) for kpi in kpis]
        rows = [
            Row(_("Refunds"), "#members", judged, _("what your teams answered in this queue")),
            Row(_("Billing"), "", few),
        ]
        columns = [Column(kpi, "", "descending" if place == 1 else "") for place, kpi in enumerate(kpis)]
        labels = Labels(self.board.viewer, self.selection, ())
        part = Part("members", _("Teams"), [], labels, ("team",), rows=rows, columns=columns, head=_("Team"))
        return self._named(part)

    @property
    def fields(self) -> list[FilterField]:
        """The filters of a page with numbers."""
        return filter_fields(self.board, FILTERS)

    @property
    def verdicts(self) -> list[Verdict]:
        """Every verdict once."""
        return list({tile.verdict.word: tile.verdict for tile in self.tiles if tile.verdict}.values())

    @property
    def changes(self) -> list[Change]:
        """For the better, for the worse, and neither."""
        return list({tile.change.tone: tile.change for tile in self.tiles if tile.change}.values())

    @property
    def terms(self) -> list[Term]:
        """Top of a KPI, term by term."""
        return [Term("", _("Contacts answered"), "4,212", "#card"), Term("−", _("Contacts abandoned"), "173", "#card")]

    @property
    def form(self) -> SampleForm:
        """Fields with help and with an error."""
        return SampleForm(self.theme)

    @property
    def steps(self) -> list[Step]:
        """Every state of a step."""
        return [
            Step(_("File"), "done"),
            Step(_("Columns"), "current"),
            Step(_("Checking and taking in"), "failed"),
            Step(_("Result"), "ahead"),
        ]

    @property
    def drawing(self) -> Drawing:
        """A contact, to scale."""
        return drawn([], sample_contact())

    @property
    def contact_steps(self) -> list[ContactStep]:
        """The same, step by step."""
        return steps_of(sample_contact())

    @property
    def events(self) -> list[Event]:
        """What came of it."""
        return sample_events()

    @property
    def messages(self) -> list[Message]:
        """Every level of a message."""
        texts = {
            constants.SUCCESS: _("Saved."),
            constants.INFO: _("The days are being computed anew; the run below shows how far it is."),
            constants.WARNING: _("One row was set aside."),
            constants.ERROR: _("The file cannot be read."),
        }
        return [Message(level, text) for level, text in texts.items()]

    @property
    def numbered(self) -> NumberedPage:
        """The second of three pages."""
        return Paginator(range(90), 30).page(2)

    @property
    def by_cursor(self) -> Page:
        """A page in the middle of a long list."""
        return Page([], "2026-11-20", is_first=False)

    def _named(self, part: Part) -> Part:
        return replace(part, key=self._own(part.key), title=f"{part.title} · {self.name}")

    def _own(self, key: str) -> str:
        return f"{key}-{self.theme}"
