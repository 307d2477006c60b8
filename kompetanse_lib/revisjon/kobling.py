"""Tries to tell which school an unnamed one is: by its figures, its name somewhere, or what its files are called.

A school is known again when its figures are much nearer to one real school's than real schools are to each other. Nearness is over
all figures that both have, each in the spread between schools, with those that hang together counted as the few they are
(Mahalanobis' distance, its covariance drawn towards none as there are more figures than schools).
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kompetanse_lib.revisjon.modell import ALLE, SKOLE, Celle, Innhold, Treff
from kompetanse_lib.revisjon.navn import find_fremmede

Tall = NDArray[np.float64]
Maske = NDArray[np.bool_]

NAERMEST: Final = 0.1
"""Part of what two real schools are apart: figures that are the school's own but for a tenth of the spread between schools are
nearer, and schools that were drawn have not been (tests)."""
FELLES: Final = 15
"""Figures that two schools must both have."""
_FAERREST: Final = 3
"""Schools that a figure must be known of, to say how much schools differ in it."""
_MOT_INGEN: Final = 0.2
"""How far the covariance is drawn towards none."""
_SERIE: Final = ["skoleaar", "trinn", "indikator", "delskaar", "maaltall"]


def find_koblinger(celler: Sequence[Celle], ekte: pd.DataFrame, navn: Mapping[str, str]) -> Iterator[Treff]:
    """Yield every unnamed school whose figures are one real school's.

    Parameters
    ----------
    celler
        What the files show of the unnamed schools.
    ekte
        Figures of the real schools: columns as in `Celle`.
    navn
        Name → orgnr of the real schools.
    """
    shown = [c for c in celler if c.nivaa == SKOLE and c.kjoenn == ALLE and c.verdi is not None]
    drawn = _make_matrise(
        pd.DataFrame([(c.enhet, *_serie(c), c.verdi) for c in shown], columns=["enhet", *_SERIE, "verdi"])
    )
    real = _make_matrise(ekte)
    both = [
        column for column in drawn.columns.intersection(real.columns) if real[column].count() >= _FAERREST
    ]
    if len(both) < FELLES:
        return
    near, apart = _measure(drawn[both], real[both])
    names = {orgnr: name for name, orgnr in navn.items()}
    for unit, distances in near.iterrows():
        if distances.min() < NAERMEST * apart:
            cell = next(c for c in shown if c.enhet == unit)
            found = str(distances.idxmin())
            yield Treff("kobling", cell.fil, "", f"{unit}|{names.get(found, found)}")


def _measure(drawn: pd.DataFrame, real: pd.DataFrame) -> tuple[pd.DataFrame, float]:
    """Return how far each unnamed school (rows) is from each real one, and what two real schools are apart in the middle."""
    middle, spread = real.mean(), real.std().replace(0.0, np.inf)
    tables = [((table - middle) / spread) for table in (drawn, real)]
    (y, has_y), (x, has_x) = ((t.fillna(0.0).to_numpy(), t.notna().to_numpy()) for t in tables)
    _, sizes, axes = np.linalg.svd(x, full_matrices=False)
    shared = (1 - _MOT_INGEN) / _MOT_INGEN * sizes**2 / len(x)

    def square(a: Tall, has_a: Maske, b: Tall, has_b: Maske) -> Tall:
        common = has_a[:, None, :] & has_b[None, :, :]
        away = (a[:, None, :] - b[None, :, :]) * common
        along = (away**2).sum(axis=2) - (away @ axes.T) ** 2 @ (shared / (1 + shared))
        count = common.sum(axis=2)
        return np.where(count >= FELLES, along / np.maximum(count, 1), np.inf)

    pairs = square(x, has_x, x, has_x)[np.triu_indices(len(x), 1)]
    known = pairs[np.isfinite(pairs)]
    distances = pd.DataFrame(square(y, has_y, x, has_x), index=drawn.index, columns=real.index)
    return distances, float(np.median(known)) if len(known) else 0.0


def find_ekte(innhold: Mapping[str, Innhold], navn: Mapping[str, str]) -> Iterator[Treff]:
    """Yield every real school that is named in the files of unnamed ones: in text, corners, and what they are called."""
    slugs = {_slug(name): orgnr for name, orgnr in navn.items()}
    for path, content in innhold.items():
        text = "\n".join(k.tekst for k in (*content.tekster, *content.kroker))
        words = " ".join(_slug(part) for part in PurePosixPath(path).parts)
        found = [
            *find_fremmede(text, navn, ""),
            *find_fremmede(words, slugs, ""),
            *find_fremmede(path, navn, ""),
        ]
        yield from (Treff("ekte_skole", path, "", name) for name in dict.fromkeys(found))


def _serie(celle: Celle) -> tuple[object, ...]:
    return (celle.skoleaar, celle.trinn, celle.indikator, celle.delskaar, celle.maaltall)


def _make_matrise(tall: pd.DataFrame) -> pd.DataFrame:
    """Return schools (rows) by what is measured (columns)."""
    if tall.empty:
        return pd.DataFrame()
    grade = pd.to_numeric(tall["trinn"]).fillna(0).astype("int64")
    keys = tall[_SERIE].assign(trinn=grade).astype("str").agg("|".join, axis="columns")
    return tall.assign(hva=keys).pivot_table(index="enhet", columns="hva", values="verdi", aggfunc="first")


def _slug(text: str) -> str:
    """Return a name as it stands in file names."""
    letters = text.lower().replace("æ", "ae").replace("ø", "oe").replace("å", "aa")
    ascii_ = unicodedata.normalize("NFKD", letters).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_).strip("-")
