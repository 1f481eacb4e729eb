"""gunicorn in production. Each value may also be given on the command line or as GUNICORN_CMD_ARGS."""

import multiprocessing
import os

from callcenter import environment

MOST_WORKERS = 16  # each thread keeps a connection, and PostgreSQL grants 100 unless told otherwise

bind = f"0.0.0.0:{os.environ.get('PORT') or 8000}"
workers = environment.number(
    "WEB_WORKERS", default=min(multiprocessing.cpu_count() + 1, MOST_WORKERS), lowest=1, highest=1000
)
threads = 4
# Large uploads and exports of whole years are streamed, but take their time.
timeout = 300
graceful_timeout = 30
accesslog = "-"
