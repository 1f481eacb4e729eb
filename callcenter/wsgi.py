"""The WSGI application that gunicorn and waitress serve."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "callcenter.settings")

application = get_wsgi_application()

# Every page's code is read now, and the collector looks at none of it again: each of its full passes over all modules
# would hold up a request for some sixty milliseconds.
assert get_resolver().url_patterns
gc.collect()
gc.freeze()
