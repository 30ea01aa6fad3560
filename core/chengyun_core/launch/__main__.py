"""Runs the command line as a module, so that children need no executable on the PATH."""

import sys

from chengyun_core.launch.cli import main

if __name__ == "__main__":
    sys.exit(main())
