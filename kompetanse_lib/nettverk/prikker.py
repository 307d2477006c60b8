"""What the dots hide: the sum that a reader may try, with one school hidden and with two."""

import pandas as pd

from kompetanse_lib.nettverk.kontroll import Kontroll, make_kontroll, make_valg
from kompetanse_lib.strategi import Profil
from kompetanse_lib.tekst import load_tekst, render_tall
from kompetanse_lib.utforsk.lasting import load_fakta
from kompetanse_lib.utforsk.tabell import Faktatabell
from kompetanse_lib.utforsk.velg import select_fakta


def find_rest(fakta: Faktatabell) -> pd.Series:
    """Return what the municipality's figure leaves for the hidden schools together.

    Parameters
    ----------
    fakta
        One series in one school year: the municipality, and its public schools.

    Returns
    -------
    Series
        `skjulte` schools, the pupils (`n`) and the sum of their points (`poeng`) that are left when the shown schools are taken
        out, and the mean of all the hidden ones together (`snitt`). The means are rounded, so the sum is only about right.
    """
    level = fakta["nivaa"].astype("str")
    whole = fakta[level.eq("kommune")].iloc[0]
    # The municipality's figure is over its public schools where the source gives that.
    schools = fakta[level.eq("skole") & ~fakta["enhet"].isin(fakta.private)]
    shown = schools[schools["verdi"].notna()]
    n = int(whole["n"]) - int(shown["n"].sum())
    points = float(whole["verdi"]) * int(whole["n"]) - float((shown["verdi"] * shown["n"]).sum())
    return pd.Series(
        {
            "skjulte": len(schools) - len(shown),
            "n": n,
            "poeng": round(points),
            "snitt": round(points / n, 1) if n else None,
        }
    )


def show_regnestykke(profil: Profil = "skoleeier") -> Kontroll:
    """Return the sum that gives a hidden school away when it is hidden alone: choose how many are hidden.

    On a small table made for the purpose, with whole numbers that can be checked by head.
    """
    tekst = load_tekst()
    schools = [("A", 40, 50), ("B", 30, 48), ("C", 12, 55), ("D", 8, 44)]
    total = sum(n for _, n, _ in schools)
    points = sum(n * value for _, n, value in schools)

    def tell(skjulte: int) -> str:
        shown = schools[: len(schools) - skjulte]
        hidden = [name for name, _, _ in schools[len(shown) :]]
        rows = [(name, n, value) for name, n, value in shown]
        rest_n, rest_points = total - sum(n for _, n, _ in shown), points - sum(n * v for _, n, v in shown)
        cells = "".join(f"<tr><td>{name}</td><td>{n}</td><td>{value}</td></tr>" for name, n, value in rows)
        cells += "".join(f"<tr><td>{name}</td><td>·</td><td>·</td></tr>" for name in hidden)
        head = "".join(f"<th>{tekst(f'nettverk.regnestykke.{k}')}</th>" for k in ("skole", "elever", "snitt"))
        foot = f"<tr><th>{tekst('nettverk.regnestykke.sum')}</th><th>{total}</th><th>{render_tall(points / total, 2)}</th></tr>"
        key = "en" if skjulte == 1 else "flere" if skjulte else "ingen"
        words = tekst(
            f"nettverk.regnestykke.svar.{key}",
            n=rest_n,
            poeng=rest_points,
            snitt=render_tall(rest_points / rest_n, 1) if rest_n else "",
            skoler=" og ".join(hidden),
        )
        return f'<table>{"<tr>" + head + "</tr>"}{cells}{foot}</table><p role="status">{words}</p>'

    field = make_valg(tekst("nettverk.felt.skjulte"), [0, 1, 2], 1)
    return make_kontroll(tekst("nettverk.navn.regnestykke"), {"skjulte": field}, tell)


def select_prikker(
    indikator: str, delskaar: str, trinn: int, skoleaar: int, *, profil: Profil = "skoleeier"
) -> Faktatabell:
    """Return the municipality's figure and its schools' of one series in one year, hidden ones too."""
    facts = load_fakta(indikator, profil=profil)
    return select_fakta(
        facts,
        delskaar=delskaar,
        trinn=trinn,
        skoleaar=skoleaar,
        kjoenn="alle",
        maaltall="snitt",
        nivaa=["kommune", "skole"],
    )
