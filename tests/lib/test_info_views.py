"""Pages about the service are open to all; error pages need nothing that may itself be broken."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory
from django.urls import resolve, reverse

from buddyscheme.info import views

PAGES = ["accessibility", "privacy", "cookies"]


def a_request(**extra):
    request = RequestFactory().get("/")
    for name, value in extra.items():
        setattr(request, name, value)
    return request


@pytest.mark.parametrize("name", PAGES)
def test_page_is_open_to_everybody(name):
    view = resolve(reverse(f"info:{name}")).func

    assert view.login_required is False
    assert view(a_request()).status_code == 200


@pytest.mark.parametrize("name", PAGES)
def test_page_is_only_read(name):
    assert getattr(views, name)(RequestFactory().post("/")).status_code == 405


@pytest.mark.parametrize(
    ("view", "status"),
    [(views.bad_request, 400), (views.forbidden, 403), (views.not_found, 404), (views.server_error, 500)],
)
def test_error_pages_answer_with_their_own_status_and_without_the_database(view, status):
    # No database mark: touching it fails the test.
    response = view(a_request()) if status == 500 else view(a_request(), Exception("secret detail"))

    assert response.status_code == status
    assert b"secret detail" not in response.content


def test_an_old_form_is_explained():
    response = views.csrf_failure(a_request(request_id="abc123"), reason="cookie")

    assert response.status_code == 403
    assert b"too old to send" in response.content
    assert b"abc123" in response.content


def test_fault_shows_the_reference_of_the_request():
    assert b"abc123" in views.server_error(a_request(request_id="abc123")).content


@pytest.mark.parametrize("view", [views.bad_request, views.server_error, views.csrf_failure])
def test_pages_that_stand_alone_know_that_they_are_a_demonstration(view, settings):
    settings.DEMO = True

    assert b"demonstration with made-up people" in view(a_request()).content


def test_refusal_shows_the_rule_s_own_sentence():
    response = views.forbidden(a_request(), PermissionDenied("Only the lead may close the scheme."))

    assert "Only the lead may close the scheme." in response.content.decode()
    assert "Your role at this prison" not in response.content.decode()


def test_refusal_without_words_names_the_role():
    assert "Your role at this prison" in views.forbidden(a_request(), PermissionDenied()).content.decode()
