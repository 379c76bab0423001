"""Where records come from, and what is said of those that cannot be read."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

from bempeg_kg.errors import InputError
from bempeg_kg.registry.documents import Piece, map_document
from bempeg_kg.registry.joins import Joins
from bempeg_kg.registry.reader import Document, Fault, read


def record(number: int = 1, **status: Any) -> dict[str, Any]:
    identity = {"nctId": f"NCT{number:08}", "briefTitle": f"Trial {number}"}
    return {
        "protocolSection": {"identificationModule": identity, **({"statusModule": status} if status else {})}
    }


def as_lines(*records: object) -> bytes:
    return b"".join(json.dumps(one).encode() + b"\n" for one in records)


def made(source: Path | str) -> list[Piece | Fault]:
    """Everything that comes out of a source."""
    collected: list[Piece | Fault] = []
    for document in read(str(source)):
        if isinstance(document, Document):
            collected += map_document(document, Joins())
        else:
            collected.append(document)
    return collected


def numbers(source: Path | str) -> list[str]:
    return [one.nct if isinstance(one, Piece) else f"fault: {one}" for one in made(source)]


def test_one_file_whatever_its_name_says(tmp_path: Path) -> None:
    (tmp_path / "NCT99999999.json").write_text(json.dumps(record(7), indent=2))
    assert numbers(tmp_path / "NCT99999999.json") == ["NCT00000007"]


@pytest.mark.parametrize(
    "wrap",
    [
        lambda r: r,
        lambda r: {"studies": r, "nextPageToken": "x", "totalCount": 2},
        lambda r: [{"studies": r[:1], "nextPageToken": "x"}, {"studies": r[1:]}],
    ],
)
@pytest.mark.parametrize("indent", [None, 1])
def test_lists_and_pages(tmp_path: Path, wrap: Any, indent: int | None) -> None:
    (tmp_path / "page.json").write_text(json.dumps(wrap([record(1), record(2)]), indent=indent))
    assert numbers(tmp_path / "page.json") == ["NCT00000001", "NCT00000002"]


@pytest.mark.parametrize("name", ["many.jsonl", "many.ndjson", "many.json", "many.txt"])
def test_json_lines_with_blank_ones_and_a_mark_in_front(tmp_path: Path, name: str) -> None:
    body = (
        b"\xef\xbb\xbf\n" * 0
        + as_lines(record(1))
        + b"\n  \n"
        + as_lines(record(2))
        + as_lines(record(3)).strip()
    )
    (tmp_path / name).write_bytes(b"\xef\xbb\xbf" + body)
    assert numbers(tmp_path / name) == ["NCT00000001", "NCT00000002", "NCT00000003"]


def test_a_mark_alone_on_the_first_line_hides_nothing(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_bytes(b"\xef\xbb\xbf\r\n" + as_lines(record(1), record(2)))
    assert numbers(tmp_path / "in.jsonl") == ["NCT00000001", "NCT00000002"]


def test_places_of_lines_count_blank_ones(tmp_path: Path) -> None:
    (tmp_path / "m.jsonl").write_bytes(b"\n" + as_lines(record(1)) + b"\n{]\n" + as_lines(record(2)))
    faults = [one for one in made(tmp_path / "m.jsonl") if isinstance(one, Fault)]
    assert [fault.place for fault in faults] == [f"{tmp_path}/m.jsonl:4"]


def test_folder_zip_and_gzip_in_the_order_of_names(tmp_path: Path) -> None:
    folder = tmp_path / "records"
    (folder / "b").mkdir(parents=True)
    (folder / ".hidden").mkdir()
    (folder / ".hidden" / "x.json").write_bytes(b"{")
    (folder / "notes.txt").write_bytes(b"not a record")
    (folder / "a.json").write_text(json.dumps(record(1)))
    (folder / "b" / "c.jsonl.gz").write_bytes(gzip.compress(as_lines(record(2), record(3))))
    with zipfile.ZipFile(folder / "z.zip", "w") as archive:
        archive.writestr("2.json", json.dumps(record(5)))
        archive.writestr("1.jsonl", as_lines(record(4)))
        archive.writestr("3.json.gz", gzip.compress(json.dumps(record(6)).encode()))
        archive.writestr("readme.md", "nothing")
        archive.writestr("__MACOSX/._2.json", b"\x00")
        archive.writestr("__MACOSX/._old.zip", b"\x00")
    assert numbers(folder) == [f"NCT0000000{number}" for number in range(1, 7)]


def test_standard_input_of_any_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("1.json", json.dumps(record(9)))
    for body in (as_lines(record(9)), gzip.compress(as_lines(record(9))), packed.getvalue()):

        class Pipe(io.RawIOBase):
            """Bytes that cannot be sought, as in a pipe."""

            def __init__(self, content: bytes) -> None:
                self._content = io.BytesIO(content)

            def readable(self) -> bool:
                return True

            def readinto(self, buffer: Any) -> int:
                return self._content.readinto(buffer)

        fake = type("Input", (), {"buffer": io.BufferedReader(Pipe(body))})()
        monkeypatch.setattr("sys.stdin", fake)
        assert numbers("-") == ["NCT00000009"]


def test_truncated_gzip_keeps_what_came_before(tmp_path: Path) -> None:
    whole = gzip.compress(as_lines(*(record(i) for i in range(2000))), 6)
    (tmp_path / "cut.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    *before, last = made(tmp_path / "cut.jsonl.gz")
    assert isinstance(last, Fault)
    assert "cut short" in last.message
    found = [one.nct for one in before if isinstance(one, Piece)]
    assert 100 < len(found) == len(before) < 2000
    assert found == [f"NCT{i:08}" for i in range(len(found))]


def test_damaged_gzip_and_zip_are_faults(tmp_path: Path) -> None:
    broken = bytearray(gzip.compress(as_lines(record(1))))
    broken[-6] ^= 0xFF
    (tmp_path / "a.json.gz").write_bytes(bytes(broken))
    (tmp_path / "b.zip").write_bytes(b"PK\x03\x04 and then nothing")
    (tmp_path / "c.json").write_text(json.dumps(record(3)))
    found = made(tmp_path)
    assert [type(one) for one in found] == [Fault, Fault, Piece]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "the file is empty"),
        (b'{"a": 1},\n{"a": 2}', "one record a line without commas"),
        (b'{"a": "\xe9"}', "Save it as UTF-8"),
        (b'{"a": 1', "download it again"),
        (b"  \n \n", "the file is empty"),
        (b"{", "not JSON"),
        (b'{"a": NaN}', "not JSON"),
        (b'{"protocolSection": {}}', "no nctId"),
        (b'{"a": "\\ud800"}', "not JSON"),
        (b'{"a": "\xff"}', "not JSON"),
        (b"[" * 3000, "not JSON"),
        (b'{"a":' * 1500 + b"1" + b"}" * 1500, "not JSON"),
        (b"7", "an object"),
        (b'"text"', "an object"),
        (b"[7]", "an object"),
        (b'{"studies": 7}', "a list"),
        (b'{"hello": "world"}', "no protocolSection"),
        (b'{"FullStudiesResponse": {"FullStudies": [{"Study": {"ProtocolSection": {}}}]}}', "classic API"),
    ],
)
def test_what_is_no_record_is_reported(tmp_path: Path, body: bytes, said: str) -> None:
    (tmp_path / "x.json").write_bytes(body)
    (fault,) = made(tmp_path / "x.json")
    assert isinstance(fault, Fault)
    assert said in fault.message
    assert fault.place.startswith(f"{tmp_path}/x.json")


def test_the_path_leads_into_a_page(tmp_path: Path) -> None:
    bad = record(2)
    bad["protocolSection"]["identificationModule"]["nctId"] = 1
    (tmp_path / "page.json").write_text(json.dumps({"studies": [record(1), bad, record(3)]}))
    first, fault, last = made(tmp_path / "page.json")
    assert isinstance(fault, Fault)
    assert fault.path == "$.studies[1].protocolSection.identificationModule.nctId"
    assert isinstance(first, Piece)
    assert isinstance(last, Piece)


def test_sources_that_are_not_there(tmp_path: Path) -> None:
    for source in (tmp_path / "none.json", tmp_path):
        with pytest.raises(InputError):
            made(source)


def test_a_line_that_is_too_long_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bempeg_kg.registry.reader.LONGEST", 500)
    long = record(2)
    long["protocolSection"]["identificationModule"]["briefTitle"] = "x" * 2000
    (tmp_path / "m.jsonl").write_bytes(as_lines(record(1), long, record(3)))
    first, fault, last = made(tmp_path / "m.jsonl")
    assert isinstance(fault, Fault)
    assert (fault.place, "longer than" in fault.message) == (f"{tmp_path}/m.jsonl:2", True)
    assert isinstance(first, Piece)
    assert isinstance(last, Piece)
    (tmp_path / "one.json").write_text(json.dumps(long, indent=1))
    (whole,) = made(tmp_path / "one.json")
    assert isinstance(whole, Fault)
    assert "JSON lines" in whole.message


_AGAIN = "https://clinicaltrials.gov/api/v2/studies"


@pytest.mark.parametrize(
    ("name", "body", "named", "cure"),
    [
        ("a.xml", b'\xef\xbb\xbf<?xml version="1.0"?>\n<clinical_study rank="1">', "classic", _AGAIN),
        ("a.json", b'{"FullStudiesResponse": {"NStudiesFound": 1}}', "classic API", _AGAIN),
        ("a.json", b'[{"Study": {}}]', "classic API", _AGAIN),
        ("a.csv", b'NCT Number,Study Title,Status\nNCT00000001,"A, b",X\n', "CSV", _AGAIN),
        ("a.txt", b"nct_id|study_type|phase\nNCT00000001|x|y\n", "AACT", _AGAIN),
        ("a.json", b'{"_id": "2004-000015-25-GB", "ctrname": "EUCTR"}', "EU Clinical Trials", "NCT number"),
        ("a.json", b'{"a2_eudract_number": "2004-000015-25"}', "EU Clinical Trials", "NCT number"),
        ("a.txt", b"Summary\nEudraCT Number: 2004-000015-25\n", "EU Clinical Trials", "NCT number"),
        ("a.json", b'{"ctNumber": "2022-500000-00-00"}', "CTIS", "NCT number"),
        ("a.json", b'{"isrctn": "12345678"}', "ISRCTN", "NCT number"),
        ("a.xml", b'<allTrials xmlns="http://www.67bricks.com/isrctn">', "ISRCTN", "NCT number"),
        ("a.html", b"<!DOCTYPE html><html>", "web page", "JSON"),
        ("a.json", '{"a": 1}'.encode("utf-16"), "UTF-16", "UTF-8"),
        ("a.tsv.txt", b"NCT Number\tStudy Title\nNCT00000001\tA\n", "TSV file of ClinicalTrials.gov", _AGAIN),
        ("a.txt", b"Trial number,Title\n2022-500000-00-00,A\n", "CTIS", "NCT number"),
        ("a.json", b'{"data": [{"ctNumber": "2022-500000-00-00"}]}', "CTIS", "NCT number"),
        ("a.json", b"%PDF-1.7\n\xff", "PDF", _AGAIN),
        ("a.json", b"\xfd7zXZ\x00\x00\x04", "xz", "gzip"),
    ],
)
def test_other_shapes_are_refused_by_name(
    tmp_path: Path, name: str, body: bytes, named: str, cure: str
) -> None:
    (tmp_path / name).write_bytes(body)
    (fault,) = made(tmp_path / name)
    assert isinstance(fault, Fault)
    assert named in fault.message
    assert cure in fault.message


def test_archives_that_hold_no_json_are_refused_by_name(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "a.tar.gz", "w:gz") as archive:
        (tmp_path / "x.json").write_text(json.dumps(record(1)))
        archive.add(tmp_path / "x.json", "x.json")
    (fault,) = made(tmp_path / "a.tar.gz")
    assert "tar archive" in str(fault)
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as packed:
        packed.writestr("trial.xml", "<clinical_study/>")
    (fault,) = made(tmp_path / "b.zip")
    assert "no JSON but .xml" in str(fault)


def test_a_member_that_says_it_is_too_large_is_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bempeg_kg.registry.reader.LONGEST", 10_000)
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.json", b'{"a": "' + b"a" * 1_000_000 + b'"}')
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_, **__: pytest.fail("it was unpacked"))
    (fault,) = made(tmp_path / "bomb.zip")
    assert isinstance(fault, Fault)
    assert (fault.place, "is larger than" in fault.message) == (f"{tmp_path}/bomb.zip!a.json", True)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_other_encodings_are_called_by_their_names(tmp_path: Path, encoding: str, mark: str) -> None:
    (tmp_path / "in.json").write_bytes((mark + json.dumps(record(1))).encode(encoding))
    (fault,) = made(tmp_path / "in.json")
    assert isinstance(fault, Fault)
    assert f"this is a text in {encoding[:6].upper()}," in fault.message


def test_a_mark_in_front_of_a_later_line_and_an_array_in_lines(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_bytes(as_lines(record(1)) + b"\xef\xbb\xbf" + as_lines(record(2)))
    assert numbers(tmp_path / "in.jsonl") == ["NCT00000001", "NCT00000002"]
    (tmp_path / "in.jsonl").write_text(json.dumps([record(1), record(2)], indent=1))
    assert numbers(tmp_path / "in.jsonl") == ["NCT00000001", "NCT00000002"]


def test_archives_in_archives_and_broken_ones_are_told(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("folder/a.json", as_lines(record(1)))
    path = tmp_path / "in.zip"
    path.write_bytes(inner.getvalue())
    assert numbers(path) == ["NCT00000001"]
    path.write_bytes(inner.getvalue()[:60])
    assert numbers(path)[0].endswith("(File is not a zip file); download it again")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("b.json", as_lines(record(2)))
        archive.writestr("inner.zip", inner.getvalue())
    told = (
        f"fault: {path}!inner.zip: an archive inside an archive is not read. Unpack it, and give the folder"
    )
    assert numbers(path) == ["NCT00000002", told]
    path.write_bytes(gzip.compress(inner.getvalue()))
    assert "this is packed twice" in numbers(path)[0]


def test_a_line_that_is_too_long_costs_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bempeg_kg.registry.reader.LONGEST", 1 << 20)
    long = json.dumps(record(1)).encode() + b" " * (3 << 20) + b"\n"
    for before in (b"", as_lines(record(2))):
        (tmp_path / "in.jsonl").write_bytes(before + long + as_lines(record(3)))
        told, last = numbers(tmp_path / "in.jsonl")[-2:]
        assert told.endswith(f":{1 + bool(before)}: the line is longer than 1 MiB")
        assert last == "NCT00000003"


def test_a_key_that_stands_twice_is_told(tmp_path: Path) -> None:
    body = json.dumps(record(1, whyStopped='a "b": c')).replace(
        '"briefTitle"', '"briefTitle": "A", "briefTitle"'
    )
    (tmp_path / "in.json").write_text(body)
    (piece,) = made(tmp_path / "in.json")
    assert isinstance(piece, Piece)
    told = f"stands twice in one object of {tmp_path}/in.json: the last was read"
    assert piece.problems == [("briefTitle", told)]
    (tmp_path / "in.json").write_text(f"[{json.dumps(record(2))}, {body.replace(':', ' :')}]")
    of_two = [one for one in made(tmp_path / "in.json") if isinstance(one, Piece)]
    assert [problem for piece in of_two for problem in piece.problems] == [("briefTitle", told)]
    (tmp_path / "in.json").write_text(json.dumps(record(1, whyStopped='a "b": c, "b": d')))
    (piece,) = made(tmp_path / "in.json")
    assert isinstance(piece, Piece)
    assert piece.problems == []


def test_a_record_nested_deeper_than_can_be_written_is_read(tmp_path: Path) -> None:
    deep = json.dumps(record(2)).replace('"briefTitle"', '"x": ' + "[" * 300 + "]" * 300 + ', "briefTitle"')
    (tmp_path / "in.jsonl").write_bytes(as_lines(record(1)) + deep.encode() + b"\n" + as_lines(record(3)))
    assert numbers(tmp_path / "in.jsonl") == ["NCT00000001", "NCT00000002", "NCT00000003"]
