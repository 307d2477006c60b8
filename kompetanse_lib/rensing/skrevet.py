"""One answer per question: what people wrote in forms, where the same unit may have sent two for the same year."""

from collections.abc import Mapping

import pandas as pd

from kompetanse_lib.avvik import Avvik

NOEKKEL = ["enhet", "skoleaar", "id"]
STED = ["fil", "rad"]


def drop_like_svar(
    tabeller: Mapping[str, pd.DataFrame],
) -> tuple[dict[str, pd.DataFrame], list[Avvik]]:
    """Return each table with one row per unit, school year and id.

    Rows that say the same are one. Where two forms differ, neither is used: nobody can say which is meant.
    """
    kept, faults = {}, []
    for name, table in tabeller.items():
        content = [column for column in table if column not in STED]
        once = table.drop_duplicates(content)
        doubled = once.duplicated(NOEKKEL, keep=False)
        kept[name] = once[~doubled].reset_index(drop=True)
        for _, rows in once[doubled].groupby(NOEKKEL, sort=True):
            first, second = rows.iloc[0], rows.iloc[1]
            faults.append(
                Avvik(
                    kode="skjema_to_ganger",
                    fil=str(first["fil"]),
                    rad=int(first["rad"]),
                    felt={"annen": str(second["fil"])},
                )
            )
    return kept, faults
