"""The levels and spreads that the demonstration is drawn from, as data (`nivaa.yml`) with a typed reader."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict

Serie = Mapping[int, float]
"""School year → level, which holds until the next year named."""


class Oppslag(BaseModel):
    """Base of all blocks: immutable, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Spenn(Oppslag):
    """Least and most."""

    lavest: int
    hoeyest: int


class Aarsspenn(Oppslag):
    """First and last school year."""

    fra: int
    til: int


class Skolenivaa(Oppslag):
    """How many schools of each kind (shares of all), how large their cohorts are."""

    ungdom: float
    kombinert: float
    privat: float
    kull: Spenn
    barneskoler: tuple[int, ...]
    ungdomsskoler: Spenn
    kombinerte: Spenn
    friskoler: Spenn
    aarlig_endring: float
    kullspredning: float
    jenteandel: float
    felles_kvalitet: float


class Navn(Oppslag):
    """What names of schools are put together from: a word before, a first part, a last part."""

    foran: tuple[str, ...]
    foerst: tuple[str, ...]
    sist: tuple[str, ...]


class Proevenivaa(Oppslag):
    """The national tests, in scale points."""

    elevspredning: float
    skalasnitt: float
    skalaspredning: float
    skolespredning: float
    fagspredning: float
    kullspredning: float
    andel_felles: float
    andel_fag: float
    fritatt: float
    ingen_deltok: float
    jente: Mapping[str, float]
    oekning_8_til_9: float
    land: Mapping[int, Mapping[str, Serie]]
    fag: Mapping[int, tuple[str, ...]]
    land_n: Mapping[int, int]
    nivaagrenser: Mapping[int, tuple[float, ...]]
    laveste_usikkerhet: float
    minst_vist: int


class Karakternivaa(Oppslag):
    """Final grades and exams, grades 1-6."""

    elevspredning: float
    skolespredning: float
    andel_felles: float
    land: Mapping[str, Mapping[str, Serie]]
    med_karakter: float
    trekk: Mapping[str, Mapping[str, float]]
    jevnt_trekk: float
    land_n: Mapping[str, int]
    uten_eksamen: tuple[int, ...]
    lk20_fra: int
    minst_vist: int


class Poengnivaa(Oppslag):
    """Grunnskolepoeng, 10-60."""

    elevspredning: float
    skolespredning: float
    andel_felles: float
    jente: Serie
    med_poeng: float
    land: Serie
    land_n: int
    minst_vist: int


class Undersoekelsesnivaa(Oppslag):
    """The pupil survey: indices 1-5, shares 0-1. `barn` is grades 5-7, `ungdom` 8-10."""

    elevspredning: float
    spredningens_spredning: float
    skolespredning: float
    kullspredning: float
    deltakelse: float
    frivillig: float
    obligatorisk: tuple[int, ...]
    indekser: Mapping[str, Mapping[str, Serie]]
    mobbing: Mapping[str, Serie]
    mobbing_skolespredning: float
    mobbing_deler: Mapping[str, float]
    land_n: Mapping[int, int]
    minst_vist: int
    mobbing_minst_vist: int
    mobbing_minst_teller: int
    mobbing_null_vises_fra: int
    deltakelse_minst_vist: int


class Kartleggingsnivaa(Oppslag):
    """Mapping tests: shares at or below the limit; `siste` is the last school year of a grade's test."""

    skolespredning: float
    deltar: float
    under_grensen: Mapping[str, Mapping[int, Serie]]
    siste: Mapping[int, int]
    ikke_levert: float


class Digitalnivaa(Oppslag):
    """The test of digital skills."""

    under_grensen: Serie
    siste: int
    skoler_med: float


class Medarbeidernivaa(Oppslag):
    """The staff survey, factors 1-5; held in `foerste` and then every `hvert` year."""

    foerste: int
    hvert: int
    spredning: float
    skolespredning: float
    svarandel: float
    elever_per_ansatt: int
    faktorer: Mapping[str, float]


class Gjennomfoeringsnivaa(Oppslag):
    """What only the municipality knows: education, stages, roles, devices."""

    elever_per_laerer: int
    i_videreutdanning: Serie
    fag: Mapping[str, float]
    utsatt: float
    avslag: float
    fullfoert: float
    mangler: Mapping[str, Serie]
    ledere_med: Serie
    oppover: float
    tilbake: float
    roller: Serie
    skolemiljoeplan: Serie
    enheter_elever: Serie
    enheter_laerere: Serie
    enhetsspredning: float
    uom: Serie
    spesialister: Mapping[str, float]
    spesialist_blir: float


class Soeknadsnivaa(Oppslag):
    """Who applies for further education: `fag` are weights, `kostnader` what an application says of its own cost."""

    soeker: float
    mangler_krav: float
    ubesvart: float
    leder_soeker: float
    fag: Mapping[str, float]
    med_kostnad: float
    kostnader: tuple[int, ...]


class Fylkesnivaa(Oppslag):
    """The fictional county beside the country."""

    avvik: float
    aarsspredning: float
    kullvariasjon: float
    andel_av_landet: float


class Nivaa(Oppslag):
    """All of `nivaa.yml`."""

    skoleaar: Aarsspenn
    navn: Navn
    skoler: Skolenivaa
    nasjonale_proever: Proevenivaa
    karakterer: Karakternivaa
    grunnskolepoeng: Poengnivaa
    elevundersoekelsen: Undersoekelsesnivaa
    kartleggingsproever: Kartleggingsnivaa
    digitale_ferdigheter: Digitalnivaa
    medarbeiderundersoekelsen: Medarbeidernivaa
    gjennomfoering: Gjennomfoeringsnivaa
    soeknader: Soeknadsnivaa
    fylket: Fylkesnivaa


@cache
def load_nivaa() -> Nivaa:
    """Return `nivaa.yml`."""
    source = (files(__package__) / "nivaa.yml").read_text(encoding="utf-8")
    return Nivaa.model_validate(yaml.safe_load(source))


def find_nivaa(serie: Serie, skoleaar: int) -> float:
    """Return the level that holds in a school year.

    Raises
    ------
    KeyError
        When the series starts later.
    """
    years = [year for year in serie if year <= skoleaar]
    if not years:
        message = f"no level before {min(serie)}: {skoleaar}"
        raise KeyError(message)
    return serie[max(years)]
