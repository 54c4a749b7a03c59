"""What the set-up command copies: all that pages name, nothing of somebody else's brand, nothing twice."""

import importlib.util
import json
import re
import sys
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

ROOT = Path(__file__).resolve().parents[2]
VENDOR = ROOT / "static" / "vendor"

spec = importlib.util.spec_from_file_location("frontend_under_test", ROOT / "script/support/frontend.py")
assert spec
assert spec.loader
frontend = importlib.util.module_from_spec(spec)
spec.loader.exec_module(frontend)


def style_sheets():
    return sorted(VENDOR.rglob("*.css"))


def test_style_sheets_name_only_what_is_there():
    for sheet in style_sheets():
        for address in re.findall(r"url\(['\"]?([^)'\"]+)", sheet.read_text(encoding="utf-8")):
            if not address.startswith("data:"):
                assert (sheet.parent / address).is_file(), (sheet, address)


def test_nothing_names_a_map_a_foreign_font_or_a_crest():
    for path in [*style_sheets(), *VENDOR.rglob("*.js")]:
        text = path.read_text(encoding="utf-8")
        assert "sourceMappingURL" not in text, path
        assert "GDS Transport" not in text, path
    names = [path.name for path in VENDOR.rglob("*") if path.is_file()]
    assert not [name for name in names if re.search(r"crest|crown|logotype|\.woff|\.map$", name)]
    assert style_sheets()


def test_templates_name_only_static_files_that_are_there():
    for template in (ROOT / "templates").rglob("*.html"):
        for name in re.findall(r"{% static ['\"]([^'\"]+)['\"]", template.read_text(encoding="utf-8")):
            assert finders.find(name), (template, name)


def test_lock_file_holds_no_address_and_pins_what_the_macros_need():
    text = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    packages = json.loads(text)["packages"]

    assert "resolved" not in text
    assert "://" not in text
    assert packages["node_modules/govuk-frontend"]["version"] == "6.3.0"
    assert packages["node_modules/@ministryofjustice/frontend"]["version"] == "11.1.0"
    assert all("integrity" in package for name, package in packages.items() if name)


@pytest.fixture
def copy_of_root(tmp_path, monkeypatch):
    """A root with the packages already fetched, and npm replaced by a counter."""
    (tmp_path / "package-lock.json").write_bytes((ROOT / "package-lock.json").read_bytes())
    (tmp_path / "node_modules").symlink_to(ROOT / "node_modules")
    calls = []
    monkeypatch.setattr(frontend, "_npm_ci", lambda root, python: calls.append(root))
    return tmp_path, calls


def test_second_run_does_nothing(copy_of_root):
    root, calls = copy_of_root

    frontend.install(root, Path(sys.executable))
    frontend.install(root, Path(sys.executable))

    assert len(calls) == 1
    assert (root / "static/vendor/govuk/govuk-frontend.min.css").is_file()


@pytest.mark.parametrize("lost", ["static/vendor/govuk/govuk-frontend.min.js", "static/vendor/stamp.json"])
def test_a_lost_file_is_put_back(copy_of_root, lost):
    root, _ = copy_of_root
    frontend.install(root, Path(sys.executable))
    (root / lost).unlink()

    frontend.install(root, Path(sys.executable))

    assert (root / lost).is_file()


def test_a_new_lock_file_is_followed(copy_of_root):
    root, calls = copy_of_root
    frontend.install(root, Path(sys.executable))
    (root / "package-lock.json").write_text("{}", encoding="utf-8")

    frontend.install(root, Path(sys.executable))

    assert len(calls) == 2


def test_an_interrupted_copy_leaves_what_was_there(copy_of_root, monkeypatch):
    root, _ = copy_of_root
    frontend.install(root, Path(sys.executable))
    (root / "package-lock.json").write_text("{}", encoding="utf-8")

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(frontend, "_copy", interrupted)
    with pytest.raises(KeyboardInterrupt):
        frontend.install(root, Path(sys.executable))

    assert (root / "static/vendor/govuk/govuk-frontend.min.css").is_file()
    assert [path.name for path in (root / "static").iterdir()] == ["vendor"]


def test_failed_npm_says_what_to_do(tmp_path, monkeypatch):
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\necho 'network is gone' >&2\nexit 1\n", encoding="utf-8")
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

    with pytest.raises(frontend.FrontendError, match=r"run the same command again(.|\n)*network is gone"):
        frontend._npm_ci(tmp_path, Path(sys.executable))
