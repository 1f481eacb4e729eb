"""`python -m bench --size 1000000`"""

from __future__ import annotations

import argparse
import os
from importlib import import_module
from pathlib import Path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=1_000_000, help="contacts; default 1000000")
    size = parser.parse_args().size
    if size < 1_000:
        parser.error("--size: give at least 1000 contacts; fewer say nothing.")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "callcenter.settings")
    # What is measured is the product, not its log.
    os.environ["LOG_LEVEL"] = "ERROR"
    # Pages are answered by a process in the state of the server's.
    import_module("callcenter.wsgi")
    _run(size)


def _run(size: int) -> None:
    """Everything, in one database, in this order: each part finds what the one before it made."""
    from bench.database import own_database
    from bench.table import Table

    with own_database() as folder:
        table = Table(f"{size:,} contacts, {os.cpu_count()} cores. Ratios hold within this run only.")
        table.open()
        _importing(table, folder, size)
        _computing(table, folder, size)
        _pages(table)
        _exporting(table, folder)
    with own_database():
        _demo_pages(table)
    table.close()


def _importing(table, folder: Path, size: int) -> None:
    from bench import centre, importing
    from bench.meter import measured

    centre.make_centre(size)
    source, rows = folder / "contacts.csv", folder / "rows.csv"
    measured(centre.write_contacts, source, size)
    ours = table.product("import of a CSV file", measured(importing.import_csv, source))
    measured(importing.save_rows, rows)
    bare = table.row("bare COPY of the same rows into the same table", measured(importing.copy_rows, rows))
    table.ratio("import against bare COPY", ours, bare, "aim: at most 2")
    rows.unlink()
    again = table.product("the same file again, nothing new", measured(importing.import_csv, source))
    table.ratio("the same file again against bare COPY", again, bare, "no aim")
    source.unlink()
    measured(importing.settle)


def _computing(table, folder: Path, size: int) -> None:
    from bench import computing, exporting, frames
    from bench.database import execute, uri
    from bench.importing import settle
    from bench.meter import measured

    cost = measured(computing.rebuild)
    ours = table.product(f"full rebuild, {cost.answer} days", cost)
    measured(settle)
    parquet = folder / "contacts.parquet"
    table.product("export as Parquet", measured(exporting.write_parquet, parquet))
    figures = tuple(map(int, execute(computing.FIGURES)[0]))
    if frames.fits_into_memory(size):
        _compare(
            table, "pandas from read_sql", measured(frames.by_pandas, uri()), ours, figures, "at least 3 times faster"
        )
    else:
        table.note("not by pandas: as many rows do not fit into the memory of this machine")
    _compare(table, "DuckDB over Parquet", measured(frames.by_duckdb, parquet), ours, figures, "at most 2")

    _computing_a_day(table)


def _compare(table, means: str, theirs, ours, figures: tuple[int, ...], aim: str) -> None:
    spent = table.row(f"the same by {means}", theirs)
    table.ratio(f"rebuild against {means}", ours, spent, f"aim: {aim}")
    assert figures == theirs.answer, (figures, theirs.answer)


def _computing_a_day(table) -> None:
    from bench import computing
    from bench.centre import LAST_DAY
    from bench.meter import measured

    grouped = measured(computing.bare_group_by, LAST_DAY)
    bare = table.row(
        "one bare GROUP BY of all tallies over the busiest day", grouped, grouped.answer, times=computing.TIMES
    )
    fewer = measured(computing.barest_group_by, LAST_DAY)
    barest = table.row("one of half the sums, on all cores", fewer, fewer.answer, times=computing.TIMES)
    rolled = measured(computing.both_rollups, LAST_DAY)
    ours = table.product("roll-ups of that day", rolled, rolled.answer, times=computing.TIMES)
    table.ratio("a day's roll-ups against bare GROUP BY", ours, bare, "aim: at most 2")
    table.ratio("the same against half the sums on all cores", ours, barest, "no aim")
    cost = measured(computing.nightly_run, LAST_DAY)
    ours = table.product(f"nightly run after that day changed, {cost.answer} days", cost)
    table.ratio("nightly run against bare GROUP BY", ours, bare, "no aim")


def _pages(table) -> None:
    from bench import pages
    from bench.meter import measured

    for name, address, days in (
        ("team page of 90 days", pages.team_page(), 90),
        ("centre page of a year", pages.centre_page(), 365),
    ):
        cost = measured(pages.latency, address, days)
        page = table.page(name, cost)
        print(f"  → {name}: p95 {cost.answer.p95:.3f} s (aim: under 0.15 s)")
        asked = pages.questions(address, days)
        cost = measured(pages.from_rollups, asked)
        figures = table.product("  its figures from roll-ups alone", cost, cost.answer, times=pages.TIMES_OF_FIGURES)
        cost = measured(pages.from_raw_rows, asked)
        raw = table.row("  the same figures from raw rows", cost, cost.answer, times=pages.TIMES_OF_FIGURES)
        table.ratio("figures: roll-ups against raw rows", figures, raw, "aim: at least 50 times faster")
        table.ratio("whole page against raw rows", page, raw, "no aim")


def _demo_pages(table) -> None:
    """The pages that the aim of 0.15 s speaks of: a centre of sixty agents over a year."""
    from bench import demo, pages
    from bench.meter import measured

    measured(demo.load)
    print("\nThe demo centre's pages (aim: p95 under 0.15 s)\n")
    for who, name, address in demo.pages():
        latency = pages.latency_of(pages.reader(address, username=who))
        line = f"{who}: {name}"
        print(f"{line:<40}{latency.queries:>4} queries   p50 {latency.p50:.3f} s   p95 {latency.p95:.3f} s", flush=True)


def _exporting(table, folder: Path) -> None:
    from bench import exporting
    from bench.meter import measured

    cost = measured(exporting.export_contacts, folder / "contacts.csv")
    ours = table.product(f"API: {cost.answer:,} contacts as CSV", cost)
    bare = table.row("bare COPY TO of the table", measured(exporting.copy_contacts, folder / "copied.csv"))
    table.ratio("contacts as CSV against COPY TO", ours, bare, "no aim")
    cost = measured(exporting.export_readings, folder / "readings.csv")
    table.product(f"API: {cost.answer:,} readings by day and agent as CSV", cost)


if __name__ == "__main__":
    main()
