"""The process of its own: a problem as JSON comes in, the answer as JSON goes out. With --warm it only compiles."""

import json
import sys

from rapport.matching.engine import run, warm

if __name__ == "__main__":
    if sys.argv[1:] == ["--warm"]:
        warm()
    else:
        json.dump(run(json.load(sys.stdin)), sys.stdout)
