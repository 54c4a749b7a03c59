"""Steps 12 and 13 of the main line: the month's figures within seconds, and a release without a name in it."""

from __future__ import annotations

import csv
import io
import os
import re
import subprocess
import sys
import zipfile
from decimal import Decimal

from script.support.line_scheme import at, by, prison, today
from script.support.state import ROOT
from script.support.walk import Answer, Walker

SHOWN = ("OP-02", "OP-04a", "OP-07", "OP-08a", "OP-22", "BS-01")


def figures(walker: Walker) -> None:
    """Step 12. The month's figures change within seconds, and equal a fresh count from the rows."""
    lead = by(walker, "LEAD")

    def month() -> Answer:
        return lead.get(at(walker, "figures/"))

    walker.eventually(lambda: _figure(month(), "OP-08a") == "1", "The visit that was not unlocked is not counted.", 40)
    walker.eventually(lambda: _figure(month(), "OP-02") == "2", "The two buddies are not counted.", 40)
    shown = month().must_say(*SHOWN, "What stands out", f"{today():%B %Y}")
    lead.get(shown.link("Active buddies")).must_say("What this counts", "The numbers and the method", "By group")
    month()
    walker.tell(f"two buddies, one visit not unlocked, days of unmet care: {_figure(lead.here, 'BS-01')}")
    silent = walker.as_role("LEAD", prison="ZAE").get("/prisons/ZAE/figures/")
    silent.must_say("No return")
    walker.tell("a prison that records nothing has “No return”, never nought")
    verify(walker)


def _figure(page: Answer, measure: str) -> str:
    """The figure that stands after a measure's code."""
    found = re.search(rf"{measure} (\S+)", page.page.words)
    return found[1] if found else ""


def verify(walker: Walker) -> None:
    """`manage.py rollup --verify` compares every stored figure with a fresh count."""
    environment = walker.notes.get("environment") or os.environ
    if "DATABASE_URL" not in environment:
        walker.tell("not compared with a fresh count here: the walk does not know the site's database")
        return
    command = [sys.executable, str(ROOT / "manage.py"), "rollup", "--verify"]
    done = subprocess.run(
        command, env=dict(environment), capture_output=True, text=True, timeout=300, check=False, cwd=ROOT
    )
    walker.expect(done.returncode == 0, f"rollup --verify ended with {done.returncode}: {done.stderr[-900:]}")
    walker.tell(done.stdout.strip().splitlines()[-1])


def release(walker: Walker) -> None:
    """Step 13. The national lead publishes a quarter; the inspector reads it: protected, and no name in it."""
    national = walker.as_role("NATIONAL_LEAD")
    national.get("/national/releases/")
    published = {link.text for link in national.here.page.links}
    national.get("/national/releases/publish/")
    form = national.here.form("quarter")
    free = [value for value, label in form.choices("quarter").items() if not any(label in text for text in published)]
    national.send(form, {"quarter": free[0], "note": "Published by the main line."})
    asked = national.here.path
    walker.eventually(
        lambda: "is published" in national.get(asked).page.words,
        "The release that was asked for is not published.",
        120,
    )
    walker.tell(f"the quarter {free[0]} is published")
    inspector = walker.as_role("INSPECTOR")
    inspector.get("/national/releases/")
    inspector.get(
        next(
            link.address
            for link in inspector.here.page.links
            if "/national/releases/" in link.address and len(link.address) > len("/national/releases/")
        )
    )
    national_page = inspector.here.must_say("Too few to show", "rounded to the nearest 5")
    one = next(link.address for link in national_page.page.links if link.address.endswith("/prisons/ZAA/"))
    file = inspector.get(national_page.link("Download these figures"))
    walker.expect("zip" in file.headers.get("Content-Type", ""), "The download is no ZIP file.")
    with zipfile.ZipFile(io.BytesIO(file.body)) as archive:
        figures_file = archive.read("figures.csv").decode("utf-8-sig")
    check_file(walker, figures_file)
    page = inspector.get(one)
    names = names_of(walker)
    for where, text in ((national_page.path, national_page.text), (page.path, page.text), (file.path, figures_file)):
        found = sorted(name for name in names if re.search(rf"\b{re.escape(name)}\b", text))
        walker.expect(not found, f"{where} names people: {found[:3]}")
    walker.expect(
        inspector.get("/prisons/ZAA/", status=None).status in (403, 404), "The inspector sees the prison's own pages."
    )
    walker.tell(f"national page, prison page and CSV hold none of {len(names)} names and numbers")


def check_file(walker: Walker, text: str) -> None:
    """Counts are hidden under ten and rounded to five."""
    rows = list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))
    walker.expect(len(rows) > 50, f"The file has {len(rows)} rows.")
    for row in rows:
        if row["value"] and not row["numerator"]:
            value = Decimal(row["value"])
            walker.expect(value >= 10 and value % 5 == 0, f"{row['prison']} {row['measure']} is published as {value}.")
    walker.tell(f"{len(rows)} rows in the file: every count is 10 or more and a multiple of 5, or withheld")


def names_of(walker: Walker) -> set[str]:
    """Last names and prison numbers of people at two prisons."""
    found: set[str] = set()
    for code in ("ZAA", prison(walker)):
        page = walker.as_role("LEAD", prison=code).get(f"/prisons/{code}/people/")
        found |= set(re.findall(r"\bZ\d{4}Z[A-Z]\b", page.text))
        found |= {link.text.partition(",")[0] for link in page.page.links if "," in link.text}
    walker.expect(len(found) > 20, "The people's pages show too few names to look for.")
    return found
