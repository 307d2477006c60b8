"""Who answered, and what those who did not could have changed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Svar:
    """Share that answered, and the ends between which everybody's figure lies whatever the others would have said."""

    svarandel: float
    lav: float
    hoey: float
    er_lav: bool


def find_svar(
    verdi: float, svarte: int, inviterte: int, skala: tuple[float, float], minst: float = 0.7
) -> Svar:
    """Return the response rate and what non-response leaves open.

    Parameters
    ----------
    verdi
        Mean (or share) of those who answered.
    svarte, inviterte
        Persons who answered, and who were asked.
    skala
        The least and the greatest a person's answer can be.
    minst
        Response rate below which the reader is warned. 70 % is a convention of survey practice, not a law of nature.

    Raises
    ------
    ValueError
        When more have answered than were asked, or nobody has.

    Notes
    -----
    Everybody's figure is rate · verdi + (1 - rate) · what the rest would have said; the ends of the scale give bounds that need
    no assumption on those who did not answer.

    References
    ----------
    Manski, C. F. (2003). Partial Identification of Probability Distributions, ch. 1.
    """
    if not 0 < svarte <= inviterte:
        message = f"{svarte} of {inviterte} have answered"
        raise ValueError(message)
    rate = svarte / inviterte
    low, high = (rate * verdi + (1 - rate) * end for end in skala)
    return Svar(svarandel=rate, lav=low, hoey=high, er_lav=rate < minst)
