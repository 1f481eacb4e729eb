"""The figures of the rebuild by other means: pandas from read_sql, and DuckDB over Parquet.

Both compute what the rebuild keeps of contacts: every tally by half-hour and by agent, the histograms of wait and
handle time, and repeat contacts within seven days. They return the sums that must agree with the roll-ups. What they
are spared: thresholds that change with queue and day, transactions, and writing the result.
"""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from bench.centre import LAST_DAY
from kpis.histogram import EDGES

WEEK = 7
# What is offered counts for the team that owns the queue: whose it is follows from the queue.
OFFERED_BY = ["day", "slot", "queue", "channel"]
HANDLED_BY = ["answered_day", "answered_slot", "queue", "channel", "team"]
AGENT_BY = ["answered_day", "agent", "queue", "channel", "team"]
# Which histogram is kept by what; the half-hours share the one of their day.
HISTOGRAMS = (
    ("wait_seconds", ["day", "queue", "channel"]),
    ("handle", ["answered_day", "queue", "channel", "team"]),
    ("handle", AGENT_BY),
)
LIVE, WRITTEN = ("voice", "chat", "callback"), ("email", "ticket")
COLUMNS = """day, slot, answered_day, answered_slot, queue_id AS queue, channel, team_id AS team, agent_id AS agent,
    reason_id AS reason, customer, outcome, offered_at, wait_seconds::float, talk_seconds::float, hold_seconds::float,
    wrap_seconds::float, is_transferred, is_resolved, sale_amount::float, cost::float"""

# What a contact takes in pandas while it is fetched, sorted and copied.
BYTES_A_CONTACT = 2_500

Sums = tuple[int, int, int, int]


def fits_into_memory(size: int) -> bool:
    """Whether pandas can hold as many contacts on this machine."""
    return size * BYTES_A_CONTACT < psutil.virtual_memory().available


def by_pandas(uri: str) -> Sums:
    """Contacts offered, answered in time, handled without a further one, and the tenths of a second of handling."""
    import pandas as pd
    import psycopg2

    with psycopg2.connect(uri) as connection:
        warnings.filterwarnings("ignore", message="pandas only supports SQLAlchemy")
        rows = pd.read_sql(f"SELECT {COLUMNS} FROM interactions_contact", connection)
    rows["handle"] = rows["talk_seconds"] + rows["hold_seconds"] + rows["wrap_seconds"]
    rows = rows.sort_values(["customer", "reason", "offered_at"])
    following = rows.groupby(["customer", "reason"])["offered_at"].shift(-1)
    rows["is_alone"] = ~(following - rows["offered_at"] <= pd.Timedelta(days=WEEK))

    offered = _offered_columns(rows).groupby([rows[key] for key in OFFERED_BY]).sum()
    rows[rows["channel"].isin(LIVE)].groupby(OFFERED_BY)["wait_seconds"].max()
    handled_rows = rows[rows["outcome"] == "answered"]
    columns = _handled_columns(handled_rows)
    columns.groupby([handled_rows[key] for key in HANDLED_BY]).sum()
    handled = columns.groupby([handled_rows[key] for key in AGENT_BY]).sum()
    for column, keys in HISTOGRAMS:
        bucket = np.searchsorted(EDGES, handled_rows[column], side="right")
        handled_rows.groupby([*(handled_rows[key] for key in keys), bucket]).size()
    alone = handled["fcr_resolved"].sum() + handled["fcr_maturing_resolved"].sum()
    return (
        int(offered["contacts_offered"].sum()),
        int(offered["answered_in_time"].sum()),
        int(alone),
        round(handled["handle_seconds"].sum() * 10),
    )


def _offered_columns(rows: Any) -> Any:
    """One column for each tally of the queue view but the longest wait."""
    import pandas as pd

    answered, abandoned = rows["outcome"] == "answered", rows["outcome"] == "abandoned"
    inbound, live, written = rows["channel"] != "outbound", rows["channel"].isin(LIVE), rows["channel"].isin(WRITTEN)
    wait = rows["wait_seconds"]
    short = abandoned & (wait <= 5)
    return pd.DataFrame(
        {
            "contacts_offered": 1,
            "contacts_answered": answered,
            "contacts_abandoned": abandoned,
            "contacts_waiting": rows["outcome"] == "waiting",
            "short_abandoned": short,
            "contacts_judged": inbound & (answered | abandoned) & ~short,
            "answered_in_time": inbound & answered & (wait <= 20),
            "offered_inbound": inbound & ~short,
            "abandoned_waiting": inbound & abandoned & ~short,
            "answered_live": answered & live,
            "wait_seconds": wait.where(answered & live),
            "wait_squared": (wait * wait).where(answered & live),
            "offered_live": live,
            "answered_written": answered & written,
            "response_seconds": wait.where(answered & written),
            "response_squared": (wait * wait).where(answered & written),
            "tickets_opened": rows["channel"] == "ticket",
        },
        index=rows.index,
    )


def _handled_columns(rows: Any) -> Any:
    """One column for each tally of the agent view."""
    import pandas as pd

    known = rows["customer"].notna() & rows["reason"].notna()
    mature = rows["day"] <= LAST_DAY - pd.Timedelta(days=WEEK)
    return pd.DataFrame(
        {
            "contacts_handled": 1,
            "handle_seconds": rows["handle"],
            "handle_squared": rows["handle"] * rows["handle"],
            "talk_seconds": rows["talk_seconds"],
            "hold_seconds": rows["hold_seconds"],
            "wrap_seconds": rows["wrap_seconds"],
            "contacts_held": rows["hold_seconds"] > 0,
            "contacts_transferred": rows["is_transferred"],
            "fcr_matured": known & mature,
            "fcr_resolved": known & mature & rows["is_alone"],
            "fcr_maturing": known & ~mature,
            "fcr_maturing_resolved": known & ~mature & rows["is_alone"],
            "fcr_without_customer": ~known,
            "coded": rows["is_resolved"].notna(),
            "coded_resolved": rows["is_resolved"].eq(True),
            "sales_contacts": (rows["channel"] == "outbound") | rows["sale_amount"].notna(),
            "sales": rows["sale_amount"] > 0,
            "sales_amount": rows["sale_amount"],
            "contact_cost": rows["cost"],
        },
        index=rows.index,
    )


INBOUND, SHORT = "channel <> 'outbound'", "outcome = 'abandoned' AND wait_seconds <= 5"
ANSWERED_LIVE = f"outcome = 'answered' AND channel IN {LIVE}"
ANSWERED_WRITTEN = f"outcome = 'answered' AND channel IN {WRITTEN}"
OFFERED_SUMS = f"""COUNT(*) AS contacts_offered, COUNT(*) FILTER (outcome = 'answered'),
    COUNT(*) FILTER (outcome = 'abandoned'), COUNT(*) FILTER (outcome = 'waiting'), COUNT(*) FILTER ({SHORT}),
    COUNT(*) FILTER ({INBOUND} AND outcome IN ('answered', 'abandoned') AND NOT ({SHORT})),
    COUNT(*) FILTER ({INBOUND} AND outcome = 'answered' AND wait_seconds <= 20) AS answered_in_time,
    COUNT(*) FILTER ({INBOUND} AND NOT ({SHORT})),
    COUNT(*) FILTER ({INBOUND} AND outcome = 'abandoned' AND NOT ({SHORT})),
    COUNT(*) FILTER ({ANSWERED_LIVE}), SUM(wait_seconds) FILTER ({ANSWERED_LIVE}),
    SUM(wait_seconds * wait_seconds) FILTER ({ANSWERED_LIVE}), COUNT(*) FILTER (channel IN {LIVE}),
    MAX(wait_seconds) FILTER (channel IN {LIVE}), COUNT(*) FILTER ({ANSWERED_WRITTEN}),
    SUM(wait_seconds) FILTER ({ANSWERED_WRITTEN}), SUM(wait_seconds * wait_seconds) FILTER ({ANSWERED_WRITTEN}),
    COUNT(*) FILTER (channel = 'ticket')"""
KNOWN, MATURE = "customer IS NOT NULL AND reason IS NOT NULL", f"day <= DATE '{LAST_DAY}' - {WEEK}"
HANDLED_SUMS = f"""COUNT(*), SUM(handle) AS handle_seconds, SUM(handle * handle), SUM(talk_seconds), SUM(hold_seconds),
    SUM(wrap_seconds), COUNT(*) FILTER (hold_seconds > 0), COUNT(*) FILTER (is_transferred),
    COUNT(*) FILTER ({KNOWN} AND {MATURE}), COUNT(*) FILTER ({KNOWN} AND {MATURE} AND is_alone) AS fcr_resolved,
    COUNT(*) FILTER ({KNOWN} AND NOT {MATURE}),
    COUNT(*) FILTER ({KNOWN} AND NOT {MATURE} AND is_alone) AS fcr_maturing_resolved,
    COUNT(*) FILTER (NOT ({KNOWN})), COUNT(is_resolved), COUNT(*) FILTER (is_resolved),
    COUNT(*) FILTER (channel = 'outbound' OR sale_amount IS NOT NULL), COUNT(*) FILTER (sale_amount > 0),
    SUM(sale_amount), SUM(cost)"""


def by_duckdb(file: Path) -> Sums:
    """The same, as far as the machine goes: no database server, columns instead of rows, all cores."""
    import duckdb

    db: Any
    with duckdb.connect(config={"threads": os.cpu_count() or 1}) as db:
        db.execute(f"""CREATE TEMP TABLE contact AS
            SELECT *, talk_seconds + hold_seconds + wrap_seconds AS handle,
                   COALESCE(LEAD(offered_at) OVER (PARTITION BY customer, reason ORDER BY offered_at)
                            > offered_at + INTERVAL {WEEK} DAY, TRUE) AS is_alone
            FROM read_parquet('{file}')""")
        db.execute(
            f"CREATE TEMP TABLE offered AS SELECT {', '.join(OFFERED_BY)}, {OFFERED_SUMS} FROM contact GROUP BY ALL"
        )
        for table, keys in (("handled", HANDLED_BY), ("by_agent", AGENT_BY)):
            db.execute(
                f"CREATE TEMP TABLE {table} AS SELECT {', '.join(keys)}, {HANDLED_SUMS} FROM contact "
                "WHERE outcome = 'answered' GROUP BY ALL"
            )
        edges = "[" + ", ".join(map(str, EDGES)) + "]"
        for column, keys in HISTOGRAMS:
            db.execute(
                f"CREATE OR REPLACE TEMP TABLE counted AS SELECT {', '.join(keys)}, "
                f"len(list_filter({edges}, lambda edge: edge <= {column})) AS bucket, COUNT(*) "
                "FROM contact WHERE outcome = 'answered' GROUP BY ALL"
            )
        offered, in_time = db.execute("SELECT SUM(contacts_offered), SUM(answered_in_time) FROM offered").fetchone()
        alone, handle = db.execute(
            "SELECT SUM(fcr_resolved + fcr_maturing_resolved), SUM(handle_seconds) FROM by_agent"
        ).fetchone()
    return int(offered), int(in_time), int(alone), round(handle * 10)
