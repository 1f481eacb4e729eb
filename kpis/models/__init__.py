"""Roll-ups, the log of the runs that write them, targets, saved views and lasting changes."""

from kpis.explore.models import SavedView
from kpis.lasting.models import LastingChange
from kpis.models.rollups import (
    CONTACT_FACTS,
    ROLLUPS,
    TICKET_FACTS,
    AgentDay,
    CentreDay,
    CentreSlot,
    QueueDay,
    QueueSlot,
    ReasonDay,
    TeamDay,
)
from kpis.models.runs import Run, RunDay
from kpis.models.targets import Target

__all__ = [
    "CONTACT_FACTS",
    "ROLLUPS",
    "TICKET_FACTS",
    "AgentDay",
    "CentreDay",
    "CentreSlot",
    "LastingChange",
    "QueueDay",
    "QueueSlot",
    "ReasonDay",
    "Run",
    "RunDay",
    "SavedView",
    "Target",
    "TeamDay",
]
