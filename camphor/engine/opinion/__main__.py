"""`python -m camphor.engine.opinion FOLDER_OR_CSV --out DIR` does what `camphor map` does."""

import sys

from camphor.engine.opinion.command import main

if __name__ == "__main__":
    sys.exit(main(name="python -m camphor.engine.opinion"))
