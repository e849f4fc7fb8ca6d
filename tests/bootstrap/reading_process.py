"""A process that reads and embeds documents, slowly, until it is killed."""

from __future__ import annotations

import sys
import time
from datetime import timedelta

from assistant.bootstrap.documents import DocumentWorker
from assistant.settings import read_settings
from assistant.storage import Storage
from tests.bootstrap.test_documents import Letters

if __name__ == "__main__":
    settings = read_settings()
    DocumentWorker(
        settings,
        Storage.open(settings.storage_url),
        Letters(seconds=0.1),
        lease=timedelta(seconds=float(sys.argv[1])),
    )
    time.sleep(60)
