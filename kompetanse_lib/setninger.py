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
    """Return the part and the grade of a series in words, without the indicator's name and what that says already."""
    indikator = strategi.indikator(serie.indikator)
    name = [] if serie.delskaar == SAMLET else [find_navn(serie, strategi, tekst).lower()]
    grade = tekst("funn.trinn", trinn=serie.trinn) if serie.trinn else ""
    return [*name, *([grade] if grade and not _says(indikator.navn[tekst.maalform], grade) else [])]


def find_navn(serie: Serie, strategi: Strategi, tekst: Tekst) -> str:
    """Return what the part is called that a series measures."""
    return strategi.indikator(serie.indikator).maaling.delskaar(serie.delskaar).navn[tekst.maalform]


def _says(navn: str, trinn: str) -> bool:
    """Say whether a name ends with one grade, as `Digitale ferdigheter 4. trinn` does (and `1.–3. trinn` does not)."""
    return navn.endswith(f" {trinn}")


def render_mangel(faktum: Faktum | None, tekst: Tekst) -> str:
    """Return why there is no number, in a few words for a table cell."""
    if faktum is None:
        return tekst("funn.mangel.ingen")
    return tekst(f"funn.mangel.{faktum.grunn or faktum.status}")


def render_funn(funn: Funn, utvalg: Utvalg) -> Setning:
    """Return a finding as two or three sentences: figures, comparison with its certainty, how many persons the difference is.

    The words after the figures follow from the verdict alone. A survey that few have answered says so.
    """
    tekst, maaling = utvalg.tekst, utvalg.strategi.indikator(funn.serie.indikator).maaling
    opening, verdict = find_maler(funn)
    fields = _list_felt(funn, utvalg)
    sentence = Setning(
        f"{tekst(opening, **fields)} {tekst(verdict, **fields)}", f"{funn.regel}: {verdict}", funn.belegg
    )
    if funn.er_forskjell and funn.elever and funn.egen.n:
        count = tekst("funn.en") if funn.elever == 1 else render_tall(funn.elever)
        words = {"antall": count, "n": render_tall(funn.egen.n)}
        sentence = sentence.add(tekst(f"funn.omfang.{maaling.grunnlag}", **words))
    if funn.svarandel is not None and funn.svarandel < utvalg.strategi.terskel("svarandel"):
        sentence = sentence.add(tekst("funn.frafall", andel=render_prosent(funn.svarandel)))
    return sentence


def find_maler(funn: Funn) -> tuple[str, str]:
    """Return the keys of a finding's two templates: its figures, and its verdict."""
    kind = find_slag(funn)
    limit = kind == "posisjon" and funn.ramme is not None and funn.ramme.serie_foer.maaltall == "andel"
    opening = "grense" if limit else kind if kind in {"kohort", "posisjon"} else "tall"
    return f"funn.inngang.{opening}", f"funn.{find_ordvalg(funn)}.{kind}"


def find_ordvalg(funn: Funn) -> str:
    """Return which words a finding may be told in: they follow from the verdict alone."""
    return "som_ventet" if funn.utfall == "som_ventet" else funn.dom


def find_slag(funn: Funn) -> str:
    """Return what kind of comparison a finding is: `nivaa`, `endring`, `kohort` or `posisjon`."""
    if funn.ramme is not None:
        return "posisjon" if funn.ramme.er_posisjon else "kohort"
    return "endring" if funn.mot == "tidligere" else "nivaa"


def render_aar(funn: Funn, tekst: Tekst) -> str:
    """Return the school year, or the pooled years, that a finding is held against."""
    kind = "ett" if funn.mot_fra == funn.mot_skoleaar else "flere"
    return tekst(
        f"funn.aar.{kind}", fra=render_skoleaar(funn.mot_fra), til=render_skoleaar(funn.mot_skoleaar)
    )


def render_mot(funn: Funn, utvalg: Utvalg) -> str:
    """Return what a finding is held against, as it stands after a preposition: `resten av kommunen`, `landet`."""
    whole = utvalg.faktum(funn.serie, "kommune")
    # A private school is not part of a figure over the municipality's own schools, and nothing is left out of that.
    is_whole = funn.mot == "kommune" and whole is not None and whole.n == funn.annen.n
    return utvalg.tekst(f"funn.mot.{'kommunale' if is_whole else funn.mot}")


def _list_felt(funn: Funn, utvalg: Utvalg) -> dict[str, str]:
    """Return what the templates of a finding may say."""
    tekst, strategi, frame = utvalg.tekst, utvalg.strategi, funn.ramme
    part = strategi.indikator(funn.serie.indikator).maaling.delskaar(funn.serie.delskaar)
    direction = "hoeyere" if funn.forskjell.verdi > 0 else "lavere"
    fields = {
        "hva": render_hva(funn.serie, strategi, tekst),
        "egen": render_estimat(funn.egen, part, tekst),
        "aar": render_aar(funn, tekst),
        "retning": tekst(f"funn.retning.{direction}"),
        "framgang": tekst(f"funn.framgang.{direction}"),
        "vei": tekst(f"funn.vei.{direction}"),
    }
    if frame is None:
        reckoned = funn.mot == "kommune" or funn.mot_fra != funn.mot_skoleaar
        mot = "" if funn.mot in TIDLIGERE else render_mot(funn, utvalg)
        return fields | {"annen": _render_annen(funn.annen, part, tekst, regnet=reckoned), "mot": mot}
    first = strategi.indikator(frame.serie_foer.indikator).maaling.delskaar(frame.serie_foer.delskaar)
    reckoned = frame.rolle == "kommune"
    return fields | {
        "mot": tekst(f"funn.mot.{frame.rolle}"),
        "trinn_foer": str(frame.serie_foer.trinn),
        "annen": _render_annen(funn.annen, first, tekst, regnet=False),
        "ramme_foer": _render_annen(frame.foer, first, tekst, regnet=reckoned),
        "ramme_etter": _render_annen(frame.etter, part, tekst, regnet=reckoned),
    }


def _render_annen(estimat: Estimat, delskaar: Delskaar, tekst: Tekst, *, regnet: bool) -> str:
    """Return the figure that the own one is held against, bare; one that is reckoned with a decimal, so that 50 is not 50,4."""
    if regnet and delskaar.skala.desimaler == 0 and delskaar.enhet != "andel":
        return render_tall(estimat.verdi, 1)
    return render_verdi(estimat.verdi, delskaar, tekst)
