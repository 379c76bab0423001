"""Take screenshots of twelve pages anew: `python docs/pictures/screens.py`, with Chromium installed.

They show what a reader sees first, at 1280 by 800, of a server that the script starts and stops.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = Path(__file__).resolve().parent / "pages"
#: File name without suffix -> address.
SCREENS = {
    "home": "/",
    "question-forest": "/question/treatment-effects",
    "question-bars": "/question/response-by-disease",
    "trial": "/trial/pivot-io-001",
    "cell": "/cell/treg",
    "claims": "/claim",
    "compare": "/compare",
    "questions": "/questions",
    "search": "/search?q=kidney+cancer",
    "mechanism": "/picture/signalling",
    "timeline": "/picture/timeline",
    "sparql": "/sparql",
}


def main() -> None:
    """Start a server, look at each page, and write what Chromium shows."""
    from playwright.sync_api import sync_playwright

    from tests.web.chromium import CHROMIUM, FLAGS
    from tests.web.serving import start

    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = start(Path(folder) / "log", data=None)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        for name, path in SCREENS.items():
            reply = page.goto(server.url + path, timeout=120_000)
            assert reply is not None and reply.status == 200, path
            page.evaluate("document.fonts.ready")
            page.screenshot(path=FOLDER / f"{name}.png")
        browser.close()
        server.stop()


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
