"""What the codebook says, as records: one entry per indicator, one per column, the codes of each, and where it is all from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, get_args

import pandas as pd

from kompetanse_lib.fakta import KJOENN, NIVAA, render_skoleaar
from kompetanse_lib.skjerming.beskyttet import GRUNN, KOLONNER, STATUS
from kompetanse_lib.strategi import Indikator, Profil, Strategi
from kompetanse_lib.strategi.modell import Delskaar, Periode
from kompetanse_lib.tekst import Tekst, load_tekst, render_tall

PROFILER: Final[tuple[Profil, ...]] = get_args(Profil)
KODET: Final = ("nivaa", "kjoenn", "indikator", "delskaar", "maaltall", "status", "grunn", "versjon", "kilde")
"""Columns whose values are codes with a meaning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dekning:
    """What the facts hold of an indicator: school years, number of figures, and the share of them shown (0-1)."""

    fra: int
    til: int
    tall: int
    vist: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Kodebokoppslag:
    """One indicator: its catalogue record, its periods, what a profile may see of it, and what the facts hold (if any)."""

    indikator: Indikator
    perioder: tuple[Periode, ...]
    grenser: tuple[str, ...]
    tekst: Tekst
    dekning: Dekning | None = None

    @property
    def overskrift(self) -> str:
        """Number and name."""
        return f"{self.indikator.nummer}. {self.indikator.navn[self.tekst.maalform]}"

    @property
    def avsnitt(self) -> tuple[tuple[str, str], ...]:
        """Heading and text of what is said of the indicator, in order."""
        form, measure = self.tekst.maalform, self.indikator.maaling
        told = [
            ("hva", measure.hva[form]),
            ("lesehjelp", measure.lesehjelp[form]),
            ("sier_ikke", measure.sier_ikke[form]),
            ("ordlyd", self.indikator.ordlyd),
            ("grunnlag", self.tekst(f"kodebok.grunnlag.{measure.grunnlag}")),
            ("trinn", ", ".join(map(str, measure.trinn)) or self.tekst("kodebok.alle_trinn")),
            ("maal", ", ".join(self.indikator.maal) or "–"),
            ("kilde", ", ".join(self.tekst(f"kodebok.kilde.{name}") for name in measure.kilder)),
            (
                "kommunetall",
                measure.kommunetall.kilde if measure.kommunetall else self.tekst("kodebok.publisert"),
            ),
            ("grenser", " ".join(self.grenser) or self.tekst("kodebok.ingen_grense")),
        ]
        if self.indikator.tilstand_tekst:
            told.append(("tilstand", self.indikator.tilstand_tekst[form]))
        if self.dekning:
            told.append(("dekning", self._render_dekning(self.dekning)))
        return tuple((self.tekst(f"kodebok.felt.{name}"), text) for name, text in told)

    def _render_dekning(self, dekning: Dekning) -> str:
        return self.tekst(
            "kodebok.dekning",
            fra=render_skoleaar(dekning.fra),
            til=render_skoleaar(dekning.til),
            tall=render_tall(dekning.tall),
            vist=render_tall(100 * dekning.vist, 1),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Kolonne:
    """A column of the facts: its name, kind, meaning, and its codes with their meaning (empty: no codes)."""

    navn: str
    slag: str
    merkelapp: str
    betyr: str
    koder: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kodebok:
    """The whole codebook of one municipality, profile and written form."""

    strategi: Strategi
    profil: Profil
    tekst: Tekst
    oppslag: tuple[Kodebokoppslag, ...]
    kolonner: tuple[Kolonne, ...]


def make_kodebok(
    strategi: Strategi, profil: Profil, fakta: pd.DataFrame | None = None, tekst: Tekst | None = None
) -> Kodebok:
    """Return the codebook of what a profile sees.

    Parameters
    ----------
    fakta
        Protected facts that the codebook stands beside: gives each entry its coverage, and leaves out codes that are not there.
    """
    words = tekst or load_tekst()
    entries = tuple(make_oppslag(i, strategi, profil, fakta, words) for i in strategi.indikatorer_for(profil))
    columns = tuple(_make_kolonne(name, strategi, profil, fakta, words) for name in ("navn", *KOLONNER))
    order = ("nivaa", "enhet", "navn")
    return Kodebok(
        strategi=strategi,
        profil=profil,
        tekst=words,
        oppslag=entries,
        kolonner=tuple(sorted(columns, key=lambda c: order.index(c.navn) if c.navn in order else len(order))),
    )


def make_oppslag(
    indikator: Indikator, strategi: Strategi, profil: Profil, fakta: pd.DataFrame | None, tekst: Tekst
) -> Kodebokoppslag:
    """Return the entry of one indicator."""
    return Kodebokoppslag(
        indikator=indikator,
        perioder=tuple(p for p in strategi.perioder if p.indikator == indikator.id),
        grenser=tuple(_list_grenser(indikator, strategi, profil, tekst)),
        tekst=tekst,
        dekning=None if fakta is None else _find_dekning(fakta, indikator.id),
    )


def list_koder(kolonne: str, strategi: Strategi, profil: Profil, tekst: Tekst) -> dict[str, str]:
    """Return the codes of a column with their meaning, in order; empty for a column that has none."""
    form = tekst.maalform
    indikatorer = strategi.indikatorer_for(profil)
    parts: dict[str, list[Delskaar]] = {}
    for indikator in indikatorer:
        for part in indikator.maaling.delskaarer:
            parts.setdefault(part.id, []).append(part)
    measures = sorted({m for i in indikatorer for d in i.maaling.delskaarer for m in d.maaltall})
    versions = {p.versjon: p.tekst[form] for p in strategi.perioder}
    found: dict[str, dict[str, str]] = {
        "nivaa": {code: tekst(f"kodebok.nivaa.{code}") for code in NIVAA},
        "kjoenn": {code: tekst(f"kodebok.kjoenn.{code}") for code in KJOENN},
        "indikator": {i.id: i.navn[form] for i in indikatorer},
        "delskaar": {
            code: named[0].navn[form] if len({d.navn[form] for d in named}) == 1 else tekst("kodebok.samlet")
            for code, named in parts.items()
        },
        "maaltall": {code: _name_maaltall(code, tekst) for code in measures},
        "status": {code: tekst(f"kodebok.status.{code}") for code in STATUS},
        "grunn": {code or "ingen": tekst(f"kodebok.grunn.{code or 'ingen'}") for code in GRUNN},
        "versjon": {
            **versions,
            **{i.id: tekst("kodebok.en_versjon") for i in indikatorer if i.id not in versions},
        },
        "kilde": {
            code: tekst(f"kodebok.kilde.{code}")
            for code in (
                "udir_statistikkbank",
                "udir_statistikkbank_offentlig",
                "kommunens_skjema",
                "beregnet",
            )
        },
    }
    return found.get(kolonne, {})


def _make_kolonne(
    navn: str, strategi: Strategi, profil: Profil, fakta: pd.DataFrame | None, tekst: Tekst
) -> Kolonne:
    codes = list_koder(navn, strategi, profil, tekst)
    if codes and fakta is not None and navn in fakta:
        present = set(fakta[navn].astype("str").replace("", "ingen"))
        # A code that the catalogue does not explain must be seen, not lost.
        codes = {
            **{c: t for c, t in codes.items() if c in present},
            **{c: c for c in sorted(present - set(codes) - {"nan"})},
        }
    kind = (
        "kode"
        if codes
        else {
            "skoleaar": "aar",
            "trinn": "heltall",
            "n": "heltall",
            "verdi": "tall",
            "usikkerhet": "tall",
        }.get(navn, "tekst")
    )
    return Kolonne(
        navn=navn,
        slag=kind,
        merkelapp=tekst(f"kodebok.kolonne.{navn}.navn"),
        betyr=tekst(f"kodebok.kolonne.{navn}.betyr"),
        koder=codes,
    )


def _name_maaltall(kode: str, tekst: Tekst) -> str:
    if kode.startswith("fordeling_"):
        return tekst("kodebok.fordeling", nivaa=kode.removeprefix("fordeling_"))
    return tekst(f"kodebok.maaltall.{kode}")


def _list_grenser(indikator: Indikator, strategi: Strategi, profil: Profil, tekst: Tekst) -> Sequence[str]:
    """Return the limits of a profile in words, each once, with the parts it holds for where they differ."""
    told: dict[str, list[str]] = {}
    for part in indikator.maaling.delskaarer:
        limit = strategi.grense(indikator.id, part.id, profil)
        if limit.minste_n:
            words = tekst("kodebok.grense.n", n=limit.minste_n)
            if limit.minste_teller:
                words += " " + tekst("kodebok.grense.teller", n=limit.minste_teller)
            told.setdefault(words, []).append(part.navn[tekst.maalform])
    if len(told) <= 1:
        return list(told)
    return [
        tekst("kodebok.grense.for_deler", deler=", ".join(parts), grense=words)
        for words, parts in told.items()
    ]


def _find_dekning(fakta: pd.DataFrame, indikator: str) -> Dekning | None:
    rows = fakta[fakta["indikator"].astype("str").eq(indikator)]
    if rows.empty:
        return None
    years = rows["skoleaar"]
    return Dekning(
        fra=int(years.min()), til=int(years.max()), tall=len(rows), vist=float(rows["verdi"].notna().mean())
    )
