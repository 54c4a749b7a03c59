"""Settings, all from the environment. Closed by default: production unless BUDDY_MODE says otherwise."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF

from buddyscheme import environment

BASE_DIR = Path(__file__).resolve().parent.parent
ENV = os.environ
MODE = environment.mode(ENV)
PRODUCTION = MODE == environment.PRODUCTION
DEMO = MODE == environment.DEMO
TESTING = MODE == environment.TEST

SERVICE_NAME = "Buddy Scheme"
DEBUG = False
SECRET_KEY = environment.secret(ENV, "SECRET_KEY")
# Mixed into every terminal code before it is hashed, so that a stolen table cannot be searched offline.
CODE_PEPPER = environment.secret(ENV, "CODE_PEPPER")
ALLOWED_HOSTS = environment.hosts(ENV)
CSRF_TRUSTED_ORIGINS = environment.listed(ENV, "CSRF_TRUSTED_ORIGINS")
TERMINAL_HOST = ENV.get("TERMINAL_HOST", "")
# Seconds in whose whole steps the terminal answers a save; tests of anything else need not wait.
TERMINAL_SAVE_STEP = 0.0 if TESTING else 0.4
# How long a prison goes on reading its own part of the records of somebody who has left. The policies of the database
# hold it too, so a new value counts from the next migrate.
FORMER_READ_DAYS = environment.whole(ENV, "FORMER_READ_DAYS", default=365, least=30, most=3650)
ROOT_URLCONF = "buddyscheme.urls"
WSGI_APPLICATION = "buddyscheme.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "csp",
    "crispy_forms",
    "pgtrigger",
    "pghistory",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "axes",
    # Ours, lowest layer first.
    "buddyscheme.lib",
    "buddyscheme.scope",
    "buddyscheme.audit",
    "buddyscheme.outbox",
    "buddyscheme.accounts",
    "buddyscheme.health",
    "buddyscheme.info",
    "schemes",
    "training",
    "referrals",
    "monitoring",
    "buddyscheme.home",
]
if not PRODUCTION:
    INSTALLED_APPS.append("buddyscheme.demo")

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "buddyscheme.audit.middleware.RequestIdMiddleware",
    "csp.middleware.CSPMiddleware",
    "buddyscheme.scope.headers.HeadersMiddleware",
    "referrals.terminal.middleware.TerminalMiddleware",
    "buddyscheme.scope.middleware.ScopeMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "buddyscheme.accounts.middleware.SignInMiddleware",
    "buddyscheme.accounts.middleware.SecondFactorMiddleware",
    "buddyscheme.accounts.middleware.SessionAgeMiddleware",
    "buddyscheme.accounts.middleware.PrisonMiddleware",
    # Before the next one, which calls the view itself.
    "referrals.burden.BurdenMiddleware",
    "buddyscheme.scope.submissions.SubmissionMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "buddyscheme.home.context.page",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = ["govuk"]
CRISPY_TEMPLATE_PACK = "govuk"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {"default": environment.database(ENV)}
CACHES = {
    "default": {
        # Nothing lives only here: sessions, throttles and locks are in PostgreSQL.
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
    },
}

# Sign-in -----------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Terminal codes: the same Argon2id, cheap enough for hundreds of tries.
    CODE_HASH_TIME_COST, CODE_HASH_MEMORY_COST, CODE_HASH_PARALLELISM = 1, 64, 1
LOCAL_PASSWORDS = environment.flag(ENV, "LOCAL_PASSWORDS", default=not PRODUCTION)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "buddyscheme.accounts.adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "buddyscheme.accounts.adapters.SocialAccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
# By account, never by address: a whole prison shares one. Axes keeps the lasting count in PostgreSQL; this one
# slows guesses at the second factor and is kept by each process.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": "5/5m/key"}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_FORMS = {
    "login": "buddyscheme.accounts.forms.sign_in.LoginForm",
    "change_password": "buddyscheme.accounts.forms.sign_in.ChangePasswordForm",
    "reauthenticate": "buddyscheme.accounts.forms.sign_in.ReauthenticateForm",
}
MFA_FORMS = {
    "authenticate": "buddyscheme.accounts.forms.sign_in.AuthenticateForm",
    "reauthenticate": "buddyscheme.accounts.forms.sign_in.ReauthenticateCodeForm",
    "activate_totp": "buddyscheme.accounts.forms.sign_in.ActivateTOTPForm",
    "add_webauthn": "buddyscheme.accounts.forms.sign_in.AddWebAuthnForm",
    "edit_webauthn": "buddyscheme.accounts.forms.sign_in.EditWebAuthnForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = False
MFA_TOTP_ISSUER = SERVICE_NAME
MFA_ADAPTER = "buddyscheme.accounts.adapters.MfaAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": (
            [
                {
                    "provider_id": "staff",
                    "name": ENV.get("OIDC_NAME", "your work account"),
                    "client_id": ENV.get("OIDC_CLIENT_ID", ""),
                    "secret": ENV.get("OIDC_CLIENT_SECRET", ""),
                    "settings": {"server_url": ENV["OIDC_ISSUER"]},
                },
            ]
            if ENV.get("OIDC_ISSUER")
            else []
        ),
    },
}
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
AXES_LOCKOUT_PARAMETERS = ["username"]
# With allauth the name would be stored empty, and one person's failures would lock out everybody.
AXES_USERNAME_CALLABLE = "buddyscheme.accounts.adapters.axes_username"
AXES_IPWARE_PROXY_COUNT = None
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_VERBOSE = False

# Messages name people: not in a cookie.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 60 * 60
SESSION_SAVE_EVERY_REQUEST = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_ABSOLUTE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
if PRODUCTION:
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^health/"]
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    if environment.flag(ENV, "SECURE_PROXY"):
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CSRF_FAILURE_VIEW = "buddyscheme.info.views.csrf_failure"

# Headers -----------------------------------------------------------------------------------------------
X_FRAME_OPTIONS = "DENY"
# Not "no-referrer": browsers then send "Origin: null" with our own forms, and the check against forgery refuses them.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "media-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}

# Language and time -------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English"), ("cy", "Cymraeg")]
LOCALE_PATHS = [BASE_DIR / "buddyscheme" / "locale"]
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = ["buddyscheme.lib.formats"]

# Static files ------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(ENV.get("STATIC_ROOT", BASE_DIR / "staticfiles"))
STATICFILES_DIRS = [BASE_DIR / "static"]
# Sound of the terminal: the engine that speaks (a path or a name; empty: none), and the folder of recorded sentences.
SPEECH_ENGINE = ENV.get("SPEECH_ENGINE", "espeak-ng")
AUDIO_ROOT = Path(ENV.get("AUDIO_ROOT", BASE_DIR / "audio"))
STORAGES = {
    "staticfiles": {
        # The manifest store answers 404 for everything when the tests' own server runs without collectstatic.
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage",
    },
}

# In tests the files come straight from `static/`, without collectstatic.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = TESTING

# Work after the answer ---------------------------------------------------------------------------------
REDIS_URL = ENV.get("REDIS_URL", "redis://127.0.0.1:6379/0")
CELERY_BROKER_URL = REDIS_URL
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 270
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 900, "socket_timeout": 5, "socket_connect_timeout": 2}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "relay": {"task": "buddyscheme.outbox.tasks.relay", "schedule": 2.0},
    "seal-audit": {"task": "buddyscheme.audit.tasks.seal", "schedule": 30.0},
    "open-the-day": {"task": "referrals.tasks.open_the_day", "schedule": 600.0},
    "look-again-at-matches": {
        "task": "referrals.tasks.look_again_at_matches",
        "schedule": crontab(hour=2, minute=20),
    },
    "look-for-patterns": {"task": "referrals.tasks.look_for_patterns", "schedule": crontab(hour=3, minute=10)},
    "end-interim-help": {"task": "referrals.tasks.end_interim_help_everywhere", "schedule": 3600.0},
    "purge-terminal-drafts": {
        "task": "referrals.tasks.purge_terminal_drafts",
        "schedule": crontab(hour=0, minute=10),
    },
    "sweep-take-over-lists": {"task": "training.tasks.sweep_take_over_lists", "schedule": 3600.0},
    "go-on-with-imports": {"task": "schemes.tasks.go_on_with_imports", "schedule": 10.0},
    "sweep-imports": {"task": "schemes.tasks.sweep_imports", "schedule": 3600.0},
    "roll-up-today": {"task": "monitoring.tasks.roll_up_today", "schedule": 3600.0},
    "make-digests": {"task": "monitoring.tasks.make_digests", "schedule": crontab(hour=4, minute=10)},
    "sweep-reports": {"task": "monitoring.tasks.sweep_reports", "schedule": 3600.0},
    "build-extracts": {"task": "monitoring.tasks.build_extracts", "schedule": 10.0},
    "publish-releases": {"task": "monitoring.tasks.publish_what_waits", "schedule": 10.0},
    "sweep-extracts": {"task": "monitoring.tasks.sweep_extracts", "schedule": 3600.0},
    "forget-turns": {"task": "monitoring.tasks.forget_turns_of_programs", "schedule": crontab(hour=1, minute=40)},
    "look-at-figures": {"task": "monitoring.tasks.look_at_figures", "schedule": 86400.0},
}

# History of rows ---------------------------------------------------------------------------------------
PGHISTORY_APPEND_ONLY = True

# Names of our own settings that the product's rules read ----------------------------------------------
PAGE_SIZE = 25

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING" if TESTING else "INFO"},
}
if TESTING:
    # Tests ask for thousands of pages that are refused; a traceback of each costs as much as half the page.
    LOGGING["loggers"] = {"django.request": {"level": "ERROR"}}
# Axes counts by e-mail alone on purpose: behind one prison's address many people sign in.
SILENCED_SYSTEM_CHECKS = ["axes.W006"]
