"""Rows of a table file: CSV as Excel saves it (marks, semicolons, old encodings), TSV, XLSX."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections import Counter

from bempeg_kg.content.files import file_problem, read_bytes
from bempeg_kg.errors import InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

#: Suffixes of tables.
TABLE_SUFFIXES = (".tsv", ".csv", ".txt", ".xlsx", ".xlsm")
_SAVE = "Save the sheet as XLSX or CSV."
_LARGEST = 256 << 20
#: Lines that show what sign stands between the cells; the first may be titles.
_LOOKED_AT = 10
#: What a number format shows beside the digits: quoted text, escaped signs, colours, room for a sign.
_BESIDE_DIGITS = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))


def rows_of(path: str) -> list[tuple[int, list[str]]]:
    """(line, cells) of each row that is not empty, the header first. Raises InputError."""
    if path.lower().endswith((".xlsx", ".xlsm")):
        rows = list(_sheet(path))
    else:
        text = _text(read_bytes(path))
        reader = csv.reader(io.StringIO(text), delimiter=_delimiter(text))
        rows = [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
    rows = [(line, cells) for line, cells in rows if any(cells)]
    # Excel writes sep=; in front of the header of some files.
    if rows and rows[0][1][0].casefold().startswith("sep="):
        rows = rows[1:]
    if not rows:
        raise InputError("the file is empty", file=path)
    return rows


def _text(body: bytes) -> str:
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return body.decode(encoding, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        # What Excel on Windows saves as CSV where nobody asks for UTF-8.
        return body.decode("cp1252", "replace")


def _delimiter(text: str) -> str:
    """The sign between the cells: the one that most of the first lines have most of.

    >>> _delimiter("a;b;c\\n1,5;2;3\\n"), _delimiter("a,b\\n"), _delimiter("Rates, by arm\\nArm;N\\nA;38\\n")
    (';', ',', ';')
    """
    lines = [line for line in text.splitlines() if line.strip() and not line.casefold().startswith("sep=")]
    signs: Counter[str] = Counter()
    for line in lines[:_LOOKED_AT]:
        if "\t" in line:
            signs["\t"] += 1
        elif ";" in line or "," in line:
            signs[";" if line.count(";") >= line.count(",") else ","] += 1
    return max("\t;,", key=lambda sign: signs[sign]) if signs else ","


def _check_archive(path: str) -> None:
    """Raise InputError for what is no archive, or one that unpacks to more than a table ever is."""
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(one.file_size for one in archive.infolist())
    except OSError as error:
        raise file_problem(path, error) from None
    except zipfile.BadZipFile:
        raise InputError("this is not an XLSX workbook", file=path, cure=_SAVE) from None
    if size > _LARGEST:
        raise InputError(f"it unpacks to more than {_LARGEST >> 20} MiB", file=path, cure=_SAVE)


def _sheet(path: str) -> Iterator[tuple[int, list[str]]]:
    """Rows of the first sheet of a workbook."""
    _check_archive(path)
    try:
        from openpyxl import load_workbook
        from openpyxl.utils.exceptions import InvalidFileException
    except ImportError:
        raise InputError(
            "reading XLSX needs openpyxl",
            file=path,
            cure="pip install 'bempeg-kg[excel]', or save the sheet as CSV.",
        ) from None
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, OSError, KeyError, ValueError, EOFError) as error:
        raise InputError(f"this is not an XLSX workbook: {error}", file=path, cure=_SAVE) from None
    try:
        sheet = book.worksheets[0]
        for line, row in enumerate(sheet.iter_rows(), 1):
            yield line, [_shown(cell.value, getattr(cell, "number_format", "")) for cell in row]
    finally:
        book.close()


def _shown(value: object, form: str) -> str:
    """A cell as the sheet shows it: by its format, which has the decimals and the percent sign.

    >>> _shown(0.526, "0.0%"), _shown(36, "0.0"), _shown(0.75, "General"), _shown(None, "General")
    ('52.6%', '36.0', '0.75', '')
    >>> _shown(12.3, '0.0" months"'), _shown(1.2e-7, "0.0E+00"), _shown(1234.5678, "General")
    ('12.3', '1.2e-07', '1234.5678')
    """
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, int | float):
        shown = getattr(value, "date", None)
        return str(shown() if callable(shown) else value).strip()
    first = _BESIDE_DIGITS.sub("", form.split(";")[0])
    point = re.search(r"\.([0?]*)", first)
    decimals = len(point[1]) if point else 0
    if "%" in first:
        return f"{100 * value:.{decimals}f}%"
    if re.search(r"(?i)[0#]E[-+]", first):
        return f"{value:.{decimals}e}"
    if re.search("[0#]", first):
        return f"{value:.{decimals}f}"
    return f"{value:.11g}"
