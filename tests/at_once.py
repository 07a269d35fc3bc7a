"""Two of the same at once, as two clocks or two people are."""

from concurrent.futures import ThreadPoolExecutor

from django.db import connection


def at_once(do, number=2):
    """Do this in several threads at once. What one of them raises fails the test."""

    def run():
        try:
            do()
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as threads:
        for one in [threads.submit(run) for _ in range(number)]:
            one.result()
