"""The figures of the rebuild by other means: pandas from read_sql, and DuckDB over Parquet.

Both compute the sums by half-hour and by agent, the histograms of wait and handle time, and repeat contacts within
seven days, and return the sums that must agree with the roll-ups.
"""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from kpis.histogram import EDGES

WEEK = 7
SLOT = ["day", "slot", "queue", "channel", "team"]
AGENT = ["answered_day", "agent", "queue", "channel", "team"]
COLUMNS = """day, slot, answered_day, queue_id AS queue, channel, team_id AS team, agent_id AS agent,
    reason_id AS reason, customer, outcome, offered_at, wait_seconds::float, talk_seconds::float, hold_seconds::float,
    wrap_seconds::float, is_transferred"""


def by_pandas(uri: str) -> tuple[int, int, int]:
    """Offered, answered in time, and handled contacts without a further one."""
    import pandas as pd
    import psycopg2

    with psycopg2.connect(uri) as connection:
        warnings.filterwarnings("ignore", message="pandas only supports SQLAlchemy")
        rows = pd.read_sql(f"SELECT {COLUMNS} FROM interactions_contact", connection)
    answered = rows["outcome"] == "answered"
    rows["answered"], rows["in_time"] = answered, answered & (rows["wait_seconds"] <= 20)
    rows["abandoned"] = ~answered
    rows["short"] = ~answered & (rows["wait_seconds"] <= 5)
    rows["handle"] = rows["talk_seconds"] + rows["hold_seconds"] + rows["wrap_seconds"]
    rows["handle_squared"], rows["held"] = rows["handle"] ** 2, rows["hold_seconds"] > 0
    rows = rows.sort_values(["customer", "reason", "offered_at"])
    following = rows.groupby(["customer", "reason"])["offered_at"].shift(-1)
    rows["alone"] = answered & ~(following - rows["offered_at"] <= pd.Timedelta(days=WEEK))
    sums = ["answered", "in_time", "abandoned", "short", "wait_seconds", "talk_seconds", "hold_seconds",
            "wrap_seconds", "handle", "handle_squared", "held", "is_transferred", "alone"]  # fmt: skip
    slots = rows.groupby(SLOT)[sums].sum()
    slots["offered"] = rows.groupby(SLOT).size()
    slots["longest"] = rows.groupby(SLOT)["wait_seconds"].max()
    handled = rows[rows["answered"]]
    agents = handled.groupby(AGENT)[sums].sum()
    for column, keys in (("wait_seconds", SLOT), ("handle", SLOT), ("handle", AGENT)):
        bucket = pd.Series(np.searchsorted(EDGES, handled[column], side="right"), handled.index, name="bucket")
        handled.groupby([*(handled[key] for key in keys if key != "slot"), bucket]).size()
    return int(slots["offered"].sum()), int(slots["in_time"].sum()), int(agents["alone"].sum())


def by_duckdb(file: Path) -> tuple[int, int, int]:
    """The same, as far as the machine goes: no database server, columns instead of rows, all cores."""
    import duckdb

    sums = """COUNT(*) FILTER (outcome = 'answered') AS answered,
        COUNT(*) FILTER (outcome = 'answered' AND wait_seconds <= 20) AS in_time,
        COUNT(*) FILTER (outcome = 'abandoned') AS abandoned,
        COUNT(*) FILTER (outcome = 'abandoned' AND wait_seconds <= 5) AS short,
        SUM(wait_seconds) FILTER (outcome = 'answered'), MAX(wait_seconds), SUM(talk_seconds), SUM(hold_seconds),
        SUM(wrap_seconds), SUM(handle), SUM(handle * handle), COUNT(*) FILTER (hold_seconds > 0),
        COUNT(*) FILTER (is_transferred), COUNT(*) FILTER (outcome = 'answered' AND alone) AS alone,
        COUNT(*) AS offered"""
    edges = "[" + ", ".join(map(str, EDGES)) + "]"
    db: Any
    with duckdb.connect(config={"threads": os.cpu_count() or 1}) as db:
        db.execute(f"""CREATE TEMP TABLE contact AS
            SELECT *, talk_seconds + hold_seconds + wrap_seconds AS handle,
                   COALESCE(LEAD(offered_at) OVER (PARTITION BY customer, reason ORDER BY offered_at)
                            > offered_at + INTERVAL {WEEK} DAY, TRUE) AS alone
            FROM read_parquet('{file}')""")
        db.execute(f"CREATE TEMP TABLE slots AS SELECT {', '.join(SLOT)}, {sums} FROM contact GROUP BY ALL")
        db.execute(
            f"CREATE TEMP TABLE agents AS SELECT {', '.join(AGENT)}, {sums} FROM contact "
            "WHERE outcome = 'answered' GROUP BY ALL"
        )
        for column, keys in (("wait_seconds", SLOT), ("handle", SLOT), ("handle", AGENT)):
            kept = ", ".join(key for key in keys if key != "slot")
            db.execute(
                f"CREATE OR REPLACE TEMP TABLE counted AS SELECT {kept}, "
                f"len(list_filter({edges}, lambda edge: edge <= {column})) AS bucket, COUNT(*) "
                "FROM contact WHERE outcome = 'answered' GROUP BY ALL"
            )
        offered, in_time = db.execute("SELECT SUM(offered), SUM(in_time) FROM slots").fetchone()
        return int(offered), int(in_time), int(db.execute("SELECT SUM(alone) FROM agents").fetchone()[0])
