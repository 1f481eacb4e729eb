"""A site's clock over whole arrays of instants. Instants are whole seconds since 1970 in UTC."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np

HOUR = 3600
DAY = 86_400
EPOCH = dt.date(1970, 1, 1)


def day_number(day: dt.date) -> int:
    """Days since 1970."""
    return (day - EPOCH).days


class Clock:
    """Converts between UTC and a zone whose offset changes on full UTC hours, as everywhere the demo has a site."""

    def __init__(self, time_zone: str, *, start: dt.date, end: dt.date) -> None:
        """``start`` and ``end``: the days between which instants will be asked for."""
        self.base = day_number(start) * DAY
        zone = ZoneInfo(time_zone)
        hours = range(self.base, (day_number(end) + 1) * DAY, HOUR)
        self.offsets = np.array(
            [int(dt.datetime.fromtimestamp(hour, tz=zone).utcoffset().total_seconds()) for hour in hours]  # type: ignore[union-attr]
        )

    def _offset(self, utc: np.ndarray) -> np.ndarray:
        return self.offsets[np.clip((utc - self.base) // HOUR, 0, len(self.offsets) - 1)]

    def local(self, utc: np.ndarray) -> np.ndarray:
        """What the clock on the wall shows, as seconds since its own 1970."""
        return utc + self._offset(utc)

    def utc(self, local: np.ndarray) -> np.ndarray:
        """The instant of a time on the wall; a time that the clocks skip becomes the hour after."""
        return local - self._offset(local - self._offset(local))

    def day(self, utc: np.ndarray) -> np.ndarray:
        """The business day, as days since 1970."""
        return self.local(utc) // DAY

    def slot(self, utc: np.ndarray) -> np.ndarray:
        """The half-hour of the business day, 0 to 47."""
        return self.local(utc) % DAY // 1800
