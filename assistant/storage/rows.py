"""From rows to domain values, and the rows that a secret leads to."""

from __future__ import annotations

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.domain import (
    ApiKey,
    Check,
    CheckKind,
    ChosenAction,
    Feedback,
    KeptExchange,
    KeyScope,
    Organisation,
    Respondent,
    Response,
    Submission,
    Verdict,
)
from assistant.errors import UnknownKey
from assistant.storage.keys import hash_of, looks_like_key
from assistant.storage.models import (
    ActionRow,
    ApiKeyRow,
    CheckRow,
    ConversationRow,
    FeedbackRow,
    OrganisationRow,
    RespondentRow,
    ResponseRow,
    SentFeedbackRow,
)
from assistant.storage.sessions import UnreadableRow

_EXCHANGE = TypeAdapter(KeptExchange)


def check_of(row: CheckRow) -> Check:
    """Return a check without what is secret in it."""
    return Check(
        id=row.id,
        series_id=row.series_id,
        alliance=row.alliance,
        kind=CheckKind(row.kind),
        round=row.round,
        version=row.version,
        organisations=tuple(organisation_of(one) for one in row.organisations),
        created=row.created,
        closed=row.closed,
    )


def organisation_of(row: OrganisationRow) -> Organisation:
    """Return an organisation without its invitation."""
    return Organisation(row.id, row.name)


def actions_of(row: CheckRow) -> tuple[ChosenAction, ...]:
    """Return the actions that were chosen after a check, in the order in which they were given."""
    return tuple(action_of(one) for one in row.actions)


def action_of(row: ActionRow) -> ChosenAction:
    """Return a chosen action."""
    return ChosenAction(row.id, row.title, row.owner, row.due, row.is_done)


def response_of(row: ResponseRow) -> Response:
    """Return what was answered to one item."""
    return Response(row.item_id, row.score, row.remark)


def respondent_of(row: RespondentRow, code: str, check: CheckRow) -> Respondent:
    """Return a respondent with all answers so far."""
    organisation = next(one for one in check.organisations if one.id == row.organisation_id)
    return Respondent(
        code=code,
        check=check_of(check),
        organisation=organisation_of(organisation),
        responses={one.item_id: response_of(one) for one in row.responses},
        is_finished=row.is_finished,
    )


def exchange_to_json(exchange: KeptExchange) -> str:
    """Return an exchange as it is kept."""
    return _EXCHANGE.dump_json(exchange).decode()


def exchange_from_json(content: str) -> KeptExchange:
    """Return an exchange as it was kept; ``UnreadableRow`` if it was kept by a release that knows more."""
    try:
        return _EXCHANGE.validate_json(content)
    except ValidationError:  # Its text holds what people wrote.
        raise UnreadableRow("an exchange of a conversation") from None


def feedback_of(row: FeedbackRow | SentFeedbackRow) -> Feedback:
    """Return what a reader thinks of an answer; ``UnreadableRow`` for a verdict of another release."""
    try:
        return Feedback(Verdict(row.verdict), tuple(row.reasons), row.remark)
    except ValueError:
        raise UnreadableRow("feedback") from None


def api_key_of(row: ApiKeyRow) -> ApiKey:
    """Return a key without its hash; ``UnreadableRow`` for a scope of another release."""
    try:
        scopes = frozenset(map(KeyScope, row.scopes))
    except ValueError:
        raise UnreadableRow("an API key") from None
    return ApiKey(
        row.id,
        row.name,
        scopes,
        row.created,
        row.expires,
        row.revoked,
        row.last_used,
        row.rate,
        row.daily_questions,
    )


def conversation_row(session: Session, visitor: str, id_: str, *, locked: bool = False) -> ConversationRow:
    """Return a conversation of a visitor; ``locked`` keeps others from changing it."""
    is_it = (ConversationRow.id == id_) & (ConversationRow.visitor_hash == hash_of(visitor))
    wanted = select(ConversationRow).where(is_it)
    row = session.scalar(wanted.with_for_update() if locked else wanted) if looks_like_key(id_) else None
    if row is None:
        raise UnknownKey(kind="conversation")
    return row


def owned_row(session: Session, owner_key: str, *, locked: bool = False) -> CheckRow:
    """Return the check of an owner key; ``locked`` keeps others from changing it or answering it."""
    wanted = select(CheckRow).where(CheckRow.owner_hash == hash_of(owner_key))
    row = session.scalar(wanted.with_for_update(of=CheckRow) if locked else wanted)
    if row is None:
        raise UnknownKey(kind="check")
    return row


def submissions_to(session: Session, check_id: str) -> tuple[Submission, ...]:
    """Return what people answered, those who answered nothing left out.

    The order is that of random ids: it says nothing of who came first.
    """
    wanted = (
        select(RespondentRow.id, RespondentRow.organisation_id, ResponseRow)
        .join(ResponseRow, ResponseRow.respondent_id == RespondentRow.id)
        .where(RespondentRow.check_id == check_id)
        .order_by(RespondentRow.id, ResponseRow.item_id)
    )
    people: dict[tuple[str, str], list[Response]] = {}
    for id_, organisation_id, response in session.execute(wanted):
        people.setdefault((id_, organisation_id), []).append(response_of(response))
    return tuple(Submission(organisation, tuple(said)) for (_, organisation), said in people.items())
