"""`python -P -m auditor` is the same command as `audit`.

Without `-P`, Python looks for modules in the current folder first, and that folder may be the
repository under audit.
"""

import sys

from auditor.cli import main

if __name__ == "__main__":
    sys.exit(main())
