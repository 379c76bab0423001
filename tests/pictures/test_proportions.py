"""A rate that a registry prints as a part of one is drawn in percent, with its interval."""

from bempeg_kg.pictures.evidence_rows import interval_of, rate


def test_the_interval_of_a_proportion_is_drawn_around_it() -> None:
    record = {
        "unit": "proportion of participants",
        "value": 0.542,
        "lower": 0.392,
        "upper": 0.686,
        "lowerPrinted": "0.392",
        "upperPrinted": "0.686",
        "level": 95,
        "responders": None,
        "patients": None,
    }
    text, lower, upper, is_printed = interval_of(record, "responders")
    assert (text, is_printed) == ("39.2 to 68.6", True)
    middle = rate(record, "responders")
    assert middle is not None
    assert lower is not None
    assert upper is not None
    assert lower < middle < upper
