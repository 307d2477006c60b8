"""Funnels of made-up municipalities: many schools with some outside, hidden and private; and the fewest there can be."""

import numpy as np

from kompetanse_lib.statistikk.trakt import find_trakt_andel, find_trakt_snitt
from kompetanse_lib.visning.elementer import Figur, Trakt, Traktfelt, Traktgrense, Traktpunkt

STOERRELSER = np.linspace(4, 10, 20) ** 2


def grenser(felles: float, spredning: float | None) -> tuple[Traktgrense, ...]:
    made = (
        find_trakt_snitt(felles, spredning, STOERRELSER, level)
        if spredning
        else find_trakt_andel(felles, STOERRELSER, level)
        for level in (0.95, 0.998)
    )
    return tuple(Traktgrense(nivaa=t.nivaa, n=tuple(t.n), lav=tuple(t.lav), hoey=tuple(t.hoey)) for t in made)


def skole(nummer: int, verdi: float, n: int, felles: float, halv: float) -> Traktpunkt:
    side = "over" if verdi > felles + halv else "under" if verdi < felles - halv else ""
    return Traktpunkt(navn=f"Skole nummer {nummer:02d}", verdi=verdi, n=n, utenfor=side)


def mange() -> Figur:
    """Return two panels with 36 schools: six outside in the first, eight in the second, of which none is named in the drawing."""
    panels = []
    for number, (label, few) in enumerate({"Lesing, 5. trinn": 6, "Regning, 5. trinn": 8}.items()):
        schools = [skole(i, 50 + (i * 7 + number) % 5 - 2, 16 + (i * 13) % 84, 50, 3) for i in range(30)]
        for i in range(few):
            school = schools[i * 3]
            schools[i * 3] = skole(i * 3, 44.0 if i % 2 else 56.0, school.n or 0, 50, 3)
        hidden = [Traktpunkt(navn=f"Skole nummer {i}", status="lite_grunnlag") for i in (31, 32)]
        private = [Traktpunkt(navn="Den private skolen", verdi=53.0, n=22, privat=True)]
        panels.append(
            Traktfelt(
                etikett=label, felles=50.0, punkter=(*schools, *hidden, *private), grenser=grenser(50.0, 10.0)
            )
        )
    return Figur(
        tittel="Nasjonale prøver 2024-25: noen skoler utenfor grensene",
        undertittel="Skalapoeng",
        alt="Trakt med prikker. Nasjonale prøver 2024-25. Lesing, 5. trinn: kommunen 50, over grensene Skole nummer 00.",
        data=Trakt(felter=tuple(panels), skala=(42.0, 58.0), enhet="tall", akse="antall elever"),
    )


def faa() -> Figur:
    """Return one panel with three schools and a share."""
    schools = (
        Traktpunkt(navn="Berg skole", verdi=0.0, n=16),
        Traktpunkt(navn="Dal skole", verdi=0.2, n=100),
        Traktpunkt(navn="Ås skole", status="skjermet_kilde"),
    )
    return Figur(
        tittel="Kartleggingsprøver 1.–3. trinn 2024-25: ingen skoler utenfor grensene",
        undertittel="Andel i prosent",
        alt="Trakt.",
        data=Trakt(
            felter=(
                Traktfelt(
                    etikett="Lesing, 1. trinn", felles=0.15, punkter=schools, grenser=grenser(0.15, None)
                ),
            ),
            skala=(0.0, 0.4),
            enhet="andel",
            akse="antall elever",
        ),
    )


def figurer() -> tuple[Figur, ...]:
    return mange(), faa()
