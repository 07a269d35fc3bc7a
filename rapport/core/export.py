"""The one writer of files that leave the house. No cell of ours becomes a formula in somebody's spreadsheet."""

import csv
import io

from django.http import HttpResponse

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0", "＝", "＋", "－", "＠")  # the last are full-width


def plain(cell):
    """A cell that every spreadsheet shows as the text it is (ASVS 1.2.10). Numbers stay numbers."""
    if not isinstance(cell, str):
        return cell
    text = cell.replace("\0", "")
    return f"'{text}" if text.lstrip(" '\"").startswith(STARTS_A_FORMULA) and not is_number(text) else text


def is_number(text):
    try:
        float(text)
    except ValueError:
        return False
    return text.strip() == text and text[0] not in "+＋"


def as_csv(headings, rows):
    """A file in memory: UTF-8 with a mark that spreadsheets understand."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([plain(cell) for cell in headings])
    writer.writerows([plain(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def csv_response(name, headings, rows):
    """The file as a download that no browser tries to show."""
    response = HttpResponse(as_csv(headings, rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
