"""Whether a value meets its target: the one rule, for tiles, tables, walls, reports and everything else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpis.kpi import Better
from kpis.measure import Reading
from kpis.targets import Goal
from kpis.text import format_sample

# The icon of each tone, the gravest first; colour only repeats it. "unsure" is missed, but within chance. None of them
# may be read as the sign of the number after it.
ICONS = {"bad": "triangle-alert", "unsure": "equal-approximately", "warn": "circle", "good": "check"}
# The same where there are no icons, as in e-mails.
SIGNS = {"bad": "▲", "unsure": "≈", "warn": "○", "good": "✓"}

# What each says, whichever way is better: the key under a table of icons.
MEANINGS = {
    "bad": gettext_lazy("target missed"),
    "unsure": gettext_lazy("missed, within chance"),
    "warn": gettext_lazy("within tolerance"),
    "good": gettext_lazy("on target"),
}

# The rule in words, for the readers of the catalogue and of each definition.
RULE = gettext_lazy(
    "A period's result is a fact: it is on target or it missed it. A miss by no more than the tolerance set with the "
    "target is called within tolerance. A greater miss whose interval (95%) still holds the target is called within "
    "chance: the same amount of work could equally have come out on target. Below the least sample nothing is said."
)


@dataclass(frozen=True)
class Mark:
    """An icon (and the sign for it in an e-mail or on paper) with what it says."""

    tone: str
    icon: str
    sign: str
    word: str


@dataclass(frozen=True)
class Verdict:
    """What is said of a value against its target, as an icon and a word; ``tone`` only repeats them in colour."""

    word: str
    icon: str
    tone: str  # a key of ICONS, or "" where too few are behind the value
    why: str = ""  # a sentence more, where the word alone could be misread


def verdict(reading: Reading, target: Goal | None) -> Verdict | None:
    """On target, tolerated, missed within chance, or missed; too few to judge; None without a target or a value.

    What was counted over a period is a fact and reached its target or did not, however wide its interval (95 %). But
    where that holds the target, a miss says nothing about who or what was measured, and is told so.
    """
    kpi, value = reading.kpi, reading.value
    if target is None or value is None or (met := kpi.is_met(value, target.value)) is None:
        return None
    if reading.is_small:
        why = _("A value is judged from %(sample)s on.") % {"sample": format_sample(kpi, kpi.minimum)}
        return Verdict(_("too few to judge"), "ellipsis", "", why)
    if met:
        return _said(_("on target"), "good")
    if abs(value - target.value) <= target.tolerance:
        return _said(_("within tolerance"), "warn", _("It missed the target by no more than is tolerated."))
    if reading.interval and reading.interval[0] <= target.value <= reading.interval[1]:
        why = _("The target lies within the interval (95%): chance alone may explain the miss.")
        return _said(_("missed, within chance"), "unsure", why)
    return _said(_("below target") if kpi.better is Better.HIGHER else _("above target"), "bad")


def is_missed(reading: Reading, target: Goal) -> bool:
    """Whether the target was missed by more than is tolerated, within chance or beyond it."""
    judged = verdict(reading, target)
    return judged is not None and judged.tone in ("bad", "unsure")


def key_to(verdicts: Iterable[Verdict | None]) -> list[Mark]:
    """What the icons among these verdicts say, each once, the gravest first."""
    tones = {one.tone for one in verdicts if one}
    return [Mark(tone, ICONS[tone], SIGNS[tone], str(MEANINGS[tone])) for tone in ICONS if tone in tones]


def _said(word: str, tone: str, why: str = "") -> Verdict:
    return Verdict(word, ICONS[tone], tone, why)
