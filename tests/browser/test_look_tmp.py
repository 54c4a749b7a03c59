import os, pytest
from tests.browser.test_sheet_by_keyboard import *
from tests.browser.test_sheet_by_keyboard import office

OUT = "/tmp/e_look"
os.makedirs(OUT, exist_ok=True)


def test_look(office, visitor):
    w = visitor(office.officer)
    base = f"/prisons/{office.prison.code}"

    def shot(name, path, act=None, widths=(1280, 320)):
        for width in widths:
            w.page.set_viewport_size({"width": width, "height": 900})
            w.open(path)
            if act:
                act()
            w.page.screenshot(path=f"{OUT}/{name}-{width}.png", full_page=True)

    def pdf(name, path):
        w.open(path)
        w.page.pdf(path=f"{OUT}/{name}.pdf", prefer_css_page_size=True, print_background=False)

    pdf("log", f"{base}/visits/sheets/paper/{MONDAY}/")
    pdf("log-cy", f"{base}/visits/sheets/paper/{MONDAY}/?language=cy")
    pdf("spare", f"{base}/visits/sheets/spare/{office.spare.number}/{office.spare.number}/")
    for kind in ("referral", "concern", "interview"):
        w.open(f"{base}/forms/{kind}/")
        w.page.get_by_role("button", name="Make the forms").click()
        w.page.wait_for_url("**/forms/*/*/*/")
        w.page.pdf(path=f"{OUT}/{kind}.pdf", prefer_css_page_size=True)
        if kind == "referral":
            w.page.screenshot(path=f"{OUT}/referral-screen.png")
    shot("list", f"{base}/visits/sheets/")
    shot("make", f"{base}/visits/sheets/make/")
    shot("key", f"{base}/visits/sheets/key/")
    enter = f"{base}/visits/sheets/{office.sheet.token}/key/"
    shot("enter", enter)

    def wrong():
        w.page.fill("#id_how_1", "4")
        w.page.fill("#id_how_2", "3")
        w.page.fill("#id_extra_3", "x")
        w.page.get_by_role("button", name="Save the sheet").click()
        w.page.wait_for_load_state()

    shot("enter-wrong", enter, wrong)

    def differ():
        for n in (1, 2, 3):
            w.page.fill(f"#id_how_{n}", "1")
        w.page.fill("#id_done", "4")
        w.page.fill("#id_not_done", "0")
        w.page.fill("#id_minutes", "60")
        w.page.get_by_role("button", name="Save the sheet").click()
        w.page.wait_for_load_state()

    shot("enter-differ", enter, differ)
    shot(
        "spare-enter", f"{base}/visits/sheets/{office.spare.token}/key/?buddy={office.sheet.buddy.token}&week={MONDAY}"
    )
    shot("whose", f"{base}/visits/sheets/{office.spare.token}/whose/")
    shot("sheet", f"{base}/visits/sheets/{office.sheet.token}/")
    shot("spare-page", f"{base}/visits/sheets/{office.spare.token}/")
    w.page.set_viewport_size({"width": 1280, "height": 900})
    w.open(enter)
    differ2 = lambda: None
    for n in (1, 2, 3):
        w.page.fill(f"#id_how_{n}", "1")
    w.page.fill("#id_done", "3")
    w.page.fill("#id_not_done", "0")
    w.page.fill("#id_minutes", "60")
    w.page.get_by_role("button", name="Save the sheet").click()
    w.page.wait_for_url(f"**/visits/sheets/{office.sheet.token}/")
    w.page.screenshot(path=f"{OUT}/sheet-after.png", full_page=True)
    shot("buddy", f"{base}/visits/week/")
