"""Exports the year's wheel as a calendar file (iCalendar, RFC 5545), which Outlook, Google and phones open.

All events are whole days, so no time zone is needed. The same wheel gives the same bytes.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event

from kompetanse_lib.aarshjul import Aarshendelse
from kompetanse_lib.strategi import Strategi
from kompetanse_lib.tekst import Tekst

PRODUKT = "-//Tett på//Årshjul//NO"


def render_kalender(hendelser: Iterable[Aarshendelse], strategi: Strategi, tekst: Tekst) -> bytes:
    """Return events as a calendar file.

    Parameters
    ----------
    hendelser
        Events, in the order they are to stand in.
    """
    kommune = strategi.kommune
    calendar = Calendar()
    calendar.add("prodid", PRODUKT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", tekst("aarshjul.kalender.navn", kommune=kommune.navn))
    for event in hendelser:
        calendar.add_component(_make_hendelse(event, kommune.nummer, tekst))
    return bytes(calendar.to_ical())


def _make_hendelse(hendelse: Aarshendelse, kommune: str, tekst: Tekst) -> Event:
    event, source = Event(), hendelse.hendelse
    # Stamped with the year's first day and not with today: a file that says the same is the same.
    event.add("dtstamp", datetime(hendelse.skoleaar, 8, 1, tzinfo=UTC))
    event.add("uid", f"{source.id}-{hendelse.skoleaar}@{kommune}.tett-paa")
    event.add("summary", source.navn[tekst.maalform])
    event.add("dtstart", hendelse.fra)
    event.add("dtend", hendelse.til + timedelta(days=1))  # the day after the last, as the format has it
    event.add("description", source.kilde)
    event.add("categories", [tekst(f"aarshjul.art.{source.art}")])
    event.add("transp", "TRANSPARENT")
    return event
