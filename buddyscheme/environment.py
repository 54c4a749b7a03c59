"""Reading settings from the environment, and refusing to start when production is not safe.

Pure: takes a mapping, returns values or raises `ImproperlyConfigured` with a sentence that says what to do.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

PRODUCTION, DEMO, TEST = "production", "demo", "test"
# Secrets that stand in examples or were generated for tests; never good enough for production.
KNOWN_SECRETS = ("change-me", "changeme", "secret", "test-secret", "django-insecure")
SHORTEST_SECRET = 32


def mode(env: Mapping[str, str]) -> str:
    """`production` unless BUDDY_MODE says `demo` or `test`."""
    value = env.get("BUDDY_MODE", PRODUCTION)
    if value not in (PRODUCTION, DEMO, TEST):
        raise ImproperlyConfigured(f"BUDDY_MODE is {value!r}. Set it to production, demo or test.")
    return value


def flag(env: Mapping[str, str], name: str, *, default: bool = False) -> bool:
    """True for 1, true, yes and on, whatever the case."""
    value = env.get(name, "")
    return value.lower() in ("1", "true", "yes", "on") if value else default


def listed(env: Mapping[str, str], name: str) -> list[str]:
    """The comma-separated values of one variable, without blanks."""
    return [part.strip() for part in env.get(name, "").split(",") if part.strip()]


def secret(env: Mapping[str, str], name: str) -> str:
    """A secret from the environment; only tests have one of their own."""
    value = env.get(name, "")
    if mode(env) == TEST:
        return value or f"only-for-tests-{name.lower()}-0123456789abcdef0123456789"
    if not value:
        raise ImproperlyConfigured(
            f"{name} is not set. Set it to a random text of {SHORTEST_SECRET} characters or more."
        )
    if mode(env) == PRODUCTION and (
        len(value) < SHORTEST_SECRET or any(known in value.lower() for known in KNOWN_SECRETS)
    ):
        raise ImproperlyConfigured(
            f"{name} is a default or too short. Set it to a random text of {SHORTEST_SECRET} characters or more."
        )
    return value


def whole(env: Mapping[str, str], name: str, *, default: int, least: int, most: int) -> int:
    """A whole number within bounds."""
    value = env.get(name, "") or str(default)
    if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
        raise ImproperlyConfigured(f"{name} is {value!r}. Set it to a whole number from {least} to {most}.")
    return int(value)


def hosts(env: Mapping[str, str]) -> list[str]:
    """The host names that this process answers to; a wildcard is refused in production."""
    names = listed(env, "ALLOWED_HOSTS")
    if mode(env) != PRODUCTION:
        return [*names, "localhost", "127.0.0.1", "[::1]", "testserver"]
    if not names:
        raise ImproperlyConfigured(
            "ALLOWED_HOSTS is not set. Set it to the host names of the service, with commas between."
        )
    if any("*" in name or name.startswith(".") for name in names):
        raise ImproperlyConfigured("ALLOWED_HOSTS has a wildcard. Name each host.")
    return names


def database(env: Mapping[str, str]) -> dict[str, Any]:
    """Django's settings for the one database, from DATABASE_URL or (owner) DATABASE_OWNER_URL."""
    as_owner = flag(env, "BUDDY_DB_AS_OWNER") or mode(env) == TEST
    name = "DATABASE_OWNER_URL" if as_owner and env.get("DATABASE_OWNER_URL") else "DATABASE_URL"
    url = env.get(name, "")
    if not url:
        raise ImproperlyConfigured(f"{name} is not set. Set it to postgresql://user:password@host:5432/name.")
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ImproperlyConfigured(f"{name} must start with postgresql://. This service runs on PostgreSQL only.")
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    host = unquote(options.pop("host", "") or parts.hostname or "")
    if mode(env) == PRODUCTION:
        _refuse_unverified(env, host, options)
    options.setdefault("application_name", "buddyscheme")
    # Short locks and statements: a stuck one must not take the wing's terminal with it. Migrations and
    # imports by the owner may take longer.
    if not as_owner:
        options["options"] = "-c lock_timeout=5s -c statement_timeout=30s -c idle_in_transaction_session_timeout=60s"
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
        "TEST": {"NAME": "test_" + env.get("BUDDY_TEST_DB", "buddyscheme")},
    }


def _refuse_unverified(env: Mapping[str, str], host: str, options: Mapping[str, Any]) -> None:
    """Verified TLS, a Unix socket, or a network that the operator names as internal; nothing else."""
    socket = host == "" or host.startswith("/")
    verified = options.get("sslmode") == "verify-full"
    internal = env.get("DATABASE_TLS") == "internal"
    if not (socket or verified or internal):
        raise ImproperlyConfigured(
            "The database connection is not verified. Add ?sslmode=verify-full to the address, use a Unix socket, "
            "or set DATABASE_TLS=internal if the network between is your own."
        )
