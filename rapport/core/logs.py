"""One event is one line in the log, whatever somebody typed, and a link's token never stands in it."""

import logging
import re

TOKEN = re.compile(r"(/[acdegkmortwy]/(?:some/)?|/feed/|/reset/key/)[A-Za-z0-9_-]{16,}")
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069\u2028\u2029]")


def scrub(text: str) -> str:
    """Without tokens, line breaks, terminal codes or reordering marks."""
    return UNPRINTABLE.sub(lambda sign: f"\\x{ord(sign.group()):02x}", TOKEN.sub(r"\1…", text))


class OneLine(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = scrub(record.getMessage()), ()
        return True
