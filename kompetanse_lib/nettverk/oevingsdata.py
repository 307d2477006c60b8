"""Data to learn with: the fictional municipality at hand wherever a notebook is opened, and the truth behind its dots."""

from pathlib import Path

import pandas as pd

from kompetanse_lib.demo import Demovalg, make_demo, write_demo
from kompetanse_lib.fakta import NOEKKEL, render_skoleaar
from kompetanse_lib.lager import Lager
from kompetanse_lib.rensing import run_rens
from kompetanse_lib.skjerming import protect_lager
from kompetanse_lib.tekst import load_tekst
from kompetanse_lib.utforsk.tabell import Faktatabell

_DEMOFIL = "demo_"


def prepare_data() -> None:
    """See to it that there are facts to work on, and say which: those that are there, else the fictional municipality's.

    What is there is never replaced. Made in the `data` folder of the project that the notebook stands in.
    """
    tekst = load_tekst()
    try:
        lager = Lager.find()
    except FileNotFoundError:
        lager = Lager(_find_datamappe())
    if not lager.has_clean():
        print(tekst("utforsk.demo.lager"))
        if not any(lager.raw.glob("**/*.csv")):
            write_demo(lager.raw, make_demo(Demovalg()))
        run_rens(lager)
    facts = protect_lager(lager, ["skoleeier"])["skoleeier"].tabell
    strategi, years = lager.load_strategi(), facts["skoleaar"]
    told = {
        "kommune": strategi.kommune.navn,
        "fra": render_skoleaar(int(years.min())),
        "til": render_skoleaar(int(years.max())),
        "skoler": facts.loc[facts["nivaa"].eq("skole"), "enhet"].nunique(),
    }
    print(tekst("utforsk.demo.klar", **told))


def add_fasit(fakta: Faktatabell) -> Faktatabell:
    """Return facts of the fictional municipality with `sann_verdi` and `sann_n`: what is behind the dots.

    Raises
    ------
    ValueError
        When the facts are not the fictional municipality's, drawn with its usual seed. Nobody has the truth of a real one.
    """
    truth = make_demo(Demovalg()).sannhet
    key = list(NOEKKEL)
    public = (
        truth.assign(_rang=truth["eierform"].ne("offentlig"))
        .sort_values("_rang", kind="stable")
        .drop_duplicates(key)
    )
    plain = dict.fromkeys(("nivaa", "kjoenn", "indikator", "delskaar", "maaltall"), "str")
    known = public[[*key, "verdi", "sann_verdi", "sann_n"]].astype(
        {**plain, "trinn": "Int8", "skoleaar": "int64"}
    )
    wanted = pd.DataFrame(fakta)[key].astype({**plain, "trinn": "Int8", "skoleaar": "int64"})
    found = wanted.merge(known, on=key, how="left", validate="one_to_one")
    shown = fakta["verdi"].notna().to_numpy()
    if (
        not fakta.strategi
        or not fakta.strategi.kommune.fiktiv
        or _differs(fakta["verdi"].to_numpy()[shown], found["verdi"].to_numpy()[shown])
    ):
        raise ValueError(load_tekst()("utforsk.feil.ikke_demo"))
    return fakta.assign(sann_verdi=found["sann_verdi"].to_numpy(), sann_n=found["sann_n"].to_numpy())


def _differs(shown: object, truth: object) -> bool:
    """Say whether published figures are others than the truth was published as. Shares may differ by their rounding."""
    gap = (pd.Series(shown, dtype="float64") - pd.Series(truth, dtype="float64")).abs()
    return bool(gap.gt(0.01).any())


def _find_datamappe() -> Path:
    """Return where data are made when no run says: beside the notebooks folder, else in this folder."""
    here = Path.cwd()
    project = next((folder for folder in (here, *here.parents) if (folder / "notebooks").is_dir()), here)
    return project / "data"
