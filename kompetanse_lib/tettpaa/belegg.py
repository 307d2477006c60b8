"""What speaks to a question: sentences from findings, facts, measures and goals, chosen by the rule that the catalogue names.

People's own words are never part of a sentence here: measures and goals are named by their numbers.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby, zip_longest
from typing import Final

from kompetanse_lib.estimering import estimate_faktum, find_delskaar
from kompetanse_lib.funn import TIDLIGERE, Funn
from kompetanse_lib.setninger import (
    find_slag,
    render_aar,
    render_del,
    render_estimat,
    render_faktum,
    render_funn,
    render_hva,
    render_mot,
)
from kompetanse_lib.strategi import Indikator
from kompetanse_lib.strategi.modell import Belegg
from kompetanse_lib.tekst import render_prosent, render_tall
from kompetanse_lib.tekst.setning import Setning
from kompetanse_lib.tettpaa.dommer import list_belegg, render_dom, render_maaltilstand
from kompetanse_lib.tettpaa.funnvalg import find_endringer, find_tydelige, find_utfordringer
from kompetanse_lib.tettpaa.grunnlag import Grunnlag, render_numre
from kompetanse_lib.tettpaa.kommunebelegg import REGLER as OM_SKOLENE
from kompetanse_lib.tettpaa.oppfoelging import FulgtTiltak
from kompetanse_lib.utvalg import Serie, Utvalg

FORDELING: Final = "fordeling"
EIER: Final = "skoleeier"


def find_setninger(belegg: Belegg, grunnlag: Grunnlag) -> Iterator[Setning]:
    """Yield what speaks to a question, the most telling first; of all schools together to the owner alone."""
    utvalg = grunnlag.utvalg
    if belegg.regel in OM_SKOLENE:
        if utvalg.skole is None and utvalg.profil == EIER:
            yield from OM_SKOLENE[belegg.regel](belegg, grunnlag)
        return
    yield from _REGLER[belegg.regel](belegg, grunnlag)


def _find_gunstige(_: Belegg, grunnlag: Grunnlag) -> Iterator[Setning]:
    for finding in find_tydelige(grunnlag.funn, gunstig=True):
        yield render_funn(finding, grunnlag.utvalg)


def _find_ugunstige(_: Belegg, grunnlag: Grunnlag) -> Iterator[Setning]:
    """Yield what is a challenge: levels on the worse side, then changes to the worse."""
    for finding in find_utfordringer(grunnlag.funn):
        yield render_funn(finding, grunnlag.utvalg)


def _find_begge(_: Belegg, grunnlag: Grunnlag) -> Iterator[Setning]:
    """Yield the surest on either side in turn, so that neither crowds out the other."""
    sides = (find_tydelige(grunnlag.funn, gunstig=better) for better in (True, False))
    for pair in zip_longest(*sides):
        yield from (render_funn(finding, grunnlag.utvalg) for finding in pair if finding)


def _find_endringer(_: Belegg, grunnlag: Grunnlag) -> Iterator[Setning]:
    for finding in find_endringer(grunnlag.funn):
        yield render_funn(finding, grunnlag.utvalg)


def _find_status(belegg: Belegg, grunnlag: Grunnlag) -> Iterator[Setning]:
    """Yield the figures that the catalogue names of some indicators."""
    utvalg = grunnlag.utvalg
    for indikator in _select(utvalg, belegg):
        named = {(t.delskaar, t.trinn) for t in indikator.maaling.tidslinjer}
        for serie in utvalg.find_serier(indikator):
            if (serie.delskaar, serie.trinn) in named and not serie.maaltall.startswith(FORDELING):
                yield from _tell(serie, utvalg)


def _find_kull(belegg: Belegg, grunnlag: Grunnlag) -> Iterator[Setning]:
    """Yield how many pupils of each grade stand behind this year's figures: what a school can know of its pupils here."""
    utvalg = grunnlag.utvalg
    for indikator in _select(utvalg, belegg):
        series = [s for s in utvalg.find_serier(indikator) if s.maaltall in {"snitt", "andel"} and s.trinn]
        for grade, mine in groupby(series, lambda s: s.trinn):
            sizes = {s: f.n for s in mine if (f := utvalg.faktum(s)) and f.er_vist and f.n}
            if sizes:
                largest = max(sizes, key=lambda s: (sizes[s] or 0, s.delskaar))
                yield _make(
                    utvalg,
                    "kull",
                    largest,
                    trinn=grade,
                    n=sizes[largest],
                    proeve=indikator.navn[utvalg.maalform].lower(),
                )


def _find_ytterpunkter(belegg: Belegg, grunnlag: Grunnlag) -> Iterator[Setning]:
    """Yield the pupils under limits of concern, and those on the lowest and the highest level."""
    utvalg = grunnlag.utvalg
    for indikator in _select(utvalg, belegg):
        series = list(utvalg.find_serier(indikator))
        for serie in series:
            fact = utvalg.faktum(serie)
            if serie.maaltall == "andel" and fact and fact.er_vist:
                value = render_faktum(fact, find_delskaar(utvalg, serie), utvalg.tekst)
                yield _make(utvalg, "under_grensen", serie, hva=_name(serie, utvalg), verdi=value)
        levels = sorted(
            (s for s in series if s.maaltall.startswith(FORDELING)),
            key=lambda s: (s.trinn or 0, s.delskaar, s.maaltall),
        )
        for _same, group in groupby(levels, lambda s: (s.trinn, s.delskaar)):
            yield from _tell_nivaaer(list(group), utvalg)


def _tell_nivaaer(levels: Sequence[Serie], utvalg: Utvalg) -> Iterator[Setning]:
    facts = [utvalg.faktum(serie) for serie in levels]
    if len(levels) > 1 and all(fact and fact.er_vist for fact in facts):
        low, high = ((fact.verdi or 0.0) if fact else 0.0 for fact in (facts[0], facts[-1]))
        words = {"lav": render_prosent(low), "hoey": render_prosent(high)}
        name = ", ".join(render_del(levels[0], utvalg.strategi, utvalg.tekst))
        keys = tuple(utvalg.noekkel(serie) for serie in (levels[0], levels[-1]))
        key = "tettpaa.belegg.nederst_oeverst"
        yield Setning(utvalg.tekst(key, hva=name, **words), key, keys)


def _find_kompetanse(belegg: Belegg, grunnlag: Grunnlag) -> Iterator[Setning]:
    """Yield who lacks formal competence, and the lowest and the highest factor of the staff survey."""
    utvalg = grunnlag.utvalg
    for indikator in _select(utvalg, belegg):
        shown = [
            (estimate.verdi, serie)
            for serie in utvalg.find_serier(indikator)
            if (part := find_delskaar(utvalg, serie)).retning != "ingen"
            and (estimate := estimate_faktum(utvalg.faktum(serie), part))
        ]
        if indikator.maaling.grunnlag != "ansatte":
            for _, serie in shown:
                yield from _tell(serie, utvalg)
        elif len(shown) > 1:
            ends = {"laveste": min(shown, key=_value), "hoeyeste": max(shown, key=_value)}
            for place, (_, serie) in ends.items():
                part = find_delskaar(utvalg, serie)
                estimate = estimate_faktum(utvalg.faktum(serie), part)
                if estimate:
                    words = {"verdi": render_estimat(estimate, part, utvalg.tekst)}
                    words["plass"] = utvalg.tekst(f"tettpaa.belegg.{place}")
                    yield _make(utvalg, "faktor", serie, hva=_name(serie, utvalg), **words)


def _value(pair: tuple[float, Serie]) -> float:
    return pair[0]


def _find_svar_paa(_: Belegg, grunnlag: Grunnlag) -> Iterator[Setning]:
    """Yield challenges that no measure answers, then those that one does, then measures that answer none."""
    utvalg, followed = grunnlag.utvalg, grunnlag.oppfoelging
    for finding in followed.uten_tiltak:
        yield render_uten_tiltak(finding, utvalg)
    for challenge in (u for u in followed.utfordringer if u.tiltak):
        words = {"hva": _name(challenge.funn.serie, utvalg)}
        words["numre"] = render_numre((t.tiltak.id for t in challenge.tiltak), grunnlag)
        key = "tettpaa.belegg.svarer"
        yield Setning(utvalg.tekst(key, **words), key, challenge.funn.belegg)
    if own := [t.nummer for t in followed.tiltak if t.svarer_paa == "egen" and not t.er_avsluttet]:
        key = f"tettpaa.belegg.svarer_egen{'' if len(own) == 1 else '_flere'}"
        yield Setning(utvalg.tekst(key, numre=render_numre(own, grunnlag)), key)
    if alone := followed.uten_utfordring:
        key = "tettpaa.belegg.uten_utfordring"
        yield Setning(utvalg.tekst(key, numre=render_numre((t.tiltak.id for t in alone), grunnlag)), key)


def render_uten_tiltak(funn: Funn, utvalg: Utvalg) -> Setning:
    """Return a challenge in the figures that no measure answers."""
    kind = find_slag(funn)
    key = "tettpaa.belegg.uten_tiltak" + {"nivaa": "", "endring": "_endring"}.get(kind, "_kohort")
    direction = utvalg.tekst(f"funn.retning.{'hoeyere' if funn.forskjell.verdi > 0 else 'lavere'}")
    mot = "" if funn.mot in TIDLIGERE else render_mot(funn, utvalg)
    words = {"hva": _name(funn.serie, utvalg), "retning": direction, "mot": mot}
    return Setning(utvalg.tekst(key, aar=render_aar(funn, utvalg.tekst), **words), key, funn.belegg)


def _find_sammenheng(_: Belegg, grunnlag: Grunnlag) -> Iterator[Setning]:
    """Yield the measures that follow the same sign, else the same indicator."""
    utvalg = grunnlag.utvalg
    going = [t for t in grunnlag.oppfoelging.tiltak if t.tiltak.tegn and not t.er_avsluttet]
    told: set[str] = set()
    rules: tuple[tuple[str, Callable[[FulgtTiltak], str]], ...] = (
        ("samme_tegn", lambda t: t.tiltak.tegn.noekkel if t.tiltak.tegn else ""),
        ("samme_indikator", lambda t: t.tiltak.tegn.indikator if t.tiltak.tegn else ""),
    )
    for word, key_of in rules:
        for _same, group in groupby(sorted(going, key=key_of), key_of):
            mine = list(group)
            numbers = [t.tiltak.id for t in mine]
            change = mine[0].utvikling
            if len(mine) > 1 and not told & set(numbers) and change:
                told |= set(numbers)
                name = (
                    _name(change.serie, utvalg)
                    if word == "samme_tegn"
                    else utvalg.strategi.indikator(change.serie.indikator).navn[utvalg.maalform]
                )
                key = f"tettpaa.belegg.{word}"
                yield Setning(utvalg.tekst(key, numre=render_numre(numbers, grunnlag), hva=name), key)


def _find_deling(_: Belegg, grunnlag: Grunnlag) -> Iterator[Setning]:
    going = [t.tiltak for t in grunnlag.oppfoelging.tiltak if not t.er_avsluttet]
    shared = [t.id for t in going if t.deles]
    if going:
        key = f"tettpaa.belegg.{'deles' if shared else 'ingen_deles'}"
        yield Setning(grunnlag.utvalg.tekst(key, numre=render_numre(shared, grunnlag)), key)


def _find_resultater(_: Belegg, grunnlag: Grunnlag) -> Iterator[Setning]:
    """Yield the verdict on each measure's sign, those that say most first."""
    order = {"motsatt": 0, "tydelig": 1, "trolig": 2}
    said = sorted(
        grunnlag.oppfoelging.tiltak, key=lambda t: order.get(t.utvikling.dom, 3) if t.utvikling else 4
    )
    for followed in said:
        verdict = render_dom(followed, grunnlag.utvalg)
        keys = list_belegg(followed.utvikling, grunnlag.utvalg) if followed.utvikling else ()
        words = {"nummer": followed.tiltak.id, "dom": verdict[0].lower() + verdict[1:]}
        yield Setning(grunnlag.utvalg.tekst("tettpaa.belegg.tiltak_dom", **words), verdict.regel, keys)


def _find_maalbidrag(_: Belegg, grunnlag: Grunnlag) -> Iterator[Setning]:
    for followed in grunnlag.oppfoelging.maal:
        state = render_maaltilstand(followed, grunnlag.utvalg)
        words = {"nummer": followed.maal.id, "dom": state[0].lower() + state[1:]}
        yield Setning(
            grunnlag.utvalg.tekst("tettpaa.belegg.maal_tilstand", **words), state.regel, state.belegg
        )


def _find_justeringer(_: Belegg, grunnlag: Grunnlag) -> Iterator[Setning]:
    """Yield what was decided this year, and what was left undecided."""
    utvalg, followed = grunnlag.utvalg, (*grunnlag.oppfoelging.tiltak, *grunnlag.oppfoelging.maal)
    decided, left = [], []
    for case in followed:
        now = next((v.beslutning for v in case.vedtak if v.skoleaar == utvalg.skoleaar), None)
        if now:
            decided.append(f"{case.nummer} {utvalg.tekst(f'tettpaa.beslutning.{now}')}")
        elif case.foer and not case.er_avsluttet:
            left.append(case.nummer)
    if decided:
        key = "tettpaa.belegg.vedtak"
        yield Setning(utvalg.tekst(key, vedtak=", ".join(decided)), key)
    if left:
        key = "tettpaa.belegg.uten_vedtak"
        yield Setning(utvalg.tekst(key, numre=render_numre(left, grunnlag)), key)


def _select(utvalg: Utvalg, belegg: Belegg) -> list[Indikator]:
    return [i for i in utvalg.indikatorer if i.id in belegg.indikatorer]


def _tell(serie: Serie, utvalg: Utvalg) -> Iterator[Setning]:
    fact = utvalg.faktum(serie)
    of_schools = utvalg.strategi.indikator(serie.indikator).maaling.grunnlag == "skoler"
    if fact is not None and of_schools and serie.maaltall == "andel":
        # The municipality's own figure of what schools do is how many schools: a share of them, whatever a school's is.
        if fact.verdi is not None and fact.n:
            count = {"k": render_tall(round(fact.verdi * fact.n)), "n": render_tall(fact.n)}
            yield _make(utvalg, "rekkevidde_skoler", serie, hva=_name(serie, utvalg), **count)
    elif fact is not None:
        value = render_faktum(fact, find_delskaar(utvalg, serie), utvalg.tekst)
        yield _make(utvalg, "steg", serie, hva=_name(serie, utvalg), verdi=value)


def _name(serie: Serie, utvalg: Utvalg) -> str:
    return render_hva(serie, utvalg.strategi, utvalg.tekst)


def _make(utvalg: Utvalg, ord_: str, serie: Serie, **felt: object) -> Setning:
    key = f"tettpaa.belegg.{ord_}"
    shown = {k: render_tall(v) if isinstance(v, int) and k == "n" else v for k, v in felt.items()}
    return Setning(utvalg.tekst(key, **shown), key, (utvalg.noekkel(serie),))


_REGLER: Final[Mapping[str, Callable[[Belegg, Grunnlag], Iterator[Setning]]]] = {
    "gunstige": _find_gunstige,
    "ugunstige": _find_ugunstige,
    "styrker_og_svakheter": _find_begge,
    "endringer": _find_endringer,
    "indikatorer": _find_status,
    "kull": _find_kull,
    "ytterpunkter": _find_ytterpunkter,
    "kompetanse": _find_kompetanse,
    "svar_paa": _find_svar_paa,
    "sammenheng": _find_sammenheng,
    "deling": _find_deling,
    "resultater": _find_resultater,
    "maalbidrag": _find_maalbidrag,
    "justeringer": _find_justeringer,
}
