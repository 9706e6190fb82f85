"""Audit the patient page with Lighthouse in Chromium: `make lighthouse`. Needs Node.js with npm."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from visitors import Host, chromium  # noqa: E402

AT_LEAST = 95  # of 100
CATEGORIES = ("performance", "accessibility", "best-practices")


def scores(url: str, *options: str) -> dict[str, int]:
    """Return the score of each category, 0 to 100."""
    command = [str(HERE / "node_modules/.bin/lighthouse"), url, "--quiet", "--output=json", "--no-enable-error-reporting",
               f"--only-categories={','.join(CATEGORIES)}", "--chrome-flags=--headless=new --no-sandbox", *options]  # fmt: skip
    environment = {**os.environ, "CHROME_PATH": chromium() or ""}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True, timeout=300)
    report = json.loads(done.stdout)
    for audit in report["audits"].values():
        if audit["score"] is not None and audit["score"] < 0.9:
            print(f"  {audit['id']}: {audit['score']} {audit.get('displayValue', '')}")
    return {name: round(100 * report["categories"][name]["score"]) for name in CATEGORIES}


def main() -> None:
    """Audit the page as a phone and as a desktop; end with an error when a score is too low."""
    if chromium() is None:
        sys.exit("Lighthouse needs Chromium (Debian, Ubuntu: apt install chromium).")
    subprocess.run(["npm", "install", "--no-save", "--no-audit", "--no-fund", "--silent"], cwd=HERE, check=True)
    with tempfile.TemporaryDirectory() as folder:
        host = Host(Path(folder))
        host.start()
        try:
            found = {"phone": scores(host.url), "desktop": scores(host.url, "--preset=desktop")}
        finally:
            host.kill()
    for device, values in found.items():
        print(device, values)
    sys.exit(any(score < AT_LEAST for values in found.values() for score in values.values()))


if __name__ == "__main__":
    main()
