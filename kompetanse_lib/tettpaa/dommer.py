"""What has happened to signs and goals, in words: which words follows from the verdict alone."""

from typing import Literal

from kompetanse_lib.estimering import find_delskaar
from kompetanse_lib.fakta import render_skoleaar
from kompetanse_lib.setninger import render_estimat, render_faktum, render_verdi
from kompetanse_lib.statistikk import Estimat
from kompetanse_lib.tekst.setning import Setning
from kompetanse_lib.tettpaa.oppfoelging import Fulgt, FulgtMaal, FulgtTiltak
from kompetanse_lib.tettpaa.utvikling import Utvikling
from kompetanse_lib.utvalg import Utvalg

Side = Literal["bra", "uvisst", "daarlig", "ingen"]


def find_side(utvikling: Utvikling | None) -> Side:
    """Return which side a verdict is on: for better, for worse, not known, or nothing to judge."""
    if utvikling is None:
        return "ingen"
    return {"tydelig": "bra", "trolig": "bra", "motsatt": "daarlig"}.get(utvikling.dom, "uvisst")  # type: ignore[return-value]


def render_dom(fulgt: FulgtTiltak, utvalg: Utvalg) -> Setning:
    """Return the verdict on a measure's sign as one sentence."""
    change = fulgt.utvikling
    if change is None:
        return Setning(utvalg.tekst("tettpaa.dom.uten_tegn"), "tettpaa.dom.uten_tegn")
    key = f"tettpaa.dom.{find_ordvalg(change)}"
    words = utvalg.tekst(key, retning=_render_retning(change, utvalg), aar=_render_foer(change, utvalg))
    return Setning(words[0].upper() + words[1:], key, list_belegg(change, utvalg))


def find_ordvalg(utvikling: Utvikling) -> str:
    """Return which words a verdict may be told in."""
    if utvikling.grunn:
        return utvikling.grunn
    beside = "utover" if utvikling.utover else "alene" if utvikling.forskjell else "sikkert"
    if utvikling.dom == "kan_ikke_si":
        return f"kan_ikke_si_{beside}"
    return f"{utvikling.dom}_{beside}"


def render_maaltilstand(fulgt: FulgtMaal, utvalg: Utvalg) -> Setning:
    """Return whether a goal is reached, in words with the figure and its range."""
    tekst, goal = utvalg.tekst, fulgt.maal
    if fulgt.naa is None or fulgt.naa.verdi is None or goal.tegn is None or goal.maal is None:
        key = (
            "tettpaa.maal.uten_tegn" if goal.tegn is None or goal.maal is None else "tettpaa.maal.ingen_tall"
        )
        return Setning(tekst(key), key)
    serie = fulgt.utvikling.serie if fulgt.utvikling else None
    part = utvalg.strategi.indikator(goal.tegn.indikator).maaling.delskaar(goal.tegn.delskaar)
    estimate = fulgt.naa_estimat
    value = render_estimat(estimate, part, tekst) if estimate else render_faktum(fulgt.naa, part, tekst)
    key = f"tettpaa.maal.{fulgt.tilstand}{'' if estimate else '_sikkert'}"
    late = fulgt.frist_ute and fulgt.tilstand != "naadd"
    words = tekst(key, verdi=value, maal=render_verdi(goal.maal, part, tekst))
    sentence = Setning(words, key, (utvalg.noekkel(serie),) if serie else ())
    return sentence.add(tekst("tettpaa.maal.frist_ute")) if late else sentence


def find_maalside(fulgt: FulgtMaal) -> Side:
    """Return which side the state of a goal is on."""
    sides: dict[str, Side] = {"naadd": "bra", "ikke_naadd": "daarlig", "kan_ikke_si": "uvisst"}
    return sides.get(fulgt.tilstand, "ingen")


def render_vedtak(fulgt: Fulgt, utvalg: Utvalg) -> str:
    """Return what was decided year by year: `2024-25: videreføre. 2025-26: justere.`; empty where nothing was."""
    return " ".join(
        f"{render_skoleaar(v.skoleaar)}: {utvalg.tekst(f'tettpaa.beslutning.{v.beslutning}')}."
        for v in fulgt.vedtak
    )


def list_belegg(utvikling: Utvikling, utvalg: Utvalg) -> tuple[str, ...]:
    """Return the names of the facts that a verdict rests on."""
    years = range(utvikling.foer_fra, utvikling.foer_til + 1) if utvikling.foer else ()
    keys = [utvalg.noekkel(utvikling.serie, skoleaar=year) for year in (*years, utvalg.skoleaar)]
    if utvikling.utover:
        keys += [utvalg.noekkel(utvikling.serie, "kommune", year) for year in (*years, utvalg.skoleaar)]
    return tuple(keys) if utvikling.naa else ()


def render_tall(estimat: Estimat, utvikling: Utvikling, utvalg: Utvalg) -> str:
    """Return a figure of a sign in its unit, with its range where it has one."""
    part = find_delskaar(utvalg, utvikling.serie)
    if estimat.lav == estimat.hoey:
        return render_verdi(estimat.verdi, part, utvalg.tekst)
    return render_estimat(estimat, part, utvalg.tekst)


def _render_retning(utvikling: Utvikling, utvalg: Utvalg) -> str:
    change = utvikling.forskjell
    if change is not None:
        up = change.verdi > 0
    else:
        now = utvikling.naa.verdi if utvikling.naa else None
        up = (now or 0.0) > (utvikling.foer.verdi if utvikling.foer else 0.0)
    return utvalg.tekst(f"funn.retning.{'hoeyere' if up else 'lavere'}")


def _render_foer(utvikling: Utvikling, utvalg: Utvalg) -> str:
    if not utvikling.foer:
        return ""
    first, last = render_skoleaar(utvikling.foer_fra), render_skoleaar(utvikling.foer_til)
    return first if first == last else utvalg.tekst("side.linje.fra_aar_til", fra=first, til=last)
