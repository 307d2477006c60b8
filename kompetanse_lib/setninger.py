"""Protected facts and findings in words: values with units and ranges, and one sentence per finding.

The templates stand in `tekst/<målform>/funn.yml`; which one is used follows from the verdict alone, so a sentence
never says more than the finding does.
"""

from typing import Final

from kompetanse_lib.fakta import render_skoleaar
from kompetanse_lib.funn import TIDLIGERE, Funn
from kompetanse_lib.statistikk import Estimat
from kompetanse_lib.strategi import Strategi
from kompetanse_lib.strategi.modell import Delskaar
from kompetanse_lib.tekst import Tekst, render_prosent, render_tall
from kompetanse_lib.tekst.setning import Setning
from kompetanse_lib.utvalg import Faktum, Serie, Utvalg

SAMLET: Final = "samlet"


def render_verdi(verdi: float, delskaar: Delskaar, tekst: Tekst) -> str:
    """Return a value in its unit, as people write it: `46`, `12,5 %`, `steg 3 av 4`, `ja`."""
    decimals = delskaar.skala.desimaler
    match delskaar.enhet:
        case "andel":
            return render_prosent(verdi, decimals)
        case "ja_nei":
            return tekst("funn.ja" if verdi >= 1 else "funn.nei")
        case "steg":
            return tekst("funn.steg", steg=render_tall(verdi), hoeyeste=render_tall(delskaar.skala.til))
        case _:
            return render_tall(verdi, decimals)


def render_estimat(estimat: Estimat, delskaar: Delskaar, tekst: Tekst) -> str:
    """Return a value with its 95 % range: `46 ± 2,4`, or for a share `12 % (5–25 %)`."""
    value = render_verdi(estimat.verdi, delskaar, tekst)
    if delskaar.enhet == "andel":
        low, high = render_prosent(estimat.lav, 0), render_prosent(estimat.hoey, 0)
        return f"{value} ({low.split()[0]}–{high})"
    decimals = max(delskaar.skala.desimaler, 1)
    # A range that rounds to nothing would read as certainty.
    vanishes = estimat.halvbredde > 0 and round(estimat.halvbredde, decimals) == 0
    return f"{value} ± {render_tall(estimat.halvbredde, decimals + 1 if vanishes else decimals)}"


def render_faktum(faktum: Faktum | None, delskaar: Delskaar, tekst: Tekst) -> str:
    """Return a fact as a bare value, a share of persons as per cent and count, or the reason why there is none."""
    if faktum is None or faktum.verdi is None:
        return render_mangel(faktum, tekst)
    value = render_verdi(faktum.verdi, delskaar, tekst)
    if delskaar.enhet != "andel" or not faktum.n:
        return value
    count = render_tall(round(faktum.verdi * faktum.n))
    return tekst("funn.andel_av", andel=value, k=count, n=render_tall(faktum.n))


def render_hva(serie: Serie, strategi: Strategi, tekst: Tekst) -> str:
    """Return what a series measures: `Nasjonale prøver, lesing, 5. trinn`."""
    indikator = strategi.indikator(serie.indikator)
    parts = [indikator.navn[tekst.maalform], *render_del(serie, strategi, tekst)]
    return ", ".join(parts)


def render_del(serie: Serie, strategi: Strategi, tekst: Tekst) -> list[str]:
    """Return the part and the grade of a series in words, without the indicator's name."""
    part = strategi.indikator(serie.indikator).maaling.delskaar(serie.delskaar)
    name = [] if serie.delskaar == SAMLET else [part.navn[tekst.maalform].lower()]
    return [*name, *([tekst("funn.trinn", trinn=serie.trinn)] if serie.trinn else [])]


def render_mangel(faktum: Faktum | None, tekst: Tekst) -> str:
    """Return why there is no number, in a few words for a table cell."""
    if faktum is None:
        return tekst("funn.mangel.ingen")
    return tekst(f"funn.mangel.{faktum.grunn or faktum.status}")


def render_funn(funn: Funn, utvalg: Utvalg) -> Setning:
    """Return a finding as one or two sentences: figures, comparison, certainty, and how many persons the difference is."""
    tekst, serie = utvalg.tekst, funn.serie
    maaling = utvalg.strategi.indikator(serie.indikator).maaling
    delskaar = maaling.delskaar(serie.delskaar)
    direction = "hoeyere" if funn.forskjell.verdi > 0 else "lavere"
    words = f"funn.{find_ordvalg(funn)}.{find_slag(funn)}"
    text = tekst(
        words,
        hva=render_hva(serie, utvalg.strategi, tekst),
        egen=render_estimat(funn.egen, delskaar, tekst),
        annen=render_estimat(funn.annen, delskaar, tekst),
        mot="" if funn.mot in TIDLIGERE else tekst(f"funn.mot.{funn.mot}"),
        aar=render_aar(funn, tekst),
        retning=tekst(f"funn.retning.{direction}"),
        framgang=tekst(f"funn.framgang.{direction}"),
    )
    sentence = Setning(text, f"{funn.regel}: {words}", funn.belegg)
    if not (funn.er_forskjell and funn.elever and funn.egen.n):
        return sentence
    count = {"antall": render_tall(funn.elever), "n": render_tall(funn.egen.n)}
    return sentence.add(tekst(f"funn.omfang.{maaling.grunnlag}", **count))


def find_ordvalg(funn: Funn) -> str:
    """Return which words a finding may be told in: they follow from the verdict alone."""
    return "som_ventet" if funn.utfall == "som_ventet" else funn.dom


def find_slag(funn: Funn) -> str:
    """Return what kind of comparison a finding is: `nivaa`, `endring` or `kohort`."""
    return {"tidligere": "endring", "kohort": "kohort"}.get(funn.mot, "nivaa")


def render_aar(funn: Funn, tekst: Tekst) -> str:
    """Return the school year, or the pooled years, that a finding is held against."""
    kind = "ett" if funn.mot_fra == funn.mot_skoleaar else "flere"
    return tekst(
        f"funn.aar.{kind}", fra=render_skoleaar(funn.mot_fra), til=render_skoleaar(funn.mot_skoleaar)
    )
