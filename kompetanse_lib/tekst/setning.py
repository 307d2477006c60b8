"""A sentence that knows where it comes from."""

from typing import Self


class Setning(str):
    """A text with the rule that wrote it and the facts it rests on; used as any other text.

    Parameters
    ----------
    tekst
        The sentence.
    regel
        Name of the rule: of a comparison `funn.<rule>.<words>`, else the key of the template.
    belegg
        Names of the facts (`Utvalg.noekkel`).

    Notes
    -----
    What is put together from a sentence and something else is a plain text again: whoever composes says anew what it rests on.
    """

    __slots__ = ("belegg", "regel")

    regel: str
    belegg: tuple[str, ...]

    def __new__(cls, tekst: str, regel: str, belegg: tuple[str, ...] = ()) -> Self:
        """Return the text with its trace."""
        made = super().__new__(cls, tekst)
        made.regel, made.belegg = regel, belegg
        return made

    def __reduce__(self) -> tuple[type[Self], tuple[str, str, tuple[str, ...]]]:
        return type(self), (str(self), self.regel, self.belegg)

    def add(self, tekst: str) -> "Setning":
        """Return the sentence with more words after it, which rest on the same."""
        return Setning(f"{self} {tekst}", self.regel, self.belegg)
