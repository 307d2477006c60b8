"""Office files as reproducible packages: the same content gives the same bytes, whenever and wherever it is made."""

import io
import re
import zipfile
from datetime import date
from typing import Final

_DATO: Final = (1980, 1, 1, 0, 0, 0)
"""The first moment that a zip file can hold."""
_EGENSKAPER: Final = "docProps/core.xml"
_TIDER: Final = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:\2>)")


def render_pakke(innhold: bytes, dato: date) -> bytes:
    """Return an Office file with the document's date in place of the time it was made.

    Parameters
    ----------
    innhold
        The file as a library wrote it.
    dato
        The date for its properties.
    """
    stamp = f"{dato.isoformat()}T00:00:00Z".encode()
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(innhold)) as source,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            data = source.read(name)
            if name == _EGENSKAPER:
                data = _TIDER.sub(rb"\g<1>" + stamp + rb"\g<3>", data)
            entry = zipfile.ZipInfo(name, _DATO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            target.writestr(entry, data)
    return buffer.getvalue()
