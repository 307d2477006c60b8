"""What a report shows: elements as frozen data, one visual language, figures and HTML fragments.

Elements know no format. Here, and only here, they are given the way notebooks display them.
"""

from kompetanse_lib.visning.bunt import render_bunt
from kompetanse_lib.visning.elementer import Visbar

Visbar.vis = staticmethod(render_bunt)
