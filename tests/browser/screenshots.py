"""Take the pictures of docs/images again, in conversations with the real assistant: `make screenshots`."""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright
from visitors import ROOT, RealHost, chromium, send, visit

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
        finally:
            browser.close()
            host.kill()


if __name__ == "__main__":
    main()
