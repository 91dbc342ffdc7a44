"""The WSGI application."""

import gc
import os
from importlib import import_module

from django.core.wsgi import get_wsgi_application
from django.urls import resolve

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "training.settings.production")
application = get_wsgi_application()
resolve("/healthz")  # imports every view now, once before the server forks, not during each worker's first request
import_module("scipy.optimize")  # likewise: the first hand-in of each worker would wait a second for it
gc.collect()
gc.freeze()  # what is loaded by now stays: workers go on sharing its pages, and no collection walks through it again
