"""Take the pictures of docs/images again, in conversations with the real assistant: `make screenshots`."""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from visitors import ROOT, RealHost, chromium, send, sign_in, visit

IMAGES = ROOT / "docs" / "images"
EMERGENCY = "on ocrevus since march, neuts 0.8, temp 38.4"
FLUSHING = "I take Tecfidera and my face goes red and hot after each tablet"
PICTURES = {  # file: what was said, width, height, look
    "chat": ([EMERGENCY], 1000, 900, {}),
    "start_320": ([], 320, 640, {}),
    "question_768": ([FLUSHING], 768, 900, {}),
    "advice_320_dark": ([FLUSHING, "no", "no"], 320, 800, {"color_scheme": "dark"}),
    "told_768_forced_colours": ([EMERGENCY, "what did you understand?"], 768, 900, {"forced_colors": "active"}),
    "summary_1280": ([EMERGENCY, "summary"], 1280, 900, {}),
}


OCREVUS = "on ocrevus since march, neuts 0.8"
STAFF_PICTURES = {  # file: what is done, width, height, look
    "staff_try": (lambda page: _try(page, ["Tecfidera", "red and hot face half an hour after the tablet"]), 1280, 900, {}),
    "staff_story": (lambda page: page.get_by_role("link", name="Save as story").click(), 1280, 1000, {}),
    "staff_why": (lambda page: _try(page, [EMERGENCY], unfold="Part by part"), 1280, 1000, {}),
    "staff_content": (lambda page: page.get_by_role("link", name="Content").click(), 1280, 900, {}),
    "staff_rule": (lambda page: page.goto(_here(page, "rule/alemtuzumab_itp.same_day")), 1280, 900, {}),
    "staff_run": (lambda page: _run(page), 1280, 900, {}),
    "staff_try_320_dark": (lambda page: _try(page, [OCREVUS]), 320, 900, {"color_scheme": "dark"}),
}


def _here(page: Page, path: str) -> str:
    return page.url.split("/staff/")[0] + f"/staff/{path}"


def _try(page: Page, said: list[str], unfold: str = "") -> None:
    page.goto(_here(page, "try/"))
    again = page.get_by_role("button", name="Start again")
    if again.count():
        again.click()
    for text in said:
        page.get_by_label("Message").fill(text)
        page.get_by_role("button", name="Send", exact=True).click()
        page.wait_for_load_state()
    if unfold:
        page.get_by_text(unfold).filter(visible=True).first.click()


def _run(page: Page) -> None:
    page.goto(_here(page, "run/"))
    page.get_by_role("button", name="Run", exact=True).click()
    page.locator(".verdict").wait_for(timeout=240_000)


def main() -> None:
    """Start a host of its own, visit it once per picture, and stop it."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        host = RealHost(Path(folder))
        host.start()
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        try:
            for name, (said, width, height, look) in PICTURES.items():
                size = {"width": width, "height": height}
                page = visit(host, browser.new_context(viewport=size, reduced_motion="reduce", **look))
                for text in said:
                    send(page, text)
                page.wait_for_timeout(300)
                page.screenshot(path=IMAGES / f"{name}.png")
            _take_staff_pictures(host, browser)
        finally:
            browser.close()
            host.kill()


def _take_staff_pictures(host: RealHost, browser: Browser) -> None:
    state = sign_in(host, browser.new_context()).context.storage_state()
    for name, (act, width, height, look) in STAFF_PICTURES.items():
        visitor = browser.new_context(viewport={"width": width, "height": height}, storage_state=state, reduced_motion="reduce", **look)
        page = visitor.new_page()
        page.goto(f"{host.staff}/try/")
        act(page)
        page.wait_for_load_state()
        page.wait_for_timeout(300)
        page.screenshot(path=IMAGES / f"{name}.png")


if __name__ == "__main__":
    main()
