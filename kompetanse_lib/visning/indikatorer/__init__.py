"""The pages of the indicators, each true to what it measures; how one is shown is data (`Maaling.visning`)."""

from kompetanse_lib.visning.indikatorer.side import compose_indikatorer

__all__ = ["compose_indikatorer"]
