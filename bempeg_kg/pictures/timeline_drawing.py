"""How a timeline is drawn: lanes with bars, marks on them, and the label of each mark beside or below it."""

from __future__ import annotations

from datetime import date, timedelta

from bempeg_kg.pictures.axis import GRID
from bempeg_kg.pictures.chart import BLUE, ORANGE
from bempeg_kg.pictures.course import Bar, Course, Happening
from bempeg_kg.pictures.evidence_rows import MOST, not_drawn
from bempeg_kg.pictures.forest import LINE, NARROW, SIZE, WIDE
from bempeg_kg.pictures.scene import Group, Line, Rect, Scene, Shape, Words
from bempeg_kg.pictures.style import INK, QUIET
from bempeg_kg.pictures.timeline_marks import look_of, mark, mark_of
from bempeg_kg.pictures.words import text_width, wrapped

_EDGE, _BAR, _HIGH = 14.0, "#bcd4ec", 16.0
#: A label takes at most this width (px) before it goes to a second line.
_LABEL_MOST = 300.0


class _Days:
    """Places of days on the axis (px)."""

    def __init__(self, course: Course, start: float, end: float) -> None:
        firsts = [bar.first for bar in course.bars] + [event.first for event in course.happenings]
        lasts = [bar.last for bar in course.bars] + [event.last for event in course.happenings]
        self.first = date(min(firsts).year, 1, 1)
        self.last = (
            course.cut + (course.cut - self.first) / 40 if course.cut else date(max(lasts).year + 1, 1, 1)
        )
        self.start, self.end = start, end

    def at(self, day: date) -> float:
        """Where a day stands (px); days outside the axis stand at its ends."""
        share = (day - self.first).days / max(1, (self.last - self.first).days)
        return self.start + min(1.0, max(0.0, share)) * (self.end - self.start)

    def middle(self, one: Happening) -> float:
        """Where the middle of what happened stands (px)."""
        return self.at(one.first + (one.last - one.first) / 2)

    def years(self) -> list[int]:
        """The years whose first day is on the axis."""
        return [year for year in range(self.first.year, self.last.year + 1) if date(year, 1, 1) <= self.last]


def draw_timeline(course: Course, shape: str = "wide") -> Scene:
    """The scene of a course."""
    narrow = shape == "narrow"
    total = NARROW if narrow else WIDE
    names = max([text_width(bar.name, SIZE, True) for bar in course.bars] + [70.0])
    details = max([text_width(bar.details, SIZE) for bar in course.bars], default=0.0)
    left = _EDGE if narrow else _EDGE + min(max(names, details), 230.0) + 14
    days = _Days(course, left, total - _EDGE - 4)
    shapes, y = _head(course, total)
    y = _years(days, y, shapes)
    top = y
    lanes: list[Shape] = []
    labelled: set[int] = set()
    for bar, happenings in _lanes(course):
        drawn, y = (_narrow_lane if narrow else _wide_lane)(days, bar, happenings, y, labelled)
        lanes += drawn
    grid: list[Shape] = [
        Line([(days.at(date(year, 1, 1)), top), (days.at(date(year, 1, 1)), y)], GRID, 1)
        for year in days.years()
    ]
    if course.cut:
        grid.append(Line([(days.at(course.cut), top), (days.at(course.cut), y)], ORANGE, 1.4, (4, 2)))
    shapes += [*([] if narrow else grid), *lanes]
    drawn, y = _foot(course, y + 24, total)
    return Scene(total, y, course.title, "", shapes=[*shapes, *drawn], head=top)


def _lanes(course: Course) -> list[tuple[Bar | None, list[Happening]]]:
    drawn = {bar.trial for bar in course.bars}
    shared = [event for event in course.happenings if not drawn & set(event.trials)]
    lanes: list[tuple[Bar | None, list[Happening]]] = [(None, shared)] if shared else []
    return lanes + [
        (bar, [event for event in course.happenings if bar.trial in event.trials]) for bar in course.bars
    ]


def _head(course: Course, total: float) -> tuple[list[Shape], float]:
    shapes: list[Shape] = []
    y = 8.0
    for line in wrapped(course.title, 17, total - 2 * _EDGE, bold=True):
        y += 21
        shapes.append(Words(_EDGE, y, line, 17, INK, bold=True, anchor="start"))
    note = "Bars run from start to completion; one that fades out has no known completion."
    for line in wrapped(note, SIZE, total - 2 * _EDGE) if course.bars else []:
        y += LINE + 2
        shapes.append(Words(_EDGE, y, line, SIZE, QUIET, anchor="start"))
    return shapes, y + 14


def _years(days: _Days, y: float, shapes: list[Shape]) -> float:
    """The years above the lanes; every second one where they would meet."""
    years = days.years()
    apart = (days.end - days.start) / max(1, len(years) - 1)
    step = 1 if apart > 42 else 2 if apart > 21 else max(1, round(42 / apart))
    for year in years[::step]:
        x = days.at(date(year, 1, 1))
        if x <= days.end:
            shapes.append(Words(min(max(x, days.start + 16), days.end - 12), y + 12, str(year), SIZE, QUIET))
    return y + 22


def _wide_lane(
    days: _Days, bar: Bar | None, happenings: list[Happening], y: float, labelled: set[int]
) -> tuple[list[Shape], float]:
    """A lane: name and size at the left, the bar, its marks, and below them their labels in packed rows."""
    middle = y + 16
    shapes: list[Shape] = [Line([(_EDGE, y), (days.end, y)], GRID, 1)]
    shapes += _name(bar, middle + 4.5, days.start - _EDGE - 10)
    least = middle + 16 + LINE * (len(shapes) - 2)
    if bar:
        for line in wrapped(bar.details, SIZE, days.start - _EDGE - 10, most=2) if bar.details else []:
            shapes.append(Words(_EDGE, least + 5, line, SIZE, QUIET, anchor="start"))
            least += LINE
        shapes += _bar(days, bar, middle)
    packed, bottom = _packed(days, happenings, middle + 25, labelled)
    places = _places(days, happenings)
    for one, _, _, base in packed:
        at = places[one.number]
        shapes.append(Line([(at, middle), (at, base - 4)], look_of(one)[1], 0.8))
    for _, lines, x, base in packed:
        shapes.append(Group(_label(lines, x, base), kind="event"))
    shapes += [part for happening in happenings for part in mark(happening, places[happening.number], middle)]
    return shapes, max(least, bottom) + 4


def _label(lines: list[str], x: float, base: float) -> list[Shape]:
    """Lines of text on white, so that other lines do not run through them."""
    wide = max(text_width(line, SIZE) for line in lines)
    shapes: list[Shape] = [Rect(x - 2, base - 12, wide + 4, LINE * len(lines), "#ffffff")]
    for number, line in enumerate(lines):
        shapes.append(Words(x, base + LINE * number, line, SIZE, INK, anchor="start"))
    return shapes


def _places(days: _Days, happenings: list[Happening]) -> dict[int, float]:
    """Places of marks, those that would hide each other side by side."""
    places: dict[int, float] = {}
    last = -100.0
    for happening in sorted(happenings, key=lambda happening: (days.middle(happening), happening.number)):
        last = max(days.middle(happening), last + 10)
        places[happening.number] = last
    return places


def _packed(
    days: _Days, happenings: list[Happening], top: float, labelled: set[int]
) -> tuple[list[tuple[Happening, list[str], float, float]], float]:
    """Labels (event, lines, left, base line) in the first row that has room; and where they end.

    Labels go to the right of the line of their mark, or to its left near the right edge. What another lane
    names in full has its short name.
    """
    placed: list[tuple[Happening, list[str], float, float]] = []
    taken: list[list[tuple[float, float]]] = []
    bottom = top - LINE
    places = _places(days, happenings)
    labels = [_worded(days, happening, places[happening.number], labelled) for happening in happenings]
    # those to the right first, from the right, so that no line of a mark runs through one; then the others
    labels.sort(key=lambda label: (label[3], -label[2] if not label[3] else label[2]))
    for one, lines, x, _ in labels:
        at, width = places[one.number], max(text_width(line, SIZE) for line in lines)
        row = 0
        while any(
            x < end + 8 and start < x + width + 8
            for level in range(row, min(row + len(lines), len(taken)))
            for start, end in taken[level]
        ):
            row += 1
        while len(taken) < row + len(lines):
            taken.append([])
        for level in range(row + len(lines)):
            taken[level].append((at - 2, at + 2) if level < row else (x, x + width))
        placed.append((one, lines, x, top + LINE * row + 4))
        bottom = max(bottom, top + LINE * (row + len(lines)))
    return placed, bottom


def _worded(
    days: _Days, event: Happening, at: float, labelled: set[int]
) -> tuple[Happening, list[str], float, bool]:
    """An event with its lines, where they begin, and whether they stand to the left of the mark."""
    text = f"{event.written} {_short(event) if event.number in labelled else event.label}"
    labelled.add(event.number)
    lines = wrapped(text, SIZE, _LABEL_MOST, most=5)
    width = max(text_width(line, SIZE) for line in lines)
    if at + 5 + width <= days.end + 4:
        return event, lines, at + 5, False
    return event, lines, max(days.start, at - 5 - width), True


def _short(event: Happening) -> str:
    return f"{event.type}, as above" if event.type else "as above"


def _narrow_lane(
    days: _Days, bar: Bar | None, happenings: list[Happening], y: float, labelled: set[int]
) -> tuple[list[Shape], float]:
    """A lane for a phone: the name, the bar with its marks, then a line for each mark."""
    shapes: list[Shape] = [Line([(_EDGE, y + 4), (days.end, y + 4)], GRID, 1)]
    y += 20
    shapes += _name(bar, y, days.end - _EDGE)
    y += LINE * (len(shapes) - 2)
    for line in wrapped(bar.details, SIZE, days.end - _EDGE) if bar and bar.details else []:
        y += LINE
        shapes.append(Words(_EDGE, y, line, SIZE, QUIET, anchor="start"))
    middle = y + 17
    shapes.append(Line([(days.start, middle), (days.end, middle)], GRID, 1))
    shapes += _bar(days, bar, middle) if bar else []
    places = _places(days, happenings)
    shapes += [part for event in happenings for part in mark(event, places[event.number], middle)]
    y = middle + 12
    for event in happenings:
        text = f"{event.written} {_short(event) if event.number in labelled else event.label}"
        labelled.add(event.number)
        shapes += mark(event, _EDGE + 6, y + 12)
        for line in wrapped(text, SIZE, days.end - _EDGE - 18, most=5):
            y += LINE
            shapes.append(Words(_EDGE + 18, y, line, SIZE, INK, anchor="start"))
    return shapes, y + 6


def _name(bar: Bar | None, y: float, room: float) -> list[Shape]:
    """The name of a lane, one shape a line; a record without an acronym has a long title."""
    lines = wrapped(bar.name if bar else "Programme", SIZE, room, most=3, bold=True)
    return [
        Words(_EDGE, y + LINE * number, line, SIZE, INK, bold=True, anchor="start")
        for number, line in enumerate(lines)
    ]


def _bar(days: _Days, bar: Bar, middle: float) -> list[Shape]:
    start, end = days.at(bar.first), days.at(bar.last)
    top = middle - _HIGH / 2
    shapes: list[Shape] = [Rect(start, top, max(end - start, 1.0), _HIGH, _BAR)]
    shapes.append(Line([(start, top), (start, top + _HIGH)], BLUE, 1.8))
    if bar.closed:
        shapes.append(Line([(end, top), (end, top + _HIGH)], BLUE, 1.8))
        return shapes
    for part, colour in enumerate(("#cbdef1", "#dae8f5", "#e9f1f9", "#f4f8fc")):
        ends = [days.at(bar.last + timedelta(days=48 * (part + more))) for more in (0, 1)]
        shapes.append(Rect(ends[0], top, ends[1] - ends[0], _HIGH, colour))
    return shapes


def _foot(course: Course, y: float, total: float) -> tuple[list[Shape], float]:
    """The legend of the marks that are there, and notes."""
    shapes: list[Shape] = []
    x = _EDGE
    looks = dict.fromkeys(look_of(event) for event in course.happenings)
    for look in looks:
        width = 34 + text_width(look[3], SIZE)
        if x + width > total - _EDGE:
            x, y = _EDGE, y + LINE + 4
        shapes += [*mark_of(look, x + 7, y - 4.5), Words(x + 18, y, look[3], SIZE, INK, anchor="start")]
        x += width
    if course.cut:
        y += LINE + 4
        shapes.append(Line([(_EDGE + 6, y - 11), (_EDGE + 6, y + 3)], ORANGE, 1.4, (4, 2)))
        shapes.append(Words(_EDGE + 18, y, f"the day, {course.cut.isoformat()}", SIZE, INK, anchor="start"))
    y += LINE + 8
    for note in _notes(course):
        for line in wrapped(note, SIZE, total - 2 * _EDGE, most=6):
            shapes.append(Words(_EDGE, y, line, SIZE, QUIET, anchor="start"))
            y += LINE
    return shapes, y


def _notes(course: Course) -> list[str]:
    notes = not_drawn(course.left_out, f"the {MOST} bars that begin last are drawn")
    if course.undated:
        notes.append(f"Without a bar, as no start date is known: {', '.join(course.undated)}.")
    if course.cut:
        notes.append(
            "What was made public later is left out, and what has no date that is known well enough."
        )
    return notes
