"""What is kept: health checks, portfolios of coaches, conversations, feedback, and the keys of clients.

    storage.py        opens a database, and gives its shelves
    checks.py         a check for its owner, and its rounds
    respondents.py    what one person answers
    portfolios.py     the checks that were shared with a coach
    conversations.py  the conversations of a visitor
    feedback.py       what readers think of answers, for the curator
    api_keys.py       the keys of clients, and browsers that signed in with one
    batches.py        jobs of many questions, and what came of each
    documents.py      documents that people add, and their versions
    document_work.py  what is still to be done with them, and who does it
    document_rows.py  from rows to documents
    document_models.py  their tables
    quotations.py     takes out of what is kept what quoted an erased document
    leasing.py        who works on what, until when
    seeking.py        how texts are folded to be sought in
    keys.py           secrets, of which the database has only the hashes
    models.py         the tables
    rows.py           from rows to domain values
    sessions.py       transactions, and errors in our own terms
    connecting.py     from a URL to an engine: SQLite or PostgreSQL
    migrating.py      brings the tables up to this release

No table says when a person answered a check; that has one date, that of its last activity.
"""

from assistant.storage.checks import WriteReport
from assistant.storage.document_work import DocumentTask
from assistant.storage.respondents import ShortenReport, Withdrawn
from assistant.storage.storage import Storage

__all__ = ["DocumentTask", "ShortenReport", "Storage", "Withdrawn", "WriteReport"]
