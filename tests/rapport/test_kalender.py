"""The calendar file: read back by another reader as what the wheel says, the same bytes every time."""

from datetime import date, timedelta

import pytest
from icalendar import Calendar

from kompetanse_lib.aarshjul import list_aarshjul
from kompetanse_lib.rapport.eksport.kalender import render_kalender
from kompetanse_lib.strategi import Strategi
from kompetanse_lib.tekst import load_tekst


@pytest.mark.parametrize("maalform", ["nb", "nn"])
def test_the_calendar_says_what_the_wheel_says(strategi: Strategi, maalform: str) -> None:
    tekst = load_tekst("nn" if maalform == "nn" else "nb")
    wheel = [*list_aarshjul(strategi, 2025, "skoleeier"), *list_aarshjul(strategi, 2026, "skoleeier")]
    content = render_kalender(wheel, strategi, tekst)
    assert content == render_kalender(wheel, strategi, tekst)
    events = list(Calendar.from_ical(content).walk("VEVENT"))
    read = [(str(e["SUMMARY"]), e.decoded("DTSTART"), e.decoded("DTEND") - timedelta(days=1)) for e in events]
    assert read == [(w.hendelse.navn[maalform], w.fra, w.til) for w in wheel]
    assert len({str(e["UID"]) for e in events}) == len(events)
    assert all(type(e.decoded("DTSTART")) is date for e in events)


def test_lines_are_folded_and_end_as_the_format_has_it(strategi: Strategi) -> None:
    content = render_kalender(list_aarshjul(strategi, 2025, "rektor"), strategi, load_tekst())
    lines = content.split(b"\r\n")
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert max(map(len, lines)) <= 75
    assert b"\n" not in content.replace(b"\r\n", b"")
