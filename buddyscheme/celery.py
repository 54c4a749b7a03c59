"""The Celery application. Wiring only: tasks live beside what they call."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "buddyscheme.settings")

app = Celery("buddyscheme")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
