"""Charts as server-side SVG: no script, themed by CSS classes, a data table under each.

Text keeps its size at any width: bars and labels sit at percentages, curves are drawn in a stretched inner
svg. Nothing uses a style attribute, nothing has an id, so a chart may stand on a page twice.
"""

from ui.charts.bars import bars, stacked
from ui.charts.bullet import Target, bullet
from ui.charts.figure import Series
from ui.charts.funnel import Stage, funnel
from ui.charts.heat import heat
from ui.charts.histogram import Bin, Mark, histogram
from ui.charts.lines import lines
from ui.charts.sankey import Node, sankey
from ui.charts.spans import spans
from ui.charts.spark import sparkline
from ui.charts.units import DURATION, NUMBER, PERCENT, TIMES, Unit, money

__all__ = [
    "DURATION",
    "NUMBER",
    "PERCENT",
    "TIMES",
    "Bin",
    "Mark",
    "Node",
    "Series",
    "Stage",
    "Target",
    "Unit",
    "bars",
    "bullet",
    "funnel",
    "heat",
    "histogram",
    "lines",
    "money",
    "sankey",
    "spans",
    "sparkline",
    "stacked",
]
