"""Questions that somebody wrote: checked as strictly as the rest of the REST API, and kept as pages keep them."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from kpis.explore.periods import KEYS, moving, with_days
from kpis.explore.question import Question
from kpis.horizon import horizon
from people.models import User

KNOWN = ("kpi", "by", "show", "from", "to", "period", "compare", "channel", "queue", "team", "agent")


def question_of(query: str, *, viewer: User) -> Question:
    """The question of a kept view, with the days that it means today."""
    return Question.read(QueryDict(with_days(query, horizon())), viewer=viewer)


def kept_form(text: str, *, viewer: User) -> str:
    """A written question in the form in which views keep it.

    Raises ValidationError with a sentence for each part that is not known, that is not the viewer's to name, or
    that cannot be measured so.
    """
    asked = QueryDict(text.removeprefix("?"))
    key = asked.get("period", "")
    question = question_of(asked.urlencode(), viewer=viewer)
    problems = [] if asked.get("kpi") else [_("Name at least one KPI: “kpi=…”.")]
    problems += [*_unknown(asked, key), *question.selection.form.complaints, *question.problems]
    if problems:
        raise ValidationError({"query": problems})
    address = question.address(view=None)
    return moving(address, key) if key else address


def _unknown(asked: QueryDict, key: str) -> list[str]:
    """What stands in no question, and periods without a name."""
    problems = [
        _("“%(name)s” is not a part of a question. Known are: %(known)s.") % {"name": name, "known": ", ".join(KNOWN)}
        for name in asked
        if name not in KNOWN
    ]
    if key and key not in KEYS:
        words = {"key": key, "known": ", ".join(KEYS)}
        problems.append(_("“%(key)s” is no usual period. Known are: %(known)s.") % words)
    return problems
