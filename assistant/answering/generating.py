"""The generator: a chat model words the answer, from what the composer found and nothing else.

The one module that knows LangChain's chat models. What a model writes is only a proposal: each
sentence still has to pass the citation check.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from assistant.answering.cutting import SentenceCutter, Written
from assistant.answering.deadlines import Background
from assistant.answering.offering import QUOTE_MARKS, Offered
from assistant.answering.prompts import Texts
from assistant.domain import Claim, ModelInUse
from assistant.errors import MissingModelPackage, UnusableModel

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage
    from langchain_core.runnables import Runnable

FIRST_SENTENCE = 0.5
"""Share of the time limit within which the first sentence must be there."""

MOST_CHARACTERS = 6000
"""A model that writes more than this has lost its way."""

REMEDY = "pip install 'alliantie-assistent[{extra}]'"
_EXTRAS = ("anthropic", "ollama", "openai")
_OPENAI = "openai"

_log = logging.getLogger(__name__)

_FINISH_KEYS = ("finish_reason", "done_reason", "stop_reason")
_COMPLETE = frozenset({"stop", "end_turn", "stop_sequence"})
_FENCED = str.maketrans("<>", "‹›")


class Lapse(StrEnum):
    """Why a model's answer isn't there, or not whole; ``prompts/answers.yaml`` has a text for each."""

    UNREACHABLE = "unreachable"
    TURNED_DOWN = "turned_down"
    BUSY = "busy"
    BROKEN = "broken"
    SLOW = "slow"
    CUT_OFF = "cut_off"
    EMPTY = "empty"
    UNCITED = "uncited"
    UNSUPPORTED = "unsupported"


class ModelLapsed(Exception):
    """A model's answer ended before it was whole."""

    def __init__(self, lapse: Lapse) -> None:
        self.lapse = lapse
        super().__init__(lapse.value)


@dataclass(frozen=True, slots=True)
class Piece:
    """What came in at once: some text, and why the model stopped if it did."""

    text: str
    finish: str | None


class Generator:
    """Words answers with one chat model, within ``limit`` seconds."""

    def __init__(
        self, model: Runnable[Any, BaseMessage], in_use: ModelInUse, texts: Texts, limit: float
    ) -> None:
        from langchain_core.prompts import ChatPromptTemplate

        self.in_use = in_use
        self._texts = texts
        self._limit = limit
        prompt = ChatPromptTemplate([("system", texts.entries["system"]), ("human", texts.entries["task"])])
        # What reads the pieces stays outside the chain: a chain that is closed reads what is between
        # two of its steps to the end, so that a model would write on for nobody.
        self._chain = prompt | model

    def generate(self, question: str, offered: Sequence[Offered]) -> Iterator[Claim]:
        """Yield claims as their sentences are complete; raise ``ModelLapsed`` where the answer breaks off.

        A claim cites what its marks name; one without marks that we know cites nothing.
        """
        began = time.monotonic()
        pieces = Background(lambda: self._ask(question, offered), self._limit)
        cutter = SentenceCutter()
        end = began + FIRST_SENTENCE * self._limit
        finish, length = None, 0
        try:
            while piece := self._next(pieces, end, has_begun=length > 0):
                finish, length = piece.finish or finish, length + len(piece.text)
                for written in cutter.feed(piece.text):
                    end = began + self._limit
                    yield _claim(written, offered)
                if length > MOST_CHARACTERS:
                    raise ModelLapsed(Lapse.CUT_OFF)
            if finish not in _COMPLETE:
                raise ModelLapsed(Lapse.CUT_OFF if length else Lapse.EMPTY)
            for written in cutter.finish():
                yield _claim(written, offered)
        finally:
            pieces.stop()

    def _ask(self, question: str, offered: Sequence[Offered]) -> Iterator[Piece]:
        from langsmith import tracing_context

        lines = [
            self._texts.render("offered", number=number, topic=_fenced(one.topic), text=_as_offered(one))
            for number, one in enumerate(offered, start=1)
        ]
        # LangSmith would get question and passages too, if the environment asks for tracing.
        with tracing_context(enabled=False):
            yield from _read_pieces(
                self._chain.stream({"statements": "\n".join(lines), "question": _fenced(question)})
            )

    @staticmethod
    def _next(pieces: Background[Piece], end: float, *, has_begun: bool) -> Piece | None:
        try:
            return pieces.next_item(end - time.monotonic())
        except Exception as error:
            # Providers raise errors of their own, and all mean the same: this answer ends here.
            lapse = _lapse_of(error, has_begun=has_begun)
            _log.warning("the chat model lapsed (%s): %s", lapse, type(error).__name__)
            raise ModelLapsed(lapse) from error


def build_generator(name: str, base_url: str | None, limit: float, texts: Texts) -> Generator:
    """Make a generator of a model by LangChain's name for it, ``provider:model``.

    With ``base_url``, a name without a provider of ours is that of a model on an OpenAI-compatible
    server. Keys are those that LangChain's package for the provider reads. Raises
    ``MissingModelPackage`` without that package, ``UnusableModel`` for a name or a key that won't do.
    """
    provider = name.partition(":")[0]
    is_ours = provider in _EXTRAS
    options = {"model_provider": _OPENAI} if base_url and not is_ours else {}
    model = _load(name, {**options, **_network_options(provider, base_url, limit)})
    destination = _host_of(base_url or _address_of(model)) or provider
    return Generator(model, ModelInUse(name, destination), texts, limit)


def _load(name: str, options: dict[str, Any]) -> BaseChatModel:
    try:
        from langchain.chat_models import init_chat_model

        model: BaseChatModel = init_chat_model(name, **options)
    except ImportError as error:
        extra = name.partition(":")[0]
        remedy = REMEDY.format(extra=extra if extra in _EXTRAS else _OPENAI)
        raise MissingModelPackage(model=name, remedy=remedy, reason=str(error)) from error
    except Exception as error:
        # A missing key is an error of the provider's own.
        reason = str(error).partition("\n")[0]
        raise UnusableModel(model=name, reason=reason) from error
    return model


def _network_options(provider: str, base_url: str | None, limit: float) -> dict[str, Any]:
    """Return the options that keep to the time limit: the composer stands in sooner than a retry helps."""
    address = {"base_url": base_url} if base_url else {}
    if provider == "ollama":
        return {**address, "client_kwargs": {"timeout": limit}}
    return {**address, "timeout": limit, "max_retries": 0}


def _address_of(model: object) -> str:
    """Return the address that a model is set to, if it says so."""
    names = ("openai_api_base", "base_url", "anthropic_api_url")
    return next((str(found) for name in names if (found := getattr(model, name, None))), "")


def _host_of(url: str) -> str:
    return urlsplit(url).netloc.rpartition("@")[2]


def _read_pieces(messages: Iterator[BaseMessage]) -> Iterator[Piece]:
    """Return what a model streams as pieces."""
    for message in messages:
        metadata = message.response_metadata
        finish = next((str(metadata[key]).casefold() for key in _FINISH_KEYS if metadata.get(key)), None)
        yield Piece(str(message.text), finish)


def _claim(written: Written, offered: Sequence[Offered]) -> Claim:
    """Return a sentence as a claim; what an original says counts only where its words are given whole."""
    cited = [offered[number - 1] for number in written.numbers if 0 < number <= len(offered)]
    quoted = written.text.strip(QUOTE_MARKS)
    for one in cited:
        if one.is_quote and one.text == quoted:
            return Claim(f"“{quoted}”", (one.id,), written.form)
    return Claim(written.text, tuple(one.id for one in cited if not one.is_quote), written.form)


def _as_offered(one: Offered) -> str:
    return f"“{_fenced(one.text)}”" if one.is_quote else _fenced(one.text)


def _fenced(text: str) -> str:
    """Return a text that can't close the tags that it is put between."""
    return text.translate(_FENCED)


def _lapse_of(error: Exception, *, has_begun: bool) -> Lapse:
    """Return what an error of any provider amounts to, by its status or the name of its kind."""
    status = getattr(error, "status_code", None)
    kinds = " ".join(kind.__name__ for kind in type(error).__mro__)
    if isinstance(status, int):
        return Lapse.BUSY if status == 429 else Lapse.BROKEN if status >= 500 else Lapse.TURNED_DOWN
    if "Timeout" in kinds:
        return Lapse.SLOW
    if has_begun:
        return Lapse.CUT_OFF
    return Lapse.UNREACHABLE if "Connect" in kinds else Lapse.BROKEN
