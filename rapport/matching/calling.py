"""Calls the engine in a process of its own, so NumPy and Numba never load where pages are served."""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from rapport.core.refused import Refused

COMMAND = [sys.executable, "-m", "rapport.matching.engine"]
PATIENCE = 600  # seconds; the machine's, not a rule from practice


class NoAnswer(Refused):
    """The engine found no answer that it can prove."""

    sentence = _("The round could not be worked out; nothing was changed. The reason stands in the log.")


logger = logging.getLogger(__name__)


def ask_engine(problem, question="run", **more):
    """The engine's answer to a question about a problem (`engine.QUESTIONS`). Raises NoAnswer."""
    asked = {"question": question, "problem": problem, **more}
    alone = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    how = {
        "capture_output": True,
        "text": True,
        "timeout": PATIENCE,
        "cwd": Path(settings.BASE_DIR).parent,
        "env": alone,
    }
    try:
        return json.loads(subprocess.run(COMMAND, input=json.dumps(asked), check=True, **how).stdout)  # noqa: S603
    except subprocess.CalledProcessError as failure:
        reason = failure.stderr.strip().rpartition("\n")[2]
        logger.error("the matching engine failed: %s", reason)
        raise NoAnswer(reason) from failure
    except (subprocess.TimeoutExpired, ValueError) as failure:
        logger.error("the matching engine gave no answer: %s", type(failure).__name__)
        raise NoAnswer(type(failure).__name__) from failure
