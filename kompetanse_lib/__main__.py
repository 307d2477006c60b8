"""`python -m kompetanse_lib` is `kompetanse`."""

from kompetanse_lib.cli import main

if __name__ == "__main__":
    main()
