"""A notebook that does everything a notebook can do without a browser, to hold two engines beside each other."""

import contextlib
import logging
import random
import sys
import warnings

import matplotlib.pyplot as plt

from kompetanse_lib.rapport.motor.kjerne import leave_ut

with leave_ut("rfc3987_syntax"):
    import nbformat
    import papermill

from kompetanse_lib.rapport.motor.standard import Kjernestyrer

ONDT = '"); import os; os._exit(7) #'
"""A name that would be code where a parameter is not data."""
TELL_TEGNINGER = """\
from matplotlib.figure import Figure
tegninger, tegn = [], Figure.draw
Figure.draw = lambda self, renderer: (tegninger.append(self), tegn(self, renderer))[1]
"""
TEGNET = "len(tegninger)"

CELLER = (
    # Streams, and how they take turns.
    "print('ut'); import sys; print('feil', file=sys.stderr); print('ut igjen')",
    "print('uten linjeskift', end=''); print('flush', flush=True); print('etter')",
    "sys.stdout.write('antall'); sys.stdout.writelines(['a', 'b'])",
    "print('ÆØÅ – 2 × 3 ✓ \\U0001f600')",
    "print('10 %\\r20 %\\r30 %'); print('feil\\b\\b\\b\\bok  ')",
    "print('x' * 300_000)",
    "print(sys.stdout.isatty(), sys.stdout.encoding, sys.stdout.name, sys.stderr.name, sys.stdout.writable())",
    "sys.stdout.write(1)",
    "import contextlib, io\nbuffer = io.StringIO()\nwith contextlib.redirect_stdout(buffer):\n    print('fanget')\nbuffer.getvalue()",
    # What others write: the shell, a child, the descriptor itself, C.
    "!echo fra skallet; echo feil >&2",
    "%%bash\necho fra bash\necho feil >&2",
    "import os, subprocess\nos.write(1, b'deskriptor\\n'); os.write(2, b'deskriptor feil\\n')",
    "_ = subprocess.run(['echo', 'barn'], check=True)\nprint('etter barnet')",
    "subprocess.run([sys.executable, '-c', 'import sys; print(1); sys.stderr.write(chr(229))'], check=True).returncode",
    "subprocess.run([sys.executable, '-c', 'print(chr(97) * 200_000)'], check=True) and None",
    "import ctypes\nctypes.CDLL(None).puts(b'fra C'); _ = ctypes.CDLL(None).fflush(None)",
    "svar = !echo en; echo to\nsvar",
    "%%bash\nexit 3",
    # Values, and how they show themselves.
    "1 + 1",
    "None",
    "x = 3; x",
    "x;",
    "'tekst'",
    "import pandas as pd\ntabell = pd.DataFrame({'a': [1, 2], 'b': ['æ', None]})\ntabell",
    "tabell.style.highlight_max(subset=['a'], axis=0).set_uuid('u')",
    "class Rik:\n    def _repr_html_(self):\n        return '<b>rik</b>'\n    def _repr_markdown_(self):\n        return '**rik**'\nRik()",
    "class Bunt:\n    def _repr_mimebundle_(self, include=None, exclude=None):\n"
    "        return {'text/plain': 'bunt', 'application/json': {'a': [1, None]}}, {'application/json': {'expanded': True}}\nBunt()",
    "class Syk:\n    def __repr__(self):\n        raise ValueError('kan ikke vises')\nSyk()",
    "from IPython.display import HTML, JSON, Image, Latex, Markdown, SVG, Javascript, display\n"
    "display(HTML('<i>h</i>'), Markdown('**m**'), Latex('$x$'), JSON({'a': 1}), Javascript('1'), 5)",
    "display({'text/plain': 'rå', 'text/x-egen': 'e'}, raw=True, metadata={'text/x-egen': {'k': 1}})",
    'SVG(\'<svg xmlns="http://www.w3.org/2000/svg"><rect width="1" height="1"/></svg>\')',
    # Updates and clearing.
    "h = display('først', display_id='d1'); print('mellom')",
    "h.update('sist')",
    "display('tredje', display_id='d1'); h.update(HTML('<b>alle</b>'))",
    "from IPython.display import clear_output, update_display\nprint('borte'); clear_output(); print('igjen')",
    "print('venter'); clear_output(wait=True); print('erstattet')",
    "update_display('fjerde', display_id='d1')",
    # Magics.
    "%matplotlib inline",
    "%time sum(range(10))",
    "%%capture fanget\nprint('fanget'); display(1)",
    "fanget.stdout, len(fanget.outputs)",
    "%who_ls int",
    "%%writefile lagret.txt\ninnhold",
    "open('lagret.txt').read(); os.remove('lagret.txt')",
    "%env STRESS=ja",
    "%ukjent_magi",
    "%%ukjent_celle\n1",
    "len?",
    "Rik??",
    "%config InlineBackend.figure_formats = ['png']",
    "get_ipython().__class__.__name__, get_ipython().__class__.__module__, 'IPKernelApp' in get_ipython().config",
    "%history -n 1-3",
    # Figures, each drawn as often as it is shown.
    TELL_TEGNINGER,
    "import matplotlib.pyplot as plt\nfig, ax = plt.subplots(figsize=(3, 2)); _ = ax.plot([1, 3, 2])",
    TEGNET,
    "plt.bar(['a', 'b'], [1, 2]); plt.title('Æ'); plt.show(); print('etter figuren')",
    "fig2 = plt.figure(figsize=(2, 1)); plt.close(fig2); fig2",
    "%config InlineBackend.figure_formats = ['svg']\nimport matplotlib\nmatplotlib.rcParams['svg.hashsalt'] = 's'\n"
    "plt.plot([1, 2], gid='linje'); plt.gcf().set_size_inches(2, 1)",
    "import seaborn as sns\nsns.lineplot(x=[1, 2, 3], y=[3, 1, 2]).get_figure().set_size_inches(2, 1)",
    "plt.get_backend(), plt.get_fignums(), plt.isinteractive()",
    # Async.
    "import asyncio\nawait asyncio.sleep(0.01)\n'ventet'",
    "async def del_(n):\n    await asyncio.sleep(0.01 * n)\n    print('del', n)\nawait asyncio.gather(*(del_(n) for n in (2, 1)))",
    "oppgave = asyncio.create_task(asyncio.sleep(0.01, 'bakgrunn'))",
    "await oppgave",
    "async for i in finnes_ikke():\n    print(i)",
    "async def ticker():\n    for i in range(2):\n        yield i\nasync for i in ticker():\n    print(i)",
    # Warnings and logging, as if nobody had touched them.
    "import warnings\nwarnings.warn('pass på')\nwarnings.warn('gammelt', DeprecationWarning)",
    "warnings.warn('ressurs', ResourceWarning)\nlen([f for f in warnings.filters if f[0] == 'error'])",
    "import logging\nlogging.warning('fra roten'); logging.info('for lavt')",
    "logg = logging.getLogger('egen'); logg.error('egen'); logg.handlers, logg.level, logging.root.level",
    "logging.basicConfig(level='INFO', force=True, format='%(levelname)s %(message)s'); logging.info('nå')",
    # History and names.
    "navn",
    "Out[19], _19, In[1][:5], len(In)",
    "__name__, sorted(n for n in globals() if not n.startswith('_'))[:5]",
    "import __main__\n__main__.x",
    "import signal\n'' in sys.path, sys.stdin.isatty(), signal.getsignal(signal.SIGTERM) == signal.SIG_DFL",
    "input('spørsmål')",
    "import pickle\nclass Egen:\n    pass\ntype(pickle.loads(pickle.dumps(Egen()))).__name__",
    "%%time\npass",
    # Threads and processes.
    "import threading\nt = threading.Thread(target=print, args=('fra tråden',)); t.start(); t.join()",
    "import multiprocessing\nwith multiprocessing.get_context('fork').Pool(2) as basseng:\n    print(sorted(basseng.map(abs, [-1, 2])))",
    "pid = os.fork()\nif pid == 0:\n    os.write(1, b'gaffel\\n'); os._exit(0)\n_ = os.waitpid(pid, 0)",
    # Errors, last the one that stops the notebook.
    "1/0",
    "def f(n):\n    raise KeyError('ytre') if n == 0 else None or f(n - 1)\ntry:\n    f(2)\nexcept KeyError as e:\n    raise RuntimeError('indre') from e",
    "raise SystemExit('slutt')",
    "print('før'); assert False, 'påstand'",
    "x = = 1",
    "eval('1 +')",
    "raise KeyboardInterrupt",
    "exec('raise ExceptionGroup(\"flere\", [ValueError(1), TypeError(2)])')",
    "print('denne stopper'); raise ValueError('æøå')",
    "print('aldri kjørt')",
)
STOPPER = len(CELLER) - 2
"""Place of the cell whose error stops the notebook; the errors before it are allowed by a tag."""


def make_stress() -> nbformat.NotebookNode:
    """Return the notebook, with a parameters cell and text between the code."""
    cells = [nbformat.v4.new_markdown_cell("# Stress"), nbformat.v4.new_code_cell("navn = 'ingen'")]
    cells[1].metadata["tags"] = ["parameters"]
    for place, source in enumerate(CELLER):
        cell = nbformat.v4.new_code_cell(source)
        cell.metadata["tags"] = [] if place == STOPPER else ["raises-exception"]
        cells.append(cell)
    cells.append(nbformat.v4.new_code_cell("   "))
    kernel = {"name": "python3", "language": "python", "display_name": "Python 3"}
    return nbformat.v4.new_notebook(
        cells=cells, metadata={"kernelspec": kernel, "language_info": {"name": "python"}}
    )


def soil() -> None:
    """Leave behind what a long-lived parent may have done, none of which a notebook may see."""
    random.seed(1)
    logging.basicConfig(level=logging.DEBUG)
    logging.disable(logging.CRITICAL)
    logging.getLogger("egen").setLevel(logging.CRITICAL)
    logging.getLogger("egen").disabled = True
    warnings.filterwarnings("error", category=UserWarning)
    plt.switch_backend("agg")
    plt.figure()


def main(motor: str, inn: str, ut: str) -> None:
    """Run the notebook with an engine and write it."""
    nbformat.write(make_stress(), inn)
    options: dict[str, object] = {"kernel_manager_class": Kjernestyrer}
    if motor == "varm":
        soil()
        options = {"engine_name": "varm"}
    with contextlib.suppress(papermill.PapermillExecutionError):
        papermill.execute_notebook(inn, ut, parameters={"navn": ONDT}, progress_bar=False, **options)


if __name__ == "__main__":
    main(*sys.argv[1:])
