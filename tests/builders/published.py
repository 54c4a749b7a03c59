"""Releases published as people do it: asked for on the page, made by a worker."""

from __future__ import annotations

from typing import Any

from django.test import Client

from monitoring.models import Release, ReleaseRequest
from monitoring.tasks import publish_what_waits

QUARTER, YEAR = "/national/releases/publish/", "/national/releases/publish-year/"


def publish(client: Client, address: str, said: dict[str, Any]) -> Release:
    """Send the form and let a worker make what was asked for; the release that came of it."""
    answer = client.post(address, said)
    assert answer.status_code == 302, answer.content.decode()
    publish_what_waits()
    request = ReleaseRequest.objects.select_related("release").get(token=answer["Location"].split("/")[-2])
    assert request.release is not None, request.words or request.state
    return request.release


def refused(client: Client, address: str, said: dict[str, Any]) -> str:
    """Send the form and let a worker refuse it; the words of the page that says why not."""
    answer = client.post(address, said)
    assert answer.status_code == 302, answer.content.decode()
    publish_what_waits()
    return client.get(answer["Location"]).content.decode()
