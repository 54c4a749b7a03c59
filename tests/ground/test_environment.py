"""Production refuses to start when it would not be safe; each refusal is a sentence."""

from __future__ import annotations

import os

import psycopg2
import pytest
from django.core.exceptions import ImproperlyConfigured

from buddyscheme import environment

SAFE = {
    "SECRET_KEY": "q7Vw1nZk0pXy9tRb3mLc8sDf6gHj2aQe",
    "ALLOWED_HOSTS": "buddy.example.gov.uk",
    "DATABASE_URL": "postgresql://app:pw@db.example/buddy?sslmode=verify-full",
}


@pytest.mark.parametrize(
    "secret", ["", "short", "change-me-change-me-change-me-change-me", "django-insecure-0123456789012345678901234567"]
)
def test_a_default_or_short_secret_is_refused(secret: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY"):
        environment.secret({"SECRET_KEY": secret}, "SECRET_KEY")


def test_a_random_secret_is_taken() -> None:
    assert environment.secret(SAFE, "SECRET_KEY") == SAFE["SECRET_KEY"]


@pytest.mark.parametrize("hosts", ["", "*", ".gov.uk", "a.gov.uk,*"])
def test_missing_and_wildcard_hosts_are_refused(hosts: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="ALLOWED_HOSTS"):
        environment.hosts({"ALLOWED_HOSTS": hosts})


@pytest.mark.parametrize("suffix", ["", "?sslmode=require", "?sslmode=disable", "?sslmode=verify-ca"])
def test_an_unverified_database_connection_is_refused(suffix: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="not verified"):
        environment.database({"DATABASE_URL": f"postgresql://app:pw@db.example/buddy{suffix}"})


@pytest.mark.parametrize(
    ("url", "more"),
    [
        ("postgresql://app:pw@db.example/buddy?sslmode=verify-full", {}),
        ("postgresql:///buddy?host=/var/run/postgresql", {}),
        ("postgresql://app:pw@db/buddy", {"DATABASE_TLS": "internal"}),
    ],
)
def test_a_verified_connection_a_socket_or_a_named_network_is_taken(url: str, more: dict[str, str]) -> None:
    assert environment.database({"DATABASE_URL": url, **more})["NAME"] == "buddy"


def test_another_database_than_postgresql_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="PostgreSQL only"):
        environment.database({"DATABASE_URL": "sqlite:///x", "BUDDY_MODE": "demo"})


def test_the_mode_is_production_unless_said_otherwise() -> None:
    assert environment.mode({}) == "production"
    with pytest.raises(ImproperlyConfigured, match="BUDDY_MODE"):
        environment.mode({"BUDDY_MODE": "development"})


def test_debug_is_off_in_every_mode() -> None:
    from django.conf import settings

    assert settings.DEBUG is False


def test_misuse_42_no_statement_or_lock_of_the_application_holds_a_page_for_long() -> None:
    """As the database itself says to a connection of the application's own login. Migrations by the owner may last."""
    application = {"BUDDY_MODE": "demo", "DATABASE_URL": os.environ["DATABASE_URL"]}
    given = environment.database(application)
    names = {"HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password", "NAME": "dbname"}
    parameters = {name: given[key] for key, name in names.items()}
    connection = psycopg2.connect(**parameters, **given["OPTIONS"])
    try:
        with connection.cursor() as cursor:
            limits = {}
            for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
                cursor.execute(f"SHOW {name}")
                limits[name] = cursor.fetchone()[0]
    finally:
        connection.close()
    assert limits == {
        "statement_timeout": "30s",
        "lock_timeout": "5s",
        "idle_in_transaction_session_timeout": "1min",
    }
    production = {"BUDDY_MODE": "production", "DATABASE_URL": SAFE["DATABASE_URL"]}
    assert environment.database(production)["OPTIONS"]["options"] == given["OPTIONS"]["options"]
