"""Agents from the rows of a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from interactions.roster.cells import Cells, amount, day, skills
from interactions.services.memberships import move_agent
from people.models import FIRST_DAY, Agent, AgentSkill, Skill, Team, User
from people.services import create_agent

KEY = "employee_number"
COLUMNS = (
    KEY,
    "name",
    "platform_login",
    "hired_on",
    "left_on",
    "grade",
    "hourly_cost",
    "team",
    "team_from",
    "skills",
)


class AgentWriter:
    """Writes rows of agents; what it needs of the stored ones is read once."""

    def __init__(self, by: User | None) -> None:
        self.by = by
        self.today = timezone.localdate()
        stored = Agent.objects.prefetch_related("agent_skills", "memberships")
        self.known = {agent.employee_number: agent for agent in stored}
        self.teams = {team.code.lower(): team for team in Team.objects.all()}
        self.skills = {skill.name.lower(): skill for skill in Skill.objects.all()}

    def knows(self, cells: Cells) -> bool:
        """Whether there already is the row's agent."""
        return cells.text(KEY) in self.known

    def write(self, cells: Cells) -> bool:
        """Make the agent as the row says; whether that changed anything. Notes problems in ``cells``."""
        cells.need(KEY)
        agent = self.known.get(cells.text(KEY))
        if agent is None:
            cells.need("name")
        wanted = self._wanted(cells)
        team = self._team(cells)
        moved_on = cells.read("team_from", day)
        if moved_on:
            cells.need("team")
        levels = cells.read("skills", skills) or {}
        if cells.problems:
            return False
        try:
            if agent is None:
                agent = self._create(cells, wanted, team, moved_on)
                changed = True
            else:
                changed = self._save(agent, wanted)
                changed |= team is not None and self._move(agent, team, moved_on)
            changed |= cells.has("skills") and self._set_skills(agent, levels)
        except ValidationError as error:
            cells.reject_all(error)
            return False
        return changed

    def forget(self, cells: Cells) -> None:
        """Read the row's agent anew: what was written of it has been undone."""
        stored = Agent.objects.filter(employee_number=cells.text(KEY)).first()
        if stored:
            self.known[stored.employee_number] = stored
        else:
            self.known.pop(cells.text(KEY), None)
        self.skills = {skill.name.lower(): skill for skill in Skill.objects.all()}

    def _wanted(self, cells: Cells) -> dict[str, Any]:
        """The agent's own values, of the columns that the file has."""
        found: dict[str, Any] = {
            "name": cells.text("name"),
            "platform_login": cells.text("platform_login") or None,
            "hired_on": cells.read("hired_on", day),
            "left_on": cells.read("left_on", day),
            "grade": cells.text("grade"),
            "hourly_cost": cells.read("hourly_cost", amount),
        }
        return {name: value for name, value in found.items() if cells.has(name)}

    def _team(self, cells: Cells) -> Team | None:
        code = cells.text("team")
        team = self.teams.get(code.lower())
        if code and team is None:
            cells.reject("team", _("There is no team with this code. Import the teams first."))
        return team

    def _create(self, cells: Cells, wanted: Mapping[str, Any], team: Team | None, team_from: dt.date | None) -> Agent:
        agent = create_agent(employee_number=cells.text(KEY), team=team, team_from=team_from, by=self.by, **wanted)
        self.known[agent.employee_number] = agent
        return agent

    def _save(self, agent: Agent, wanted: Mapping[str, Any]) -> bool:
        changes = {name: value for name, value in wanted.items() if getattr(agent, name) != value}
        if not changes:
            return False
        for name, value in changes.items():
            setattr(agent, name, value)
        agent._history_user = self.by
        agent.full_clean()
        agent.save()
        return True

    def _set_skills(self, agent: Agent, levels: Mapping[str, int]) -> bool:
        wanted = {self._skill(name).pk: level for name, level in levels.items()}
        known = {row.skill_id: row.level for row in agent.agent_skills.all()}
        if wanted == known:
            return False
        if known:
            agent.agent_skills.exclude(skill__in=wanted).delete()
        for skill, level in wanted.items():
            AgentSkill.objects.update_or_create(agent=agent, skill_id=skill, defaults={"level": level})
        self.known[agent.employee_number] = Agent.objects.get(pk=agent.pk)
        return True

    def _skill(self, name: str) -> Skill:
        if name.lower() not in self.skills:
            skill = Skill(name=name)
            skill.full_clean()
            skill.save()
            self.skills[name.lower()] = skill
        return self.skills[name.lower()]

    def _move(self, agent: Agent, team: Team, on: dt.date | None) -> bool:
        memberships = agent.memberships.all()
        if on is None:
            on = self.today if memberships else agent.hired_on or FIRST_DAY
        current = [row for row in memberships if row.starts_on <= on and (row.ends_on is None or row.ends_on > on)]
        if current and current[0].team_id == team.pk:
            return False
        move_agent(agent, team=team, on=on, by=self.by)
        self.known[agent.employee_number] = Agent.objects.get(pk=agent.pk)
        return True
