"""Readings in, Plotly figures (plain dicts) out. Nothing here reads the database.

Colours are names of the stylesheet's custom properties ("--chart-accent"); static/src/charts.js puts in
what they stand for, so that one figure serves the light and the dark page.
"""

from kpis.charts.bars import bars
from kpis.charts.funnel import funnel
from kpis.charts.grid import grid
from kpis.charts.heatmap import heatmap
from kpis.charts.histogram import histogram
from kpis.charts.lines import lines
from kpis.charts.pareto import pareto
from kpis.charts.trend import trend
from kpis.charts.waterfall import waterfall

__all__ = ["bars", "funnel", "grid", "heatmap", "histogram", "lines", "pareto", "trend", "waterfall"]
