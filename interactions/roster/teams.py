"""Teams from the rows of a file."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from interactions.roster.cells import Cells
from people.models import Role, Site, Team, User

KEY = "code"
COLUMNS = (KEY, "name", "parent", "site", "supervisors")


class TeamWriter:
    """Writes rows of teams; what it needs of the stored ones is read once."""

    def __init__(self, by: User | None) -> None:
        self.by = by
        self.known = {team.code.lower(): team for team in Team.objects.prefetch_related("supervisors")}
        self.sites = {site.code.lower(): site for site in Site.objects.all()}
        self.users = {user.username: user for user in User.objects.all()}

    def knows(self, cells: Cells) -> bool:
        """Whether there already is the row's team."""
        return cells.text(KEY).lower() in self.known

    def write(self, cells: Cells) -> bool:
        """Make the team as the row says; whether that changed anything. Notes problems in ``cells``."""
        cells.need(KEY)
        team = self.known.get(cells.text(KEY).lower()) or Team(code=cells.text(KEY))
        if team.pk is None:
            cells.need("name", "site")
        wanted = self._wanted(cells)
        supervisors = self._supervisors(cells)
        if cells.problems:
            return False
        try:
            changed = self._save(team, wanted)
        except ValidationError as error:
            cells.reject_all(error)
            return False
        if cells.has("supervisors") and {user.pk for user in team.supervisors.all()} != supervisors:
            team.supervisors.set(supervisors)
            self.forget(cells)
            changed = True
        return changed

    def forget(self, cells: Cells) -> None:
        """Read the row's team anew."""
        code = cells.text(KEY).lower()
        stored = Team.objects.filter(code__iexact=code).first()
        if stored:
            self.known[code] = stored
        else:
            self.known.pop(code, None)

    def _wanted(self, cells: Cells) -> dict[str, object]:
        found: dict[str, object] = {}
        if cells.text("name"):
            found["name"] = cells.text("name")
        if code := cells.text("site"):
            found["site"] = self.sites.get(code.lower())
            if found["site"] is None:
                cells.reject("site", _("There is no site with this code."))
        if cells.has("parent"):
            code = cells.text("parent")
            found["parent"] = self.known.get(code.lower()) if code else None
            if code and found["parent"] is None:
                cells.reject("parent", _("There is no team with this code, neither here nor in the file."))
        return found

    def _supervisors(self, cells: Cells) -> set[int]:
        found = set()
        for name in filter(None, re.split(r"[;,\s]+", cells.text("supervisors"))):
            user = self.users.get(name)
            if user is None:
                cells.reject("supervisors", _("There is no user “%(name)s”.") % {"name": name})
            elif not user.has_role(Role.SUPERVISOR):
                cells.reject("supervisors", _("“%(name)s” does not hold the supervisor's role.") % {"name": name})
            else:
                found.add(user.pk)
        return found

    def _save(self, team: Team, wanted: dict[str, object]) -> bool:
        changes = {name: value for name, value in wanted.items() if _current(team, name) != value}
        if team.pk and not changes:
            return False
        for name, value in changes.items():
            setattr(team, name, value)
        team._history_user = self.by
        team.full_clean()
        team.save()
        self.known[team.code.lower()] = team
        return True


def _current(team: Team, name: str) -> object:
    """A value of a team; a site that it has not yet is None."""
    return team.name if name == "name" else getattr(team, name, None) if getattr(team, f"{name}_id") else None
