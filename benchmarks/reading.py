"""Twenty things people ask first: clicks and seconds from home to the answer, and what a page weighs.

`python benchmarks/reading.py` starts a server, waits until it has prepared its pages, and follows each way
in Chromium twice. A way is a list of links to click, or of words to type into the search after ``?``.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.web import chromium, serving  # noqa: E402

if TYPE_CHECKING:
    from playwright.sync_api import Page

#: Question -> the way from the home page, and words of the answer that must be on the page.
WAYS: dict[str, tuple[list[str], str]] = {
    "Did it work?": (["Did it work?"], "0.59 to 1.48"),
    "Why did it fail?": (["Why not?"], "the drug adds nothing"),
    "What was the response rate in melanoma?": ([], "27.7"),
    "Did patients live longer?": ([], "0.94"),
    "How do the two trials differ?": (["who was counted and how"], "52.6 % (20 of 38)"),
    "Why did PIVOT IO 001 end?": (["PIVOT IO 001"], "ORR and PFS not met"),
    "What came of PIVOT-09?": (["PIVOT-09"], "Objective response rate 23.0 v 30.6"),
    "What came of PIVOT-10?": (["PIVOT-10"], "threshold"),
    "What about kidney cancer?": (["?kidney cancer"], "renal"),
    "What about bladder cancer?": (["?bladder cancer"], "urothelial"),
    "What about lung cancer?": (["?lung cancer"], "lung"),
    "How should it work?": (["How should it work?"], "bempegaldesleukin"),
    "What about regulatory T cells?": (["?Treg"], "does not indirectly reduce"),
    "Which effects on CD8 T cells?": (["?CD8 T cell"], "Effects"),
    "Was it safe?": (["Was it safe?"], "Adverse events"),
    "What was known when phase 3 began?": (["What was known when?"], "2018-09-21"),
    "What happened when?": (["Timeline"], "What happened when"),
    "Which trial led to which?": (["Which trial led to which"], "PIVOT-02"),
    "What does the audited guide get wrong?": (["148 claims"], "7 contradicted"),
    "What became of other early response rates?": (["The pairs, with their sources"], "Early and later"),
}


def main() -> int:
    """Print a table in Markdown: question, clicks, seconds cold and warm, kilobytes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wait", type=float, default=20, help="seconds that the server has for its pages")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, chromium.launched() as browser:
        server = serving.start(Path(folder) / "log", data=None)
        try:
            time.sleep(chosen.wait)
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.set_default_timeout(120_000)
            print("| question | clicks | first, s | again, s | KB |\n|---|---|---|---|---|")
            for question, (way, words) in WAYS.items():
                first, size = followed(page, server.url, way, words)
                again, _ = followed(page, server.url, way, words)
                print(
                    f"| {question} | {len(way)} | {first:.2f} | {again:.2f} | {size / 1000:.0f} |", flush=True
                )
        finally:
            server.stop()
    return 0


def followed(page: Page, url: str, way: list[str], words: str) -> tuple[float, int]:
    """Seconds of loading on a way, and bytes of the last page as sent. Says so if the words are not there."""
    page.goto(url)
    seconds = 0.0
    for step in way:
        if step.startswith("?"):
            page.get_by_role("searchbox").or_(page.get_by_role("combobox")).first.fill(step[1:])
            began = time.perf_counter()
            with page.expect_navigation():
                page.keyboard.press("Enter")
        else:
            link = page.get_by_role("link", name=step, exact=True).first
            began = time.perf_counter()
            with page.expect_navigation():
                link.click()
        seconds += time.perf_counter() - began
    if words not in page.locator("main").text_content().replace("\N{NO-BREAK SPACE}", " "):
        print(f"{words!r} is not on {page.url}", file=sys.stderr)
    script = "performance.getEntriesByType('navigation')[0].transferSize"
    return seconds, int(page.evaluate(script))


if __name__ == "__main__":
    sys.exit(main())
