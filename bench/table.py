"""What the benchmark prints."""

from __future__ import annotations

from dataclasses import dataclass

from bench.meter import Cost
from bench.pages import Latency

MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Spent:
    """Seconds by the clock, and of processors where these are known."""

    seconds: float
    processor: float | None = None


@dataclass
class Table:
    """Rows as they come; the ratio is of the product to what it is compared with."""

    title: str
    worst_memory: int = 0

    def open(self) -> None:
        print(f"\n{self.title}\n")
        print(f"{'step':<58}{'seconds':>10}{'processor':>11}{'Python MB':>11}{'database MB':>13}")

    def row(self, name: str, cost: Cost, seconds: float | None = None, *, times: int = 0) -> Spent:
        """One step; ``seconds`` where the step itself says what counts, as the middle of so many ``times``."""
        spent = Spent(cost.seconds, cost.processor)
        if seconds is not None:
            spent = Spent(seconds, cost.processor / times if times else None)
        processor = "" if spent.processor is None else f"{spent.processor:.2f}"
        memory = f"{cost.python / MEGABYTE:>11.0f}{cost.database / MEGABYTE:>13.0f}"
        print(f"{name:<58}{spent.seconds:>10.3f}{processor:>11}{memory}", flush=True)
        return spent

    def product(self, name: str, cost: Cost, seconds: float | None = None, *, times: int = 0) -> Spent:
        """A step of the product itself: its memory counts."""
        self.worst_memory = max(self.worst_memory, cost.python, cost.database)
        return self.row(name, cost, seconds, times=times)

    def page(self, name: str, cost: Cost) -> Spent:
        """A page, with its queries. Returns the median."""
        latency: Latency = cost.answer
        median = self.product(f"{name}: p50 of {latency.queries} queries", cost, latency.p50)
        self.product(f"{name}: p95", cost, latency.p95)
        return median

    def ratio(self, name: str, ours: Spent, theirs: Spent, aim: str) -> None:
        """How the product compares, by the clock and, where others may disturb that, by processor time."""
        words = _relation(ours.seconds / theirs.seconds)
        if ours.processor and theirs.processor:
            words += f"; by processor time {_relation(ours.processor / theirs.processor)}"
        print(f"  → {name}: {words} ({aim})", flush=True)

    def note(self, sentence: str) -> None:
        """What was not measured, and why."""
        print(f"  → {sentence}", flush=True)

    def close(self) -> None:
        print(f"\n  → largest process of the product: {self.worst_memory / MEGABYTE:.0f} MB (aim: at most 500)")


def _relation(relation: float) -> str:
    return f"{relation:.2f} times the time" if relation >= 1 else f"{1 / relation:.1f} times faster"
