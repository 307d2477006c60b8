"""Which years of a series may be set beside each other: the only way to earlier years, so that no break is ever crossed.

Two years can be compared when both are shown, both lie in periods whose figures are fit for it, and the definition version is one
and the same in every year between them: a version that came back is a break too. They can be pooled when they also follow
each other without a hidden or missing year.
"""

from collections.abc import Iterator

from kompetanse_lib.utvalg import Faktum, Rolle, Serie, Utvalg


def find_sammenlignbare(utvalg: Utvalg, serie: Serie, rolle: Rolle = "egen") -> tuple[Faktum, ...]:
    """Return the shown facts before the report's year that can be compared with it, oldest first.

    Empty where the report's own year is hidden, missing or unfit.
    """
    facts = utvalg.serie(serie, rolle)
    now = facts.get(utvalg.skoleaar)
    if now is None or not now.er_vist or not is_egnet(utvalg, serie, utvalg.skoleaar):
        return ()
    return tuple(_list_tilbake(utvalg, serie, facts, now))[::-1]


def find_tidligere(utvalg: Utvalg, serie: Serie, flest: int) -> tuple[Faktum, ...]:
    """Return the years to pool and hold the report's year against, oldest first: the last comparable one, and those right before it.

    Parameters
    ----------
    flest
        The most years that are pooled.
    """
    comparable = find_sammenlignbare(utvalg, serie)
    kept = list(comparable[-1:])
    for fact in reversed(comparable[:-1]):
        if len(kept) == flest or fact.skoleaar != kept[0].skoleaar - 1:
            break
        kept.insert(0, fact)
    return tuple(kept)


def has_samme_versjon(utvalg: Utvalg, serie: Serie, fra: int, til: int) -> bool:
    """Say whether the catalogue has one definition version in all years from one to another."""
    strategi = utvalg.strategi
    years = range(fra, til + 1)
    return len({strategi.versjon(serie.indikator, serie.delskaar, serie.trinn, year) for year in years}) == 1


def is_egnet(utvalg: Utvalg, serie: Serie, skoleaar: int) -> bool:
    """Say whether a year's figures are fit to be compared with anything: not withdrawn, cancelled, closed or not yet measured."""
    periode = utvalg.strategi.periode(serie.indikator, serie.delskaar, serie.trinn, skoleaar)
    return periode is None or periode.tilstand == "gyldig"


def _list_tilbake(utvalg: Utvalg, serie: Serie, facts: dict[int, Faktum], now: Faktum) -> Iterator[Faktum]:
    for year in sorted((year for year in facts if year < now.skoleaar), reverse=True):
        fact = facts[year]
        if fact.versjon != now.versjon or not has_samme_versjon(utvalg, serie, year, now.skoleaar):
            return
        if fact.er_vist and is_egnet(utvalg, serie, year):
            yield fact
