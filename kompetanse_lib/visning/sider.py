"""The sections of a report, one function each: what a cell of the report notebooks calls."""

from collections.abc import Sequence

from kompetanse_lib.funn import Funn
from kompetanse_lib.tettpaa import Oppfoelging, follow_opp
from kompetanse_lib.utvalg import Utvalg
from kompetanse_lib.visning.elementer import Avsnitt, Gruppe, Overskrift
from kompetanse_lib.visning.indikatorer import compose_indikatorer
from kompetanse_lib.visning.oppfoelgingsside import compose_maalene, compose_tiltakene
from kompetanse_lib.visning.spoersmaalsside import compose_spoersmaal


def compose_hvor_er_vi(
    utvalg: Utvalg, funn: Sequence[Funn], oppfoelging: Oppfoelging | None = None
) -> Gruppe:
    """Return "Hvor er vi?": the questions with evidence, then every indicator that the reader sees."""
    followed = oppfoelging or follow_opp(utvalg, funn)
    opening = compose_spoersmaal(utvalg, funn, "utgangspunkt", followed)
    return Gruppe(elementer=(*opening, *compose_indikatorer(utvalg, funn, followed)))


def compose_tiltak(utvalg: Utvalg, funn: Sequence[Funn], oppfoelging: Oppfoelging | None = None) -> Gruppe:
    """Return "Hva er våre tiltak?": the questions, the measures followed from year to year, and what has no measure."""
    followed = oppfoelging or follow_opp(utvalg, funn)
    opening = compose_spoersmaal(utvalg, funn, "loesninger", followed)
    return Gruppe(elementer=(*opening, *compose_tiltakene(utvalg, followed)))


def compose_rett_vei(utvalg: Utvalg, funn: Sequence[Funn], oppfoelging: Oppfoelging | None = None) -> Gruppe:
    """Return "Er vi på rett vei?": the questions, and the unit's own goals."""
    followed = oppfoelging or follow_opp(utvalg, funn)
    opening = compose_spoersmaal(utvalg, funn, "oppfoelging", followed)
    return Gruppe(elementer=(*opening, *compose_maalene(utvalg, followed)))


def compose_metode(utvalg: Utvalg) -> Gruppe:
    """Return how to read the report: ranges, hidden figures, breaks, sources."""
    tekst = utvalg.tekst
    topics = ("spenn", "sammenligning", "funn", "skjult", "brudd", "kilder")
    return Gruppe(
        elementer=(
            Overskrift(nivaa=2, tekst=tekst("rapport.metode.tittel"), anker="metode"),
            *(
                Avsnitt(
                    tekst=tekst(f"rapport.metode.{t}", kommune=utvalg.strategi.kommune.navn), art="metode"
                )
                for t in topics
            ),
        )
    )
