"""gunicorn in production. Each value may also be given on the command line or as GUNICORN_CMD_ARGS."""

import multiprocessing
import os

bind = f"0.0.0.0:{os.environ.get('PORT') or 8000}"
workers = multiprocessing.cpu_count() + 1
threads = 4
# Large uploads and exports of whole years are streamed, but take their time.
timeout = 300
graceful_timeout = 30
accesslog = "-"
