"""What the Makefile runs: setting up, the demo, the message catalogues, a throwaway PostgreSQL."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - this file is what an older one reads first
    version = ".".join(map(str, sys.version_info[:3]))
    raise SystemExit(f"Python 3.11 or later is needed, this one is {version}: name another with PYTHON=python3.11")
