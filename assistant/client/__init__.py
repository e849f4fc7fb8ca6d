"""A client of the API, for other programs: typed, blocking and asynchronous.

It needs httpx, pydantic and tenacity, and nothing else of this package.

    from assistant.client import AllianceClient

    with AllianceClient() as client:
        print(client.answer("Welke rollen heeft een alliantiemanager?").answer)
"""

from assistant.client.asynchronous import AsyncAllianceClient, AsyncAnswerStream, AsyncBatch
from assistant.client.blocking import AllianceClient, AnswerStream, Batch
from assistant.client.calls import Asked
from assistant.client.coaching import Brief, Questionnaire, Report
from assistant.client.problems import (
    AllianceError,
    Conflicting,
    CutOff,
    InvalidRequest,
    NotAllowed,
    NotAuthenticated,
    NotFound,
    Problem,
    ServerFault,
    TimedOut,
    TooManyRequests,
    Unavailable,
    Unreachable,
    Unreadable,
)
from assistant.client.sending import Patience
from assistant.client.values import (
    Answered,
    BatchProgress,
    BatchResult,
    Card,
    CardSummary,
    Citation,
    Claim,
    Found,
    OwnDocument,
    Passage,
    ProblemDetails,
    Source,
    StreamEvent,
    Turn,
)

__all__ = [
    "AllianceClient",
    "AllianceError",
    "AnswerStream",
    "Answered",
    "Asked",
    "AsyncAllianceClient",
    "AsyncAnswerStream",
    "AsyncBatch",
    "Batch",
    "BatchProgress",
    "BatchResult",
    "Brief",
    "Card",
    "CardSummary",
    "Citation",
    "Claim",
    "Conflicting",
    "CutOff",
    "Found",
    "InvalidRequest",
    "NotAllowed",
    "NotAuthenticated",
    "NotFound",
    "OwnDocument",
    "Passage",
    "Patience",
    "Problem",
    "ProblemDetails",
    "Questionnaire",
    "Report",
    "ServerFault",
    "Source",
    "StreamEvent",
    "TimedOut",
    "TooManyRequests",
    "Turn",
    "Unavailable",
    "Unreachable",
    "Unreadable",
]
