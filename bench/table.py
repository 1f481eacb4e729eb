"""What the benchmark prints."""

from __future__ import annotations

from dataclasses import dataclass

from bench.meter import Cost
from bench.pages import Latency

MEGABYTE = 1_000_000


@dataclass
class Table:
    """Rows as they come; the ratio is of the product to what it is compared with."""

    title: str
    worst_memory: int = 0

    def open(self) -> None:
        print(f"\n{self.title}\n")
        print(f"{'step':<58}{'seconds':>10}{'Python MB':>11}{'database MB':>13}")

    def row(self, name: str, cost: Cost, seconds: float | None = None) -> float:
        """One step; ``seconds`` where the step itself says what counts. Returns the seconds."""
        taken = cost.seconds if seconds is None else seconds
        print(f"{name:<58}{taken:>10.3f}{cost.python / MEGABYTE:>11.0f}{cost.database / MEGABYTE:>13.0f}", flush=True)
        return taken

    def product(self, name: str, cost: Cost, seconds: float | None = None) -> float:
        """A step of the product itself: its memory counts."""
        self.worst_memory = max(self.worst_memory, cost.python, cost.database)
        return self.row(name, cost, seconds)

    def page(self, name: str, cost: Cost) -> float:
        """A page, with its queries. Returns the median seconds."""
        latency: Latency = cost.answer
        self.product(f"{name}: p50 of {latency.queries} queries", cost, latency.p50)
        self.product(f"{name}: p95", cost, latency.p95)
        return latency.p50

    def ratio(self, name: str, ours: float, theirs: float, aim: str) -> None:
        """How the product compares: above 1 it takes longer."""
        relation = ours / theirs
        words = f"{relation:.2f} times the time" if relation >= 1 else f"{1 / relation:.1f} times faster"
        print(f"  → {name}: {words} ({aim})", flush=True)

    def note(self, sentence: str) -> None:
        """What was not measured, and why."""
        print(f"  → {sentence}", flush=True)

    def close(self) -> None:
        print(f"\n  → largest process of the product: {self.worst_memory / MEGABYTE:.0f} MB (aim: at most 500)")
