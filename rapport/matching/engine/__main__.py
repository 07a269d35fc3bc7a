"""The process of its own: a problem as JSON comes in, the answer as JSON goes out."""

import json
import sys

from rapport.matching.engine import run

if __name__ == "__main__":
    json.dump(run(json.load(sys.stdin)), sys.stdout)
