"""Run it as `python -m tests.code_mutation`."""

import sys

from tests.code_mutation.run import main

if __name__ == "__main__":
    sys.exit(main())
