"""The records of the catalogue: what a measure, an indicator, a goal, a question, a period and a limit are.

All are frozen pydantic models that refuse unknown keys, since people edit the files they are read from.
`strategi.leser` fills them from YAML and says what is wrong and where.
"""

import re
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field

from kompetanse_lib.strategi.oppslag import Id, Oppslag, ToSpraak
from kompetanse_lib.strategi.virkemidler import Budsjettaar, Hendelse, Prioritering, Ressurser

Profil = Literal["skoleeier", "rektor", "nettverk", "offentlig"]
Maaltall = Annotated[str, Field(pattern=r"^(snitt|andel|antall|steg|forhold|ja_nei|fordeling_[1-6])$")]


class Skala(Oppslag):
    """The values that a measure can have, in its own unit (shares 0-1)."""

    fra: float
    til: float
    desimaler: int = Field(ge=0, le=3, description="decimals shown; for a share, of its per cent")
    oppgitt_til: float = Field(
        gt=0, description="resolution the source publishes in, e.g. 1 for scale points"
    )


class Standardavvik(Oppslag):
    """Spread between persons, in the measure's unit: gives a mean its range where the source publishes none."""

    verdi: float = Field(gt=0)
    kilde: str


class Delskaar(Oppslag):
    """One part of an indicator, e.g. reading, or bullying by pupils."""

    id: Id
    navn: ToSpraak
    maaltall: tuple[Maaltall, ...]
    enhet: Literal[
        "skalapoeng", "andel", "karakter", "poeng", "indeks", "steg", "forhold", "ja_nei", "antall"
    ]
    skala: Skala
    retning: Literal["hoey", "lav", "ingen"]
    trinn: tuple[int, ...] = ()
    sammensatt_av: tuple[Id, ...] = ()
    standardavvik: Standardavvik | None = None
    trekk: bool = Field(default=False, description="who is measured is drawn anew each year: no trend")


class Kommunetall(Oppslag):
    """How the municipality's own figure is made where no source publishes it.

    `sum`: numerators over denominators (shares). `vektet_snitt`: mean weighted with n.
    `andel_skoler`: share of the schools in the base whose value of `delskaar` is at least `terskel`.
    """

    regel: Literal["sum", "vektet_snitt", "andel_skoler"]
    delskaar: Id | None = None
    terskel: float | None = None
    kilde: str


class Tidslinje(Oppslag):
    """A series that is drawn as a time line, and in the key figures."""

    delskaar: Id
    trinn: int | None = None


class Serieoppslag(Oppslag):
    """A series of another indicator that is shown beside one."""

    indikator: Id
    delskaar: Id
    trinn: int | None = None


class Maaling(Oppslag):
    """What is measured: parts, scale, grades, sources; the same in every municipality.

    `trinn` are the grades measured (empty: not by grade); `skoletrinn` the grades of which a school must have at
    least one for the measure to apply to it (empty: every school). `serie_fra` is the first school year that exists.
    """

    id: Id
    navn: ToSpraak
    hva: ToSpraak
    lesehjelp: ToSpraak
    sier_ikke: ToSpraak
    delskaarer: tuple[Delskaar, ...]
    trinn: tuple[int, ...] = ()
    skoletrinn: tuple[int, ...] = ()
    grunnlag: Literal["elever", "svar", "ansatte", "laerere", "ledere", "skoler", "ingen"]
    kilder: tuple[str, ...]
    serie_fra: int
    kommunetall: Kommunetall | None = None
    n_summerer: bool = Field(
        default=False, description="the municipality's n is exactly the sum of its schools'"
    )
    tidslinjer: tuple[Tidslinje, ...] = ()
    vekt: float = Field(
        default=1.0, gt=0, description="how much its key figures count among all that a report looks at"
    )
    visning: Literal[
        "felles",
        "undersoekelse",
        "grense",
        "proeve",
        "trekk",
        "poeng",
        "runder",
        "flyt",
        "telling",
        "steg",
        "roller",
        "plan",
        "forhold",
        "eksponering",
        "aar",
    ] = Field(default="felles", description="how its page shows it (`visning.indikatorer`)")
    ved_siden: Serieoppslag | None = None
    bakgrunn: bool = Field(default=False, description="is cleaned for research and as a base, in no report")

    def delskaar(self, id_: str) -> Delskaar:
        """Return the part named `id_`; KeyError when there is none."""
        return {d.id: d for d in self.delskaarer}[id_]


class Indikator(Oppslag):
    """One of the strategy's indicators: its wording, who answers for it, what it speaks to."""

    nummer: int
    id: Id
    ordlyd: str
    navn: ToSpraak
    nivaa: Literal["rektor_og_skoleeier", "skoleeier"]
    maal: tuple[str, ...]
    tilstand: Literal["aktiv", "avsluttet", "omformulert"] = "aktiv"
    tilstand_fra: int | None = None
    tilstand_tekst: ToSpraak | None = None
    maaling: Maaling


class Delmaal(Oppslag):
    """A part of a goal, in the strategy's own words; `indikatorer` may be empty: an honest gap."""

    id: str
    ordlyd: str
    indikatorer: tuple[Id, ...] = ()


class Maal(Oppslag):
    """One of the strategy's goals with what the municipality and the schools shall do and what it takes."""

    nummer: int
    ordlyd: str
    navn: ToSpraak
    delmaal: tuple[Delmaal, ...]
    tiltak_skoleeier: tuple[str, ...]
    tiltak_skole: tuple[str, ...]
    ressursbehov: tuple[str, ...]
    frist: int | None = None
    frist_tekst: ToSpraak | None = None


class Belegg(Oppslag):
    """What speaks to a question: the rule that finds it (`tettpaa.belegg`), and the indicators it looks at where it looks at some."""

    regel: Literal[
        "gunstige",
        "ugunstige",
        "styrker_og_svakheter",
        "endringer",
        "indikatorer",
        "kull",
        "ytterpunkter",
        "kompetanse",
        "svar_paa",
        "sammenheng",
        "deling",
        "resultater",
        "maalbidrag",
        "justeringer",
        "rekkevidde",
        "overlapp",
        "kompetansegap",
        "behov",
        "midler",
        "skolenes_deling",
        "skolenes_maal",
        "skolenes_vedtak",
    ]
    indikatorer: tuple[Id, ...] = ()


class Reises(Oppslag):
    """What in a year's data raises a question (`tettpaa.spoersmaal`); of those raised the one with the least `vekt` comes first."""

    av: Literal[
        "gunstig",
        "ugunstig",
        "uten_tiltak",
        "dom",
        "justering",
        "maal",
        "tidlig",
        "skolenes_maal",
        "kompetansegap",
    ]
    vekt: int = Field(ge=1)


class Spoersmaal(Oppslag):
    """One question of the "Tett på" matrix."""

    id: Id
    rad: Literal["skole", "kommune"]
    kolonne: Literal["utgangspunkt", "loesninger", "oppfoelging"]
    tekst: ToSpraak
    belegg: Belegg | None = None
    reises: Reises | None = None


class Periode(Oppslag):
    """A stretch of school years within which figures can be compared with each other, or why there are none.

    Rows that name `delskaarer` or `trinn` hold for those alone; empty means all. `til` None is open-ended.
    """

    indikator: Id
    delskaarer: tuple[Id, ...] = ()
    trinn: tuple[int, ...] = ()
    fra: int
    til: int | None = None
    versjon: Id
    tilstand: Literal["gyldig", "uegnet", "avlyst", "avsluttet", "ikke_maalt"]
    tekst: ToSpraak
    kilde: str

    def covers(self, delskaar: str, trinn: int | None, skoleaar: int) -> bool:
        """Say whether this period speaks of the part, the grade and the school year."""
        return (
            self.fra <= skoleaar <= (9999 if self.til is None else self.til)
            and (not self.delskaarer or delskaar in self.delskaarer)
            and (not self.trinn or trinn is None or trinn in self.trinn)
        )


class Grense(Oppslag):
    """What a profile may see of figures about people.

    `minste_n`: the least number of people behind a figure. `minste_teller`: of a share, the least number counted and the least
    not counted, if there are any; `skjul_ytterpunkter`: whether 0 % and 100 % are hidden as well. `minste_spenn`: how many people the number behind a hidden figure must be
    uncertain by, whatever else is shown; `minste_tellerspenn`: the same of those a share counts. `tynn_serie`: the share of a school's years hidden from which all of them are.
    """

    indikator: Id
    delskaarer: tuple[Id, ...] = ()
    profiler: tuple[Profil, ...] = ()
    minste_n: int = Field(default=0, ge=0)
    minste_teller: int = Field(default=0, ge=0)
    skjul_ytterpunkter: bool = False
    minste_spenn: int = Field(default=0, ge=0)
    minste_tellerspenn: int = Field(default=0, ge=0)
    tynn_serie: float = Field(default=1.0, gt=0, le=1)
    kilde: str


class Referansetall(Oppslag):
    """A published figure for the country, a county or a group, with its source."""

    indikator: Id
    delskaar: Id
    enhet: str
    skoleaar: int
    trinn: int | None = None
    kjoenn: Literal["alle", "jente", "gutt"] = "alle"
    maaltall: Maaltall
    verdi: float
    n: int | None = None
    kilde: str


class Funnregel(Oppslag):
    """A comparison that a report makes: with another unit, with the years before, or of the same pupils at a lower grade.

    Of the same pupils either on one scale (`kohort`) or by their place among others on two (`posisjon`); then `ved_siden` is the unit
    they are held against, and `fra_indikator` the first test where it is another. `uten` are parts that the rule leaves alone.
    """

    id: Id
    slag: Literal["nivaa", "endring", "kohort", "posisjon"]
    mot: Literal["kommune", "land", "tidligere", "kohort"]
    enhet: Literal["skole", "kommune"] | None = None
    indikator: Id | None = None
    fra_indikator: Id | None = None
    fra_trinn: int | None = None
    til_trinn: int | None = None
    ved_siden: Literal["kommune", "land"] | None = None
    uten: tuple[Id, ...] = ()


class Terskel(Oppslag):
    """A number that decides what a finding is called, with where it is from."""

    id: Id
    verdi: float
    kilde: str


class Sperreord(Oppslag):
    """Words that a sentence may not hold when it says one of these, or `alltid`; each stands for all that begin with it."""

    naar: tuple[Literal["alltid", "tydelig", "trolig", "kan_ikke_si", "som_ventet", "motsatt"], ...]
    ord: tuple[str, ...]
    hvorfor: str

    def find_i(self, tekst: str) -> list[str]:
        """Return those of the words that stand in a text."""
        return sorted(set(self._leter.findall(tekst.casefold())))

    @cached_property
    def _leter(self) -> re.Pattern[str]:
        return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, self.ord))})")


class Begrep(Oppslag):
    """A word that a reader may not know: what finds it in a text, and what it means in one line."""

    id: Id
    ord: ToSpraak
    moenster: str
    forklaring: ToSpraak


class Kommune(Oppslag):
    """The school owner: its number, former numbers and county; `fiktiv` marks a demonstration municipality."""

    nummer: Annotated[str, Field(pattern=r"^\d{4}$")]
    navn: str
    fylke: Annotated[str, Field(pattern=r"^\d{2}$")]
    fylkesnavn: str
    tidligere_nummer: tuple[str, ...] = ()
    fiktiv: bool = False
    strategi: ToSpraak
    strategi_fra: int
    strategi_til: int


class Strategi(Oppslag):
    """All that one municipality's reports are built on: its own strategy on top of what is national."""

    kommune: Kommune
    indikatorer: tuple[Indikator, ...]
    maal: tuple[Maal, ...]
    spoersmaal: tuple[Spoersmaal, ...]
    perioder: tuple[Periode, ...]
    grenser: tuple[Grense, ...]
    referansetall: tuple[Referansetall, ...]
    funnregler: tuple[Funnregel, ...]
    terskler: tuple[Terskel, ...]
    sperreord: tuple[Sperreord, ...] = ()
    bakgrunn: tuple[Maaling, ...] = ()
    begreper: tuple[Begrep, ...] = ()
    aarshjul: tuple[Hendelse, ...] = ()
    prioritering: Prioritering | None = None
    ressurser: Ressurser | None = None
    midler: tuple[Budsjettaar, ...] = ()

    @property
    def maalinger(self) -> tuple[Maaling, ...]:
        """All that is cleaned: the measures of the indicators, then those in the background."""
        return (*(indikator.maaling for indikator in self.indikatorer), *self.bakgrunn)

    @cached_property
    def _by_id(self) -> dict[str, Indikator]:
        return {indikator.id: indikator for indikator in self.indikatorer}

    def indikator(self, id_: str) -> Indikator:
        """Return the indicator named `id_`; KeyError when the strategy has none."""
        return self._by_id[id_]

    def terskel(self, id_: str) -> float:
        """Return a threshold of `terskler.yml`; KeyError when there is none."""
        return {row.id: row.verdi for row in self.terskler}[id_]

    def indikatorer_for(self, profil: Profil) -> tuple[Indikator, ...]:
        """Return the indicators that a profile sees, in the strategy's order."""
        everything = profil == "skoleeier"
        return tuple(i for i in self.indikatorer if everything or i.nivaa == "rektor_og_skoleeier")

    def periode(self, indikator: str, delskaar: str, trinn: int | None, skoleaar: int) -> Periode | None:
        """Return the period a fact lies in, None where the series has no breaks written down."""
        rows = (p for p in self.perioder if p.indikator == indikator and p.covers(delskaar, trinn, skoleaar))
        return next(rows, None)

    def versjon(self, indikator: str, delskaar: str, trinn: int | None, skoleaar: int) -> str:
        """Return the definition version of a fact; facts with different versions are not comparable."""
        periode = self.periode(indikator, delskaar, trinn, skoleaar)
        return periode.versjon if periode else indikator

    def grense(self, indikator: str, delskaar: str, profil: Profil) -> Grense:
        """Return the strictest of each limit that applies to a part of an indicator for a profile."""
        rows = [
            g
            for g in self.grenser
            if g.indikator == indikator
            and (not g.delskaarer or delskaar in g.delskaarer)
            and (not g.profiler or profil in g.profiler)
        ]
        return Grense(
            indikator=indikator,
            delskaarer=(delskaar,),
            profiler=(profil,),
            minste_n=max((g.minste_n for g in rows), default=0),
            minste_teller=max((g.minste_teller for g in rows), default=0),
            skjul_ytterpunkter=any(g.skjul_ytterpunkter for g in rows),
            minste_spenn=max((g.minste_spenn for g in rows), default=0),
            minste_tellerspenn=max((g.minste_tellerspenn for g in rows), default=0),
            tynn_serie=min((g.tynn_serie for g in rows), default=1.0),
            kilde="; ".join(g.kilde for g in rows),
        )

    def minste_n(self, indikator: str, delskaar: str, profil: Profil) -> int:
        """Return the least number of people behind a figure that a profile may see."""
        return self.grense(indikator, delskaar, profil).minste_n
