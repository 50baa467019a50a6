"""``python -m conformance.cli``: the command line without its installed script."""

import sys

from conformance.cli.entry import main

sys.exit(main())
