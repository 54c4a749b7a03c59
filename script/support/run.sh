#!/bin/sh
# run.sh <environment> <module> [arguments]: find a Python, then let it do the rest.
# <environment> is demo or test (what gets installed), <module> the program of script/support that runs in it.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd -P)
without_venv=

for candidate in ${PYTHON:+"$PYTHON"} python3 python3.13 python3.12 python3.11 python3.14 python; do
    "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
    if "$candidate" -c 'import venv, ensurepip' 2>/dev/null || [ -x "$root/.venv/bin/python" ]; then
        cd -- "$root"
        unset PYTHONHOME PYTHONPATH
        exec "$candidate" -m script.support.bootstrap "$@"
    fi
    without_venv=${without_venv:-$candidate}
done

if [ -n "$without_venv" ]; then
    echo "$without_venv cannot make a virtual environment (its venv or ensurepip module is missing): on Debian or Ubuntu run apt-get install python3-venv as root, then the same command again." >&2
else
    echo "Python 3.11 or later is needed and was not found: install it (Debian: apt-get install python3 python3-venv; macOS: brew install python), or name one, for example PYTHON=/opt/python3.12/bin/python3 $0." >&2
fi
exit 1
