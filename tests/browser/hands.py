"""What people do on a page: write, choose, press and wait for the answer."""

from __future__ import annotations

from datetime import date

from tests.browser.conftest import Reader


def write(window: Reader, label: str, words: str) -> None:
    """Fill the field."""
    window.page.get_by_label(label).first.fill(words)


def pick(window: Reader, label: str, answer: str) -> None:
    """Pick from the list the line that begins so."""
    field = window.page.get_by_label(label, exact=True).first
    lines = [line for line in field.locator("option").all_inner_texts() if line.startswith(answer)]
    assert len(lines) == 1, f"{len(lines)} lines begin with {answer!r}"
    field.select_option(label=lines[0])


def choose(window: Reader, question: str, *answers: str) -> None:
    """Mark the answers to the question."""
    group = window.page.get_by_role("group", name=question)
    for answer in answers:
        group.get_by_label(answer, exact=True).check()


def choose_day(window: Reader, question: str, day: date) -> None:
    """Fill day, month and year."""
    group = window.page.get_by_role("group", name=question)
    for part, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        group.get_by_label(part, exact=True).fill(str(value))


def send(window: Reader, button: str) -> None:
    """Press the button, and wait for the answer."""
    with window.page.expect_navigation():
        window.page.get_by_role("button", name=button, exact=True).first.click()


def follow(window: Reader, link: str) -> None:
    """Press the link, and wait for its page."""
    with window.page.expect_navigation():
        window.page.locator("main").get_by_role("link", name=link).or_(
            window.page.locator("main").get_by_role("button", name=link)
        ).first.click()


def tap(machine: Reader, words: str) -> None:
    """One tap on the big button that says so, and its screen."""
    before = machine.page.url
    machine.page.locator(".tap", has_text=words).first.click()
    machine.page.wait_for_function("before => location.href !== before", arg=before)
    machine.page.wait_for_load_state()


def mark(machine: Reader, words: str) -> None:
    """One tap on an answer of which there may be several; the screen stays."""
    machine.page.locator(".tap", has_text=words).first.click()
