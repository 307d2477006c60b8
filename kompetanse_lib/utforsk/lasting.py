"""Opens protected facts for a notebook: always of one profile, never the clean facts behind them."""

from collections.abc import Collection, Iterable, Sequence
from difflib import get_close_matches
from importlib.resources import files
from typing import Final, get_args

import pandas as pd

from kompetanse_lib.fakta import set_typer
from kompetanse_lib.kodebok import Kodebokoppslag, make_oppslag
from kompetanse_lib.lager import Lager
from kompetanse_lib.skjerming import BeskyttedeFakta, protect, protect_lager
from kompetanse_lib.skoler import Register, Skole
from kompetanse_lib.strategi import Profil, Strategi, load_strategi
from kompetanse_lib.tekst import load_tekst
from kompetanse_lib.utforsk.tabell import Faktatabell
from kompetanse_lib.utvalg import LAND

PROFILER: Final[tuple[Profil, ...]] = get_args(Profil)


def load_fakta(
    indikator: str | Sequence[str] | None = None, *, profil: Profil = "offentlig", lager: Lager | None = None
) -> Faktatabell:
    """Return the facts that a profile may see.

    Parameters
    ----------
    indikator
        Id of an indicator, or several; all that the profile sees by default. `tabulate_indikatorer` lists them.
    profil
        `offentlig` has the strictest limits and is the default; `nettverk` names no school; `rektor` sees the indicators that
        the strategy gives to schools, `skoleeier` all of them.
    lager
        The store; by default the one that the run, or the folder the notebook stands in, points to.

    Returns
    -------
    Faktatabell
        One row per number. Shares are 0-1; `verdi` is missing where `status` says why, and `grunn` says why it is hidden.

    Raises
    ------
    ValueError
        When the profile or an indicator does not exist.
    FileNotFoundError
        When there are no clean facts.
    """
    check_ord([profil], PROFILER, "utforsk.feil.profil")
    store = lager or Lager.find()
    strategi, protected = store.load_strategi(), protect_lager(store, [profil])[profil]
    return _make_tabell(protected, strategi, indikator)


def load_eksempel() -> Faktatabell:
    """Return a small table of facts that needs no data folder: four fictional schools, three years, profile `skoleeier`.

    Examples
    --------
    >>> import kompetanse_lib as kl
    >>> kl.load_eksempel()["indikator"].unique().tolist()
    ['elevundersoekelsen', 'nasjonale_proever']
    """
    source = files("kompetanse_lib.utforsk") / "eksempel.csv"
    with source.open(encoding="utf-8") as file:
        facts = set_typer(pd.read_csv(file, dtype={"enhet": "str"}))
    strategi = load_strategi("demo")
    codes = sorted(set(facts.loc[facts["nivaa"].eq("skole"), "enhet"]))
    names = ("Lønnemarka skole", "Strandløkka skole", "Einerbakken skole", "Fjellåsen skole")
    schools = (
        Skole(orgnr=code, navn=name, kommune=strategi.kommune.nummer)
        for code, name in zip(codes, names, strict=True)
    )
    register = Register(tuple(schools))
    protected = protect(facts, register, strategi, "skoleeier")
    return _make_tabell(protected, strategi, None)


def check_ord(ord_: Iterable[str], lovlige: Collection[str], noekkel: str) -> None:
    """Refuse words that are none of the legal ones, with the nearest that is.

    Raises
    ------
    ValueError
        With the text at `noekkel` (`funnet`, `forslag`).
    """
    legal = sorted(lovlige)
    for word in ord_:
        if word not in legal:
            near = get_close_matches(str(word), legal, n=1)
            raise ValueError(
                load_tekst()(noekkel, funnet=word, forslag=near[0] if near else ", ".join(legal))
            )


def _make_tabell(
    vernet: BeskyttedeFakta, strategi: Strategi, indikator: str | Sequence[str] | None
) -> Faktatabell:
    wanted = [indikator] if isinstance(indikator, str) else list(indikator or ())
    check_ord(wanted, [i.id for i in strategi.indikatorer_for(vernet.profil)], "utforsk.feil.indikator")
    facts = vernet.tabell
    if wanted:
        facts = facts[facts["indikator"].isin(wanted)].reset_index(drop=True)
        facts = facts.assign(
            **{c: facts[c].cat.remove_unused_categories() for c in ("indikator", "delskaar", "maaltall")}
        )
    table = Faktatabell(facts)
    table.profil, table.strategi, table.navn = (
        vernet.profil,
        strategi,
        _name_enheter(vernet.register, strategi),
    )
    table.private = frozenset(s.orgnr for s in vernet.register.skoler if s.eierform == "privat")
    return table


def _name_enheter(register: Register, strategi: Strategi) -> dict[str, str]:
    kommune = strategi.kommune
    names = {school.orgnr: school.navn for school in register.in_kommune(kommune.nummer)}
    return {
        **names,
        kommune.nummer: kommune.navn,
        kommune.fylke: kommune.fylkesnavn,
        LAND: load_tekst()("rapport.rolle.land"),
    }


def load_indikator(
    indikator: str, *, profil: Profil = "offentlig", lager: Lager | None = None
) -> Kodebokoppslag:
    """Return an indicator's entry in the codebook: what it is, how it is read, what it does not say, and its versions.

    Parameters
    ----------
    profil
        The reader whose limits are told.

    Raises
    ------
    ValueError
        When there is no such indicator; the message names the nearest.
    """
    strategi = (lager or Lager.find()).load_strategi()
    check_ord([indikator], [i.id for i in strategi.indikatorer], "utforsk.feil.ingen_indikator")
    return make_oppslag(strategi.indikator(indikator), strategi, profil, None, load_tekst())
