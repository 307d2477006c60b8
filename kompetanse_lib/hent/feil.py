"""Why something could not be fetched: a code with the values of its words, as in the fault record."""

from kompetanse_lib.avvik import Alvor, Avvik


class Hentefeil(Exception):  # noqa: N818 -- the house's nouns are Norwegian
    """A download that gave nothing; what stood in `data/raw` stands.

    Parameters
    ----------
    kode
        Id of the fault; its words stand in `tekst` under it.
    funnet
        What the service said or sent, shortened when shown.
    forbigaaende
        Whether asking again may help.
    vent
        Seconds the service asks us to wait, None where it does not say.
    felt
        Values for the placeholders of the fault's words.
    """

    def __init__(
        self,
        *,
        kode: str,
        funnet: str = "",
        forbigaaende: bool = False,
        vent: float | None = None,
        **felt: str,
    ) -> None:
        super().__init__(kode)
        self.kode = kode
        self.funnet = funnet
        self.forbigaaende = forbigaaende
        self.vent = vent
        self.felt = felt


def make_avvik(feil: Hentefeil, fil: str, alvor: Alvor = "stopper") -> Avvik:
    """Return a failed download as a fault of the file it should have given."""
    return Avvik(kode=feil.kode, fil=fil, funnet=feil.funnet, alvor=alvor, felt=feil.felt)
