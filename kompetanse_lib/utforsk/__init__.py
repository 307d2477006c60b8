"""What researchers' notebooks use: protected facts as tables that pandas knows, what is uncertain about them, and figures.

Every function takes a table and returns a new one, so that they chain: `fakta.pipe(kl.select_fakta, trinn=5)`. The names are
given out by `kompetanse_lib` itself (`import kompetanse_lib as kl`).
"""
