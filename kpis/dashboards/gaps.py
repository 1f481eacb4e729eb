"""Why a page has nothing to show, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from interactions.models import Contact
from kpis.dashboards.board import Board
from kpis.text import format_day
from people.models import Role


@dataclass(frozen=True)
class Gap:
    """What is missing, and the next step."""

    title: str
    text: str
    url: str = ""
    action: str = ""


def gap(board: Board) -> Gap | None:
    """None when there is something to show."""
    if not board.viewer.sees_figures:
        return Gap(_("You lead no team yet"), _("Ask your administrator to make you the supervisor of your teams."))
    reach = board.selection.reach
    if reach is None:
        return _nothing_computed(board)
    if board.selection.period.start > reach:
        return Gap(
            _("The data does not reach this period yet"),
            _("It reaches to %(day)s.") % {"day": format_day(reach)},
            "?",
            _("Show the last 28 days"),
        )
    return None


def nothing_fits(board: Board) -> Gap | None:
    """That the filters leave nothing to measure; None where something is, or nothing can be taken off."""
    chosen = [name for name in board.selection.filters if board.selection.form.cleaned_data.get(name)]
    if not chosen or board.is_measured:
        return None
    cleared = board.selection.query_with(**dict.fromkeys(chosen))
    return Gap(
        _("Nothing was measured with these filters"),
        _("Choose another period or take the filters off."),
        f"?{cleared}",
        _("Clear the filters"),
    )


def _nothing_computed(board: Board) -> Gap:
    if Contact.objects.all().visible_to(board.viewer).exists():
        url = reverse("kpis:run_list") if board.viewer.sees_everything else ""
        text = _("Contacts have come in, and their numbers are computed within minutes and every night.")
        return Gap(_("The numbers are not computed yet"), text, url, _("See the runs"))
    if board.viewer.has_role(Role.ADMINISTRATOR):
        text = _("Import teams and agents first, then the contacts. Numbers follow within minutes.")
        return Gap(_("No contacts yet"), text, reverse("interactions:import_create"), _("Import contacts"))
    return Gap(_("No contacts yet"), _("Ask your administrator to import contacts or to connect your call platform."))
