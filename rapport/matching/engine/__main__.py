"""The process of its own: a question as JSON comes in, the answer as JSON goes out. With --warm it only compiles.

A question is {"question": its name, "problem": ..., and what it asks besides}; a problem alone is asked to be run.
"""

import gc
import json
import sys

from rapport.matching.engine import answer, warm

if __name__ == "__main__":
    if sys.argv[1:] == ["--warm"]:
        warm()
    else:
        gc.disable()  # one answer and out: looking for what can be thrown away would only take time
        json.dump(answer(json.load(sys.stdin)), sys.stdout)
