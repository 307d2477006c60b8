"""Last year's goals and measures beside this year's evidence: what happened, what was decided, and what is left open."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, Literal

from kompetanse_lib.eier.satsinger import list_egne
from kompetanse_lib.estimering import estimate_faktum
from kompetanse_lib.funn import Funn
from kompetanse_lib.minne import Beslutning, P, Tiltak, Utviklingsmaal, find_siste, select_aar
from kompetanse_lib.skoler import Skole
from kompetanse_lib.statistikk import Estimat
from kompetanse_lib.strategi import Tegn
from kompetanse_lib.strategi.tegn import find_delskaar
from kompetanse_lib.tettpaa.funnvalg import find_utfordringer
from kompetanse_lib.tettpaa.utvikling import Utvikling, find_skoleaar, find_utviklinger, make_serie
from kompetanse_lib.utvalg import LAND, Faktum, Serie, Utvalg

SvarerPaa = Literal["tall", "egen", "ingen"]
"""What a measure answers: a challenge that the figures show, one that the school alone has told of, or none."""
Maaltilstand = Literal["naadd", "ikke_naadd", "kan_ikke_si", "ingen_tall"]
AVSLUTTET: Final = "avslutte"
_SOMMEREN: Final = (7, 31)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vedtak:
    """A decision and the school year it was written for."""

    skoleaar: int
    beslutning: Beslutning


@dataclass(frozen=True, slots=True, kw_only=True)
class Fulgt:
    """What is common to a goal and a measure that is followed: the sign's change, and what was decided over the years.

    `i_aar` says whether it stands in this year's form, `foer` whether it stood in an earlier one.
    """

    utvikling: Utvikling | None
    vedtak: tuple[Vedtak, ...]
    i_aar: bool
    foer: bool

    @property
    def nummer(self) -> str:
        """The number people know it by."""
        raise NotImplementedError

    @property
    def hva(self) -> str:
        """What it is, in people's own words."""
        raise NotImplementedError

    @property
    def tegn(self) -> Tegn | None:
        """The series that should move."""
        raise NotImplementedError

    @property
    def er_avsluttet(self) -> bool:
        """Whether the last decision was to end it."""
        return bool(self.vedtak) and self.vedtak[-1].beslutning == AVSLUTTET


@dataclass(frozen=True, slots=True, kw_only=True)
class FulgtTiltak(Fulgt):
    """A measure as last written, with what has happened since."""

    tiltak: Tiltak
    svarer_paa: SvarerPaa

    @property
    def nummer(self) -> str:
        """The number people know it by."""
        return self.tiltak.id

    @property
    def hva(self) -> str:
        """What it is, in people's own words."""
        return self.tiltak.hva

    @property
    def tegn(self) -> Tegn | None:
        """The series that should move."""
        return self.tiltak.tegn


@dataclass(frozen=True, slots=True, kw_only=True)
class FulgtMaal(Fulgt):
    """A goal as last written, where the figure is now, and whether it is reached."""

    maal: Utviklingsmaal
    naa: Faktum | None
    naa_estimat: Estimat | None
    tilstand: Maaltilstand
    frist_ute: bool

    @property
    def nummer(self) -> str:
        """The number people know it by."""
        return self.maal.id

    @property
    def hva(self) -> str:
        """What it is, in people's own words."""
        return self.maal.hva

    @property
    def tegn(self) -> Tegn | None:
        """The series that should move."""
        return self.maal.tegn


@dataclass(frozen=True, slots=True, kw_only=True)
class Utfordring:
    """A challenge that the figures show, and the measures going on that answer it."""

    funn: Funn
    tiltak: tuple[FulgtTiltak, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Skoleoppfoelging:
    """A school and what its own report follows, as the owner reads it."""

    skole: Skole
    tiltak: tuple[FulgtTiltak, ...]
    maal: tuple[FulgtMaal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Oppfoelging:
    """All that a report follows: measures, goals, and the challenges in the figures.

    `skoler` are in the municipality's own report: its schools, by name, and what each of them has written.
    """

    tiltak: tuple[FulgtTiltak, ...] = ()
    maal: tuple[FulgtMaal, ...] = ()
    utfordringer: tuple[Utfordring, ...] = ()
    skoler: tuple[Skoleoppfoelging, ...] = ()

    @property
    def uten_tiltak(self) -> tuple[Funn, ...]:
        """The challenges that no measure answers."""
        return tuple(u.funn for u in self.utfordringer if not u.tiltak)

    @property
    def uten_utfordring(self) -> tuple[FulgtTiltak, ...]:
        """The measures going on that answer no challenge anybody has named."""
        return tuple(t for t in self.tiltak if t.svarer_paa == "ingen" and not t.er_avsluttet)


def follow_opp(utvalg: Utvalg, funn: Sequence[Funn]) -> Oppfoelging:
    """Return the goals and measures that the report's unit has written, with what has happened since.

    Those of this year's form, and those of the form before it: a form without a row does not make what stood there
    unwritten, and what was ended is followed for one year more.
    """
    memory = utvalg.minne.select(utvalg.enhet)
    tiltak, maal = _find_gjeldende(memory.tiltak, utvalg), _find_gjeldende(memory.maal, utvalg)
    posts: list[Tiltak | Utviklingsmaal] = [*tiltak, *maal]
    starts = {post: _find_start(post, (*memory.tiltak, *memory.maal)) for post in posts}
    signs = list(dict.fromkeys((post.tegn, start) for post, start in starts.items() if post.tegn))
    changes = dict(zip(signs, find_utviklinger(utvalg, signs), strict=True))

    def follow(post: Tiltak | Utviklingsmaal, history: Iterable[Tiltak | Utviklingsmaal]) -> dict[str, Any]:
        mine = [p for p in history if p.id == post.id]
        return {
            "utvikling": changes[post.tegn, starts[post]] if post.tegn else None,
            "vedtak": tuple(
                Vedtak(skoleaar=p.skoleaar, beslutning=p.beslutning) for p in mine if p.beslutning
            ),
            "i_aar": any(p.skoleaar == utvalg.skoleaar for p in mine),
            "foer": any(p.skoleaar < utvalg.skoleaar for p in mine),
        }

    challenges = find_utfordringer(funn)
    followed = tuple(
        FulgtTiltak(tiltak=t, svarer_paa=_find_svar_paa(t, challenges, utvalg), **follow(t, memory.tiltak))
        for t in tiltak
    )
    going = [t for t in followed if not t.er_avsluttet]
    return Oppfoelging(
        tiltak=followed,
        maal=tuple(_follow_maal(m, utvalg, follow(m, memory.maal)) for m in maal),
        utfordringer=tuple(
            Utfordring(
                funn=f,
                tiltak=tuple(t for t in going if t.tiltak.tegn and _answers(t.tiltak.tegn, f.serie, utvalg)),
            )
            for f in challenges
        ),
        skoler=tuple(_follow_skole(utvalg, skole) for skole in list_egne(utvalg)) if not utvalg.skole else (),
    )


def _follow_skole(utvalg: Utvalg, skole: Skole) -> Skoleoppfoelging:
    """Return what a school's own report follows, judged on the figures that report has."""
    memory = utvalg.minne.select(skole.orgnr)
    if not (memory.tiltak or memory.maal):
        return Skoleoppfoelging(skole=skole, tiltak=(), maal=())
    kommune = utvalg.strategi.kommune
    facts = utvalg.fakta.select(
        enheter={skole.orgnr, kommune.nummer, kommune.fylke, LAND}, til_og_med=utvalg.skoleaar
    )
    followed = follow_opp(replace(utvalg, skole=skole, skoler=(), fakta=facts, minne=memory), ())
    return Skoleoppfoelging(skole=skole, tiltak=followed.tiltak, maal=followed.maal)


def _find_gjeldende(poster: Sequence[P], utvalg: Utvalg) -> list[P]:
    """Return what stands in this year's form and what stood in the last one before it, each number as last written."""
    year = utvalg.skoleaar
    last = utvalg.minne.select(poster[0].enhet).find_forrige(year) if poster else None
    shown = (*select_aar(poster, last), *select_aar(poster, year))
    return list(find_siste(shown).values())


def _find_start(post: Tiltak | Utviklingsmaal, history: Iterable[Tiltak | Utviklingsmaal]) -> int:
    """Return the school year a measure began in, or a goal was set in: as written, else that of the first form it stands in."""
    if isinstance(post, Tiltak) and post.start:
        return find_skoleaar(post.start)
    return min(p.skoleaar for p in history if p.id == post.id and type(p) is type(post))


def _find_svar_paa(tiltak: Tiltak, challenges: Iterable[Funn], utvalg: Utvalg) -> SvarerPaa:
    if tiltak.tegn and any(_answers(tiltak.tegn, f.serie, utvalg) for f in challenges):
        return "tall"
    return "egen" if tiltak.utfordring else "ingen"


def _answers(tegn: Tegn, serie: Serie, utvalg: Utvalg) -> bool:
    """Say whether a measure with a sign is about a series: the same part, or a whole and its part, on any grade."""
    if tegn.indikator != serie.indikator:
        return False
    parts = {
        d.id: {d.id, *d.sammensatt_av} for d in utvalg.strategi.indikator(tegn.indikator).maaling.delskaarer
    }
    return tegn.delskaar in parts[serie.delskaar] or serie.delskaar in parts[tegn.delskaar]


def _follow_maal(maal: Utviklingsmaal, utvalg: Utvalg, felles: dict[str, Any]) -> FulgtMaal:
    now = estimate = None
    state: Maaltilstand = "ingen_tall"
    if maal.tegn and maal.tegn.indikator in {i.id for i in utvalg.indikatorer}:
        now, part = utvalg.faktum(make_serie(maal.tegn, utvalg)), find_delskaar(maal.tegn, utvalg.strategi)
        estimate = estimate_faktum(now, part)
        if now and now.verdi is not None and maal.maal is not None:
            value = estimate or Estimat(verdi=now.verdi, lav=now.verdi, hoey=now.verdi)
            state = _find_tilstand(value, maal.maal, lav_er_bra=part.retning == "lav")
    return FulgtMaal(
        maal=maal,
        naa=now,
        naa_estimat=estimate,
        tilstand=state,
        frist_ute=maal.frist is not None and maal.frist <= date(utvalg.skoleaar + 1, *_SOMMEREN),
        **felles,
    )


def _find_tilstand(naa: Estimat, maal: float, *, lav_er_bra: bool) -> Maaltilstand:
    """Say whether a goal is reached: only when all of the range is on one side of it."""
    worst, best = (-naa.hoey, -naa.lav) if lav_er_bra else (naa.lav, naa.hoey)
    wanted = -maal if lav_er_bra else maal
    return "naadd" if worst >= wanted else "ikke_naadd" if best < wanted else "kan_ikke_si"
