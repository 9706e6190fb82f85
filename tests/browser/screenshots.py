"""Take the pictures of docs/images again: PYTHONPATH=.:tests/browser python tests/browser/screenshots.py"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright
from visitors import ROOT, Host, send, visit

IMAGES = ROOT / "docs" / "images"
PICTURES = {  # file: what was said, width, look
    "start_768_light": ([], 768, {}),
    "today_320_light": (["same_day"], 320, {}),
    "today_768_dark": (["same_day"], 768, {"color_scheme": "dark"}),
    "emergency_1280_light": (["question", "red flag"], 1280, {}),
    "question_320_dark": (["question"], 320, {"color_scheme": "dark"}),
    "at_home_768_forced_colours": (["self_care"], 768, {"forced_colors": "active"}),
}


def main() -> None:
    """Start a host of its own, visit it once per picture, and stop it."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        host = Host(Path(folder))
        host.start()
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        try:
            for name, (said, width, look) in PICTURES.items():
                size = {"width": width, "height": 800}
                page = visit(host, browser.new_context(viewport=size, reduced_motion="reduce", **look))
                for text in said:
                    send(page, text)
                page.wait_for_timeout(300)
                page.screenshot(path=IMAGES / f"{name}.png")
        finally:
            browser.close()
            host.kill()


if __name__ == "__main__":
    main()
