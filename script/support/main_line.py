"""The main line that `script/demo --check` walks: a function for each step, each standing on those before it."""

from __future__ import annotations

import json

from script.support import line_figures, line_help, line_scheme, line_visits
from script.support.walk import Step, Walker


def health(walker: Walker) -> None:
    """The health pages answer."""
    browser = walker.nobody("probe")
    for address in ("/health/live", "/health/ready"):
        answer = browser.get(address)
        walker.tell(f"{address}: {answer.status} {answer.text.strip()[:80]}")


def sign_in_page(walker: Walker) -> None:
    """Somebody who is not signed in gets the sign-in page, with its style sheets."""
    browser = walker.nobody("visitor")
    page = browser.get("/")
    page.form("login", "password")
    styles = [part.split('"')[0] for part in page.text.split('href="')[1:] if part.split('"')[0].endswith(".css")]
    walker.expect(styles, "The sign-in page names no style sheet.")
    for address in styles:
        browser.get(address)
    walker.tell(f"{page.path}: {page.page.heading}; {len(styles)} style sheets")


def everybody_signs_in(walker: Walker) -> None:
    """An account of each role signs in."""
    seen: set[str] = set()
    for account in walker.accounts:
        if account.get("password") and account["role"] not in seen:
            seen.add(account["role"])
            browser = walker.as_role(**{key: account[key] for key in ("role", "prison") if account.get(key)})
            walker.tell(f"{account['role']}: {browser.here.page.heading or json.dumps(browser.here.path)}")


STEPS: list[Step] = [
    health,
    sign_in_page,
    everybody_signs_in,
    line_scheme.open_scheme,
    line_scheme.take_over,
    line_help.refer,
    line_help.screen,
    line_help.plan,
    line_scheme.recruit,
    line_help.match,
    line_visits.unlock,
    line_visits.terminal_visits,
    line_visits.stop,
    line_visits.confirm,
    line_figures.figures,
    line_figures.release,
]
