"""Records for the registry tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

RECORDS = Path(__file__).parent / "records"
NUMBERS = ("NCT00567567", "NCT00716976", "NCT00763412", "NCT02210780")


@pytest.fixture(scope="session")
def records() -> dict[str, dict[str, Any]]:
    """The real records by number. Do not change them; copy first."""
    return {number: json.loads((RECORDS / f"{number}.json").read_text("utf-8")) for number in NUMBERS}


@pytest.fixture
def folder() -> Path:
    """The folder with the real records."""
    return RECORDS
