"""How sure a number is, what is usual, who differs, and why a value changed.

Pure functions over numbers; each names its source.
"""

from kpis.statistics.change import Change, lasting_change
from kpis.statistics.control import Band, Point, Scale, usual_range
from kpis.statistics.differences import Difference, Estimate, Shift, is_beyond_chance, is_shift_beyond_chance
from kpis.statistics.funnel import Funnel, Member, funnel
from kpis.statistics.intervals import Z_95, difference_of_shares, log_mean, scale_mean, wilson, z_among
from kpis.statistics.mix_and_rate import Effect, Ratio, mix_and_rate

__all__ = [
    "Z_95",
    "Band",
    "Change",
    "Difference",
    "Effect",
    "Estimate",
    "Funnel",
    "Member",
    "Point",
    "Ratio",
    "Scale",
    "Shift",
    "difference_of_shares",
    "funnel",
    "is_beyond_chance",
    "is_shift_beyond_chance",
    "lasting_change",
    "log_mean",
    "mix_and_rate",
    "scale_mean",
    "usual_range",
    "wilson",
    "z_among",
]
