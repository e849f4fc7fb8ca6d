"""What is kept: health checks, the answers to them, and the portfolios of coaches.

    storage.py      opens a database, and gives its three shelves
    checks.py       a check for its owner, and its rounds
    respondents.py  what one person answers
    portfolios.py   the checks that were shared with a coach
    keys.py         secrets, of which the database has only the hashes
    models.py       the tables
    rows.py         from rows to domain values
    sessions.py     transactions, and errors in our own terms
    connecting.py   from a URL to an engine: SQLite or PostgreSQL
    migrating.py    brings the tables up to this release

No table says when a person answered; a check has one date, that of its last activity.
"""

from assistant.storage.checks import WriteReport
from assistant.storage.respondents import ShortenReport, Withdrawn
from assistant.storage.storage import Storage

__all__ = ["ShortenReport", "Storage", "Withdrawn", "WriteReport"]
