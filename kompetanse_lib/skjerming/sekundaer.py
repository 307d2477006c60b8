"""Secondary suppression of the simplest leak: one hidden school beside a shown municipality.

The municipality's count is the exact sum of its schools (data_formats §7), so a single hidden school is the
municipality less the others. The school with the fewest persons after it is hidden too, as Udir does. This
looks at one table at a time; links across tables, years and releases are not weighed here.
"""

import pandas as pd

TABELL = ("skoleaar", "trinn", "kjoenn", "indikator", "delskaar")


def find_nabo(fakta: pd.DataFrame, grunn: pd.Series) -> pd.Series:
    """Return `grunn` with `kunne_roepe` added for schools that must hide so that another stays hidden.

    Parameters
    ----------
    fakta
        Tidy facts of one municipality: its schools and its own row.
    grunn
        Reason per fact from primary suppression, aligned with `fakta`.

    Notes
    -----
    Decided per table and school, not per cell: mean and level shares of a school stand on the same persons.
    """
    shown = fakta["status"].isin(["vist", "unntatt"]) & grunn.eq("")
    hidden = grunn.ne("")
    keys = list(TABELL)
    totals = fakta[fakta["nivaa"].eq("kommune") & shown & fakta["n"].notna()][keys].drop_duplicates()
    skole = fakta[fakta["nivaa"].eq("skole")].assign(skjult=hidden, synlig=shown)
    per_school = (
        skole.groupby([*keys, "enhet"], observed=True, dropna=False)
        .agg(skjult=("skjult", "any"), synlig=("synlig", "any"), n=("n", "max"))
        .reset_index()
        .merge(totals, on=keys, how="inner", validate="many_to_one")
    )
    lonely = per_school.groupby(keys, observed=True, dropna=False)["skjult"].transform("sum").eq(1)
    candidates = per_school[lonely & per_school["synlig"] & ~per_school["skjult"]]
    chosen = candidates.sort_values(["n", "enhet"]).drop_duplicates(keys)[[*keys, "enhet"]]
    partner = fakta.reset_index().merge(chosen, on=[*keys, "enhet"], how="inner")["index"]
    result = grunn.copy()
    result[result.index.isin(partner) & fakta["nivaa"].eq("skole") & shown] = "kunne_roepe"
    return result
