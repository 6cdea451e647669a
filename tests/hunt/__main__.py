"""Run it as `python -m tests.hunt`."""

import sys

from tests.hunt.hunting import main

if __name__ == "__main__":
    sys.exit(main())
