"""Figures for researchers, in the house's look: time lines that break where the series do, funnels, ranges, coverage.

No line crosses a break, a hidden year or a missing one. Schools are never ordered by their numbers.
"""

from collections.abc import Collection, Sequence
from typing import Final

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray

from kompetanse_lib.fakta import number_grupper, render_skoleaar
from kompetanse_lib.strategi.modell import Delskaar
from kompetanse_lib.tekst import load_tekst, render_prosent
from kompetanse_lib.utforsk.brudd import find_brudd
from kompetanse_lib.utforsk.dekning import tabulate_status
from kompetanse_lib.utforsk.graf import Graf, make_graf
from kompetanse_lib.utforsk.grafstil import BREDDE, FARGER, TRAPP, set_figurstil, set_tallakse
from kompetanse_lib.utforsk.tabell import Faktatabell
from kompetanse_lib.utforsk.tilfeldig import add_spenn, find_trakt, shrink_fakta
from kompetanse_lib.utforsk.velg import add_navn
from kompetanse_lib.visning.stil import LYS

FLEST_MED_SPENN: Final = 3
"""Series in one panel whose ranges are drawn; with more, the ranges hide each other."""
PER_RAD: Final = 3
FLEST_AAR: Final = (7, 3)
"""School years named on the axis: in a figure of one panel, and where panels stand side by side."""
BOKSTAVER: Final = 100
"""Letters that there is room for across the figure, in the size of the legend."""
_SERIE: Final = ["enhet", "trinn", "kjoenn", "indikator", "delskaar", "maaltall"]


def draw_serier(
    fakta: Faktatabell,
    *,
    linje: str = "navn",
    rute: str | None = None,
    fremhev: Collection[str] = (),
    tittel: str = "",
) -> Graf:
    """Return time lines with 95 % ranges, broken where the series break or a year is hidden.

    Parameters
    ----------
    fakta
        Facts with one unit of measure.
    linje
        The column that tells lines apart: `navn` (the unit), `delskaar`, `trinn`, `kjoenn` …
    rute
        A column with one panel per value.
    fremhev
        Values of `linje` that are drawn in colour, the others thin and grey.
    tittel
        What the figure shows; the indicator's name by default.

    Examples
    --------
    >>> import kompetanse_lib as kl
    >>> lesing = kl.load_eksempel().pipe(kl.select_fakta, delskaar="lesing", nivaa=["skole", "land"])
    >>> kl.draw_serier(lesing, fremhev=["Lønnemarka skole"]).data["punkter"].sum() > 0
    np.True_
    """
    set_figurstil()
    table = add_navn(add_spenn(fakta))
    panels = [None] if rute is None else list(dict.fromkeys(table[rute].astype("str")))
    columns = min(len(panels), PER_RAD)
    rows = -(-len(panels) // columns)
    figure, axes = plt.subplots(
        rows, columns, figsize=(BREDDE, 3.4 if rows == 1 else 2.5 * rows), sharey=True, squeeze=False
    )
    part = _find_delskaar(fakta)
    for ax, panel in zip(axes.flat, panels, strict=False):
        held = table if panel is None else table[table[str(rute)].astype("str").eq(panel)]
        _draw_panel(ax, held, linje, fremhev, columns)
        ax.set_title(_name(fakta, rute, panel) if panel else "")
    for ax in axes.flat[len(panels) :]:
        ax.remove()
    set_tallakse(axes[0, 0], part)
    axes[0, 0].set_ylabel(load_tekst()(f"utforsk.enhet.{part.enhet}"))
    name = tittel or _name(fakta, "indikator", str(fakta["indikator"].iloc[0]))
    figure.suptitle(name, x=0.01, ha="left", fontweight=600)
    _add_forklaring(axes[0, 0], figure)
    return make_graf(figure, name)


def draw_trakt(fakta: Faktatabell, *, fremhev: Collection[str] = (), tittel: str = "") -> Graf:
    """Return a funnel of schools: their numbers by how many persons are behind them, with what chance alone can do.

    Parameters
    ----------
    fakta
        One series in one school year (see `find_trakt`).
    fremhev
        Names of schools to name in the figure.
    """
    set_figurstil()
    tekst, funnel = load_tekst(), find_trakt(fakta)
    funnel = funnel.assign(navn=[(fakta.navn or {}).get(code, code) for code in funnel["enhet"]])
    figure, ax = plt.subplots(figsize=(BREDDE, 4))
    for level, style in (("95", "--"), ("998", "-")):
        for end in ("lav", "hoey"):
            ax.plot(
                funnel["n"],
                funnel[f"{end}_{level}"],
                style,
                color=LYS["land"],
                lw=1,
                gid=f"{end} {level}",
                label="_",
            )
    ax.plot(funnel["n"], funnel["felles"], color=LYS["kommune"], lw=1.4, label=tekst("utforsk.graf.felles"))
    for outside, colour, mark in ((False, LYS["egen"], "o"), (True, LYS["kommune"], "D")):
        rows = funnel[funnel["utenfor"].eq(outside)]
        label = tekst(f"utforsk.graf.{'utenfor' if outside else 'innenfor'}")
        ax.scatter(rows["n"], rows["verdi"], c=colour, marker=mark, s=26, label=label, zorder=3)
    for row in funnel[funnel["navn"].isin(list(fremhev))].to_dict("records"):
        is_right = row["n"] > funnel["n"].mean()
        ax.annotate(
            f"{row['navn']} ({row['n']})", (row["n"], row["verdi"]), xytext=(-7 if is_right else 7, 5), textcoords="offset points",
            ha="right" if is_right else "left", fontsize=9, path_effects=[withStroke(linewidth=3, foreground="white")], zorder=2.9,
        )  # fmt: skip
    part = _find_delskaar(fakta)
    set_tallakse(ax, part)
    ax.set(xlabel=tekst("utforsk.graf.n"), ylabel=tekst(f"utforsk.enhet.{part.enhet}"))
    figure.legend(
        loc="outside lower left",
        ncols=3,
        fontsize=9,
        title=tekst("utforsk.graf.trakt"),
        title_fontsize=8.5,
        alignment="left",
    )
    ax.set_title(tittel or _name_serie(fakta))
    return make_graf(figure, tittel or _name_serie(fakta))


def draw_krymping(fakta: Faktatabell, *, tittel: str = "") -> Graf:
    """Return schools' published numbers beside the same numbers drawn towards the common mean, smallest school first."""
    set_figurstil()
    tekst, shrunk = load_tekst(), shrink_fakta(fakta)
    figure, ax = plt.subplots(figsize=(BREDDE, 3.8))
    place = np.arange(len(shrunk))
    ax.vlines(place, shrunk["lav"], shrunk["hoey"], color=LYS["linje"], lw=4, label="_spenn")
    ax.plot(
        place,
        shrunk["verdi"],
        "o",
        mfc="none",
        color=LYS["land-tekst"],
        label=tekst("utforsk.graf.publisert"),
    )
    ax.plot(place, shrunk["krympet"], "o", color=LYS["egen"], label=tekst("utforsk.graf.krympet"))
    part = _find_delskaar(fakta)
    set_tallakse(ax, part)
    ax.set_xticks(place, [str(n) for n in shrunk["n"]], fontsize=8)
    ax.set(xlabel=tekst("utforsk.graf.n"), ylabel=tekst(f"utforsk.enhet.{part.enhet}"))
    figure.legend(loc="outside lower left", ncols=2, fontsize=9)
    ax.set_title(tittel or _name_serie(fakta))
    return make_graf(figure, tittel or _name_serie(fakta))


def draw_dekning(fakta: Faktatabell, *, etter: str = "indikator", tittel: str = "") -> Graf:
    """Return what share of the numbers is shown, by year and by a column of the facts."""
    set_figurstil()
    by = {str(name): tabulate_status(rows) for name, rows in fakta.groupby(etter, observed=True)}
    table = pd.DataFrame({name: counts.get("vist", 0) / counts.sum(axis=1) for name, counts in by.items()}).T
    figure, ax = plt.subplots(figsize=(BREDDE, 0.9 + 0.27 * len(table)))
    mesh = ax.pcolormesh(
        np.ma.masked_invalid(table.to_numpy()),
        cmap=TRAPP,
        vmin=0,
        vmax=1,
        edgecolors=LYS["papir"],
        linewidth=1.5,
    )
    ax.set_xticks(np.arange(table.shape[1]) + 0.5, [str(year) for year in table.columns])
    ax.set_yticks(np.arange(len(table)) + 0.5, [_name(fakta, etter, name) for name in table.index])
    ax.invert_yaxis()
    ax.grid(visible=False)
    ax.spines[:].set_visible(False)
    bar = figure.colorbar(mesh, ax=ax, format=lambda value, _: render_prosent(value), shrink=0.8, aspect=18)
    bar.outline.set_visible(False)
    name = tittel or load_tekst()("utforsk.graf.andel_vist")
    ax.set_title(name)
    return make_graf(figure, name)


def _draw_panel(ax: Axes, fakta: Faktatabell, linje: str, fremhev: Collection[str], antall: int) -> None:
    names = list(dict.fromkeys(fakta[linje].astype("str")))
    marked = [name for name in names if name in fremhev] or names
    colours = _choose_farger(fakta, linje, marked)
    parts = _cut_serier(fakta).assign(_linje=lambda t: t[linje].astype("str"))
    rest = parts[~parts["_linje"].isin(marked)]
    if len(rest):
        x, y = _join_deler(rest)
        ax.plot(
            x,
            y,
            color=LYS["linje"],
            lw=0.8,
            marker=".",
            ms=2,
            zorder=1,
            gid=load_tekst()("utforsk.graf.oevrige"),
            label="_",
        )
    for name, colour in colours.items():
        label = _name(fakta, linje, name)
        _draw_linje(
            ax, parts[parts["_linje"].eq(name)], label, colour, med_spenn=len(marked) <= FLEST_MED_SPENN
        )
    _draw_brudd(ax, fakta)
    years = sorted(set(fakta["skoleaar"]))
    step = -(-len(years) // FLEST_AAR[antall > 1])
    ax.set_xticks(
        years[::-step][::-1], [render_skoleaar(int(year)) for year in years[::-step][::-1]], fontsize=8
    )


def _cut_serier(fakta: Faktatabell) -> pd.DataFrame:
    """Return the shown numbers by series and year, with `_del`: a new part wherever a line may not go on."""
    shown = pd.DataFrame(fakta[fakta["verdi"].notna()])
    shown = shown.assign(_serie=number_grupper(shown, _SERIE), _versjon=shown["versjon"].astype("str"))
    shown = shown.sort_values(["_serie", "skoleaar"], kind="stable")
    new = (
        shown["_serie"].diff().ne(0)
        | shown["skoleaar"].diff().ne(1)
        | shown["_versjon"].ne(shown["_versjon"].shift())
    )
    return shown.assign(_del=new.cumsum())


def _join_deler(deler: pd.DataFrame) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return many parts as one line with gaps between them."""
    starts = np.flatnonzero(deler["_del"].diff().fillna(0).ne(0))
    x, y = (deler[name].to_numpy(float) for name in ("skoleaar", "verdi"))
    return np.insert(x, starts, np.nan), np.insert(y, starts, np.nan)


def _draw_linje(ax: Axes, deler: pd.DataFrame, navn: str, farge: str, *, med_spenn: bool) -> None:
    if deler.empty:
        return
    x, y = _join_deler(deler)
    ax.plot(x, y, color=farge, lw=2, marker="o", zorder=3, label=navn)
    if med_spenn and deler["lav"].notna().any():
        for _, part in deler.groupby("_del"):
            ax.fill_between(part["skoleaar"], part["lav"], part["hoey"], color=farge, alpha=0.13, lw=0)
            if len(part) == 1:
                ax.vlines(part["skoleaar"], part["lav"], part["hoey"], color=farge, alpha=0.4, lw=3)


def _choose_farger(fakta: Faktatabell, linje: str, navn: Sequence[str]) -> dict[str, str]:
    """Return name → colour: that of its role for the municipality, the county and the country, as in the reports."""
    if linje != "navn":
        return {name: FARGER[place % len(FARGER)] for place, name in enumerate(navn)}
    levels = dict(zip(fakta["navn"], fakta["nivaa"].astype("str"), strict=True))
    taken = {LYS[level] for level in levels.values() if level in LYS}
    free = [colour for colour in FARGER if colour not in taken]
    schools = [name for name in navn if levels[name] not in LYS]
    own = {name: free[place % len(free)] for place, name in enumerate(schools)}
    return {name: own[name] if name in own else LYS[levels[name]] for name in navn}


def _draw_brudd(ax: Axes, fakta: Faktatabell) -> None:
    """Mark the breaks between the panel's years, and shade the years that are not fit for development."""
    if fakta.strategi is None:
        return
    last = int(fakta["skoleaar"].max())
    breaks = find_brudd(fakta, fakta.strategi)
    for year in sorted(set(breaks["skoleaar"])):
        ax.axvline(year - 0.5, color=LYS["maskert"], lw=1, ls=(0, (2, 2)), zorder=0, label="_brudd")
        ax.annotate(
            load_tekst()("utforsk.graf.brudd"), (year - 0.5, 1), xycoords=("data", "axes fraction"), fontsize=7.5,
            color=LYS["dempet"], ha="center", va="bottom",
        )  # fmt: skip
    keys = fakta[["indikator", "delskaar", "trinn"]].drop_duplicates().itertuples(index=False)
    series = [(str(i), str(d), None if pd.isna(t) else int(t)) for i, d, t in keys]
    for year in range(int(fakta["skoleaar"].min()), last + 1):
        periods = [fakta.strategi.periode(*serie, year) for serie in series]
        if periods and all(
            p is not None and p.tilstand in {"uegnet", "avlyst", "ikke_maalt"} for p in periods
        ):
            ax.axvspan(year - 0.5, year + 0.5, color=LYS["sone"], zorder=-1, lw=0)


def _add_forklaring(ax: Axes, figur: mpl.figure.Figure) -> None:
    handles, labels = [], []
    for axes in figur.axes:
        for handle, label in zip(*axes.get_legend_handles_labels(), strict=True):
            if label not in labels:
                handles.append(handle)
                labels.append(label)
    if len(labels) > 1 or figur.axes == [ax]:
        columns = BOKSTAVER // (max(map(len, labels)) + 5)
        figur.legend(handles, labels, loc="outside lower left", ncols=min(4, max(1, columns)), fontsize=9)


def _find_delskaar(fakta: Faktatabell) -> Delskaar:
    if fakta.strategi is None or fakta.empty:
        raise ValueError(load_tekst()("utforsk.feil.uten_katalog"))
    first = fakta.iloc[0]
    return fakta.strategi.indikator(str(first["indikator"])).maaling.delskaar(str(first["delskaar"]))


def _name(fakta: Faktatabell, kolonne: str | None, verdi: str | None) -> str:
    """Return what a value of a column is called."""
    if fakta.strategi is None or verdi is None:
        return str(verdi)
    if kolonne == "indikator":
        return fakta.strategi.indikator(verdi).navn.nb
    if kolonne == "delskaar":
        named = {
            d.id: d.navn.nb
            for i in fakta.strategi.indikatorer
            for d in i.maaling.delskaarer
            if i.id in set(fakta["indikator"].astype("str"))
        }
        return named.get(verdi, verdi)
    return load_tekst()("funn.trinn", trinn=verdi) if kolonne == "trinn" else verdi


def _name_serie(fakta: Faktatabell) -> str:
    first = fakta.iloc[0]
    words: Sequence[str] = (
        _name(fakta, "indikator", str(first["indikator"])),
        _name(fakta, "delskaar", str(first["delskaar"])),
        *([_name(fakta, "trinn", str(int(first["trinn"])))] if pd.notna(first["trinn"]) else []),
        render_skoleaar(int(first["skoleaar"])),
    )
    return ", ".join(words)
