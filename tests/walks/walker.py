"""A process that runs verbs of the real command one after the other, so that a walk of half a year starts Python once.

It takes orders as lines of JSON and answers each with one line. Two of them at once are two clocks.
"""

import io
import json
import os
import re
import sys
from contextlib import nullcontext, redirect_stderr, redirect_stdout
from datetime import datetime

import django
import time_machine

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rapport.settings")
django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from rapport.core import cli  # noqa: E402
from tests.walks.state import state  # noqa: E402

A_PERSON = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36"
FEEL, WORRY = re.compile(r'name="(c\d+-feel)"'), re.compile(r'name="(c\d+-worry)"')
FORM = re.compile(r'name="form_id" value="([^"]+)"')


def verb(line):
    """Run a verb as the command does. Returns its code, and what it printed."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            code = cli.run(line)
        except SystemExit as end:
            code = end.code
    return {"code": code, "out": out.getvalue(), "err": err.getvalue()}


def press(path, at, worry=""):
    """Open a link at that moment of the machine's clock and send what is on it, as people do. Returns the status."""
    with time_machine.travel(datetime.fromisoformat(at), tick=False) if at else nullcontext():
        reader = Client(headers={"host": "localhost", "user-agent": A_PERSON})
        reader.get(path)
        page = reader.get(path + "?start=1").content.decode()
        said = {"form_id": FORM.search(page)[1], **dict.fromkeys(FEEL.findall(page), "4")}
        if worry:
            said[WORRY.search(page)[1]] = worry
        return reader.post(path, said).status_code


def rows(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


ORDERS = {"verb": verb, "press": press, "rows": rows, "state": state}

if __name__ == "__main__":
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        name, given = json.loads(line)
        print(json.dumps(ORDERS[name](**given), default=str), flush=True)
