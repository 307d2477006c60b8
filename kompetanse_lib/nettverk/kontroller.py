"""Controls for those who do not code: lists and sliders above a figure, on the municipality that is at hand."""

from functools import cache, partial

import ipywidgets as widgets
import matplotlib.pyplot as plt
import numpy as np
from markupsafe import escape

from kompetanse_lib.fakta import render_skoleaar
from kompetanse_lib.nettverk.kontroll import Kontroll, make_kontroll, make_valg
from kompetanse_lib.statistikk.estimat import Z95
from kompetanse_lib.strategi import Profil
from kompetanse_lib.tekst import load_tekst, render_tall
from kompetanse_lib.utforsk.endring import find_endringer
from kompetanse_lib.utforsk.figurer import draw_serier, draw_trakt
from kompetanse_lib.utforsk.graf import Graf, make_graf
from kompetanse_lib.utforsk.grafstil import BREDDE, set_figurstil
from kompetanse_lib.utforsk.lasting import load_fakta
from kompetanse_lib.utforsk.tabell import Faktatabell
from kompetanse_lib.utforsk.velg import add_navn, select_fakta
from kompetanse_lib.visning.stil import LYS

PROEVER = "nasjonale_proever"
FLEST_ELEVER = 120


def show_tidslinje(
    indikator: str = PROEVER, trinn: int = 5, *, skole: str = "", profil: Profil = "skoleeier"
) -> Kontroll:
    """Return time lines of one school among the others: choose the school and the part.

    Parameters
    ----------
    skole
        The school's name that is chosen first.
    """
    tekst, facts = load_tekst(), _select_skoler(indikator, trinn, profil)
    part = _delskaarer(facts)
    names = {id_: name.lower() for name, id_ in part}

    def draw(skole: str, delskaar: str) -> Graf:
        rows = select_fakta(facts, delskaar=delskaar)
        return draw_serier(rows, fremhev=[skole], tittel=f"{skole}: {names[delskaar]}")

    fields = {
        "skole": make_valg(tekst("nettverk.felt.skole"), _skoler(facts), skole or None),
        "delskaar": make_valg(tekst("nettverk.felt.del"), part),
    }
    return make_kontroll(tekst("nettverk.navn.tidslinje"), fields, draw)


def show_trakt(
    indikator: str = PROEVER, trinn: int = 5, *, skole: str = "", profil: Profil = "skoleeier"
) -> Kontroll:
    """Return the funnel of all schools: choose the part, the year, and a school to find in it."""
    tekst, facts = load_tekst(), _select_skoler(indikator, trinn, profil)

    def draw(skole: str, delskaar: str, skoleaar: int) -> Graf:
        return draw_trakt(select_fakta(facts, delskaar=delskaar, skoleaar=skoleaar), fremhev=[skole])

    fields = {
        "skole": make_valg(tekst("nettverk.felt.skole"), _skoler(facts), skole or None),
        "delskaar": make_valg(tekst("nettverk.felt.del"), _delskaarer(facts)),
        "skoleaar": make_valg(tekst("nettverk.felt.skoleaar"), _skoleaar(facts)[::-1]),
    }
    return make_kontroll(tekst("nettverk.navn.trakt"), fields, draw)


def show_endring(
    indikator: str = PROEVER, trinn: int = 5, *, skole: str = "", profil: Profil = "skoleeier"
) -> Kontroll:
    """Return what can be said of a school's change between two years: choose the school, the part and the years."""
    tekst, facts = load_tekst(), _select_skoler(indikator, trinn, profil)
    years = _skoleaar(facts)
    newest = max(year for _, year in years)
    first = min(
        int(year) for year in facts.loc[facts["versjon"].astype("str").eq(_siste_versjon(facts)), "skoleaar"]
    )

    def tell(skole: str, delskaar: str, fra: int, til: int) -> str:
        found = find_endringer(select_fakta(facts, delskaar=delskaar), fra, til)
        mine = found[found["navn"].eq(skole)]
        if mine.empty:
            return tekst("nettverk.endring.skjult", skole=escape(skole))
        row = mine.iloc[0]
        key, decimals = "tydelig" if row["tydelig"] else "kan_ikke_si", _desimaler(facts, delskaar)
        numbers = {
            "fra": render_tall(row["verdi_fra"], decimals),
            "til": render_tall(row["verdi_til"], decimals),
            "endring": render_tall(row["endring"], decimals),
            "lav": render_tall(row["lav"], 1),
            "hoey": render_tall(row["hoey"], 1),
            "n_fra": int(row["n_fra"]),
            "n_til": int(row["n_til"]),
        }
        return f'<p role="status">{tekst(f"nettverk.endring.{key}", skole=escape(skole), **numbers)}</p>'

    fields = {
        "skole": make_valg(tekst("nettverk.felt.skole"), _skoler(facts), skole or None),
        "delskaar": make_valg(tekst("nettverk.felt.del"), _delskaarer(facts)),
        "fra": make_valg(tekst("nettverk.felt.fra"), years, first),
        "til": make_valg(tekst("nettverk.felt.til"), years, newest),
    }
    return make_kontroll(tekst("nettverk.navn.endring"), fields, tell)


def show_kull(snitt: float = 50, standardavvik: float = 10) -> Kontroll:
    """Return fifty cohorts drawn from one and the same school: choose how many pupils there are in each, and draw anew.

    Parameters
    ----------
    snitt, standardavvik
        The school's own level, and the spread between pupils, in scale points.
    """
    tekst = load_tekst()
    fields = {
        "elever": widgets.IntSlider(
            20, 5, FLEST_ELEVER, 5, description=tekst("nettverk.felt.elever"), continuous_update=False
        ),
        "trekning": widgets.BoundedIntText(1, 1, 999, description=tekst("nettverk.felt.trekning")),
    }
    return make_kontroll(
        tekst("nettverk.navn.kull"), fields, partial(_draw_kull, snitt=snitt, standardavvik=standardavvik)
    )


def show_minste_endring(standardavvik: float = 10) -> Kontroll:
    """Return how much a grade's mean must move before chance does not explain it: choose the number of pupils."""
    tekst = load_tekst()

    def tell(elever: int) -> str:
        least = Z95 * standardavvik * (2 / elever) ** 0.5
        return f'<p role="status">{tekst("nettverk.minste_endring", elever=elever, poeng=render_tall(least, 1))}</p>'

    slider = widgets.IntSlider(
        20, 5, FLEST_ELEVER, 5, description=tekst("nettverk.felt.elever"), continuous_update=False
    )
    return make_kontroll(tekst("nettverk.navn.minste_endring"), {"elever": slider}, tell)


@cache
def _load(indikator: str, profil: Profil) -> Faktatabell:
    return load_fakta(indikator, profil=profil)


def _select_skoler(indikator: str, trinn: int, profil: Profil) -> Faktatabell:
    return add_navn(
        select_fakta(_load(indikator, profil), nivaa="skole", trinn=trinn, kjoenn="alle", maaltall="snitt")
    )


def _skoler(fakta: Faktatabell) -> list[str]:
    return sorted(set(fakta["navn"]))


def _delskaarer(fakta: Faktatabell) -> list[tuple[str, str]]:
    """Return name and id of the parts, in the catalogue's order."""
    measure = fakta.strategi.indikator(str(fakta["indikator"].iloc[0])).maaling if fakta.strategi else None
    present = set(fakta["delskaar"].astype("str"))
    return [(d.navn.nb, d.id) for d in (measure.delskaarer if measure else ()) if d.id in present]


def _desimaler(fakta: Faktatabell, delskaar: str) -> int:
    """Return how many decimals a part is published with."""
    measure = fakta.strategi.indikator(str(fakta["indikator"].iloc[0])).maaling if fakta.strategi else None
    return measure.delskaar(delskaar).skala.desimaler if measure else 0


def _skoleaar(fakta: Faktatabell) -> list[tuple[str, int]]:
    return [(render_skoleaar(int(year)), int(year)) for year in sorted(set(fakta["skoleaar"]))]


def _siste_versjon(fakta: Faktatabell) -> str:
    return str(fakta.loc[fakta["skoleaar"].eq(fakta["skoleaar"].max()), "versjon"].iloc[0])


def _draw_kull(elever: int, trekning: int, snitt: float, standardavvik: float) -> Graf:
    set_figurstil()
    tekst, rng = load_tekst(), np.random.default_rng(trekning)
    means = rng.normal(snitt, standardavvik, size=(50, elever)).mean(axis=1)
    figure, ax = plt.subplots(figsize=(BREDDE, 2.6))
    ax.axhline(snitt, color=LYS["kommune"], lw=1.4)
    ax.plot(np.arange(1, 51), means, "o", color=LYS["egen"], ms=4, label=tekst("nettverk.kull.kull"))
    ax.set(
        ylim=(snitt - 16, snitt + 16),
        xlabel=tekst("nettverk.kull.nummer"),
        ylabel=tekst("utforsk.enhet.skalapoeng"),
    )
    title = tekst(
        "nettverk.kull.tittel",
        elever=elever,
        lav=render_tall(means.min(), 1),
        hoey=render_tall(means.max(), 1),
    )
    ax.set_title(title)
    return make_graf(figure, title)
