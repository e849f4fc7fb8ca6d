"""An optional judge: a chat model that says whether an answer holds a nugget, or evidence a claim."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol, TypeVar

from langchain_core.messages import BaseMessage

from assistant.answering.prompts import Texts
from assistant.errors import ConfigurationError, MissingEngine
from evals.items import Nugget
from evals.judging.verdicts import Support

PROMPTS = Path(__file__).with_name("prompts.yaml")
TIMEOUT = 60.0
"""Seconds that a reply may take before LangChain tries again."""
RETRIES = 2
"""How often LangChain tries again after a fault of the network or the server."""
ATTEMPTS = 2
"""How often a verdict is asked for until one can be used."""

REMEDY = "pip install 'alliantie-assistent[{extras}]'"
_EXTRAS = ("anthropic", "ollama", "openai")
_BRACKETS = str.maketrans("<>", "‹›")

_Verdict = TypeVar("_Verdict")

_HELD = {"ja": True, "nee": False}
_CARRIED = {"gedragen": Support.SUPPORTED, "deels": Support.PARTLY, "niet": Support.UNSUPPORTED}


class ChatModel(Protocol):
    """What a judge needs of a chat model; each of LangChain's has it."""

    def invoke(self, messages: Sequence[tuple[str, str]], /) -> BaseMessage:
        """Reply to messages, each a role and a text."""
        ...


class UnusableVerdict(Exception):
    """A model kept saying something else than one of the words it was asked for."""

    def __init__(self, reply: str, words: Sequence[str]) -> None:
        self.reply = reply
        super().__init__(f"{reply!r} is none of: {', '.join(words)}")


class ModelJudge:
    """Asks a chat model for each verdict, in one word; faults of the model's service pass through."""

    def __init__(self, model: ChatModel, name: str) -> None:
        self._model = model
        self.name = name
        self._prompts = Texts.read(PROMPTS)

    def holds(self, nugget: Nugget, answer: str) -> bool:
        """Return whether an answer says what a nugget says; raises ``UnusableVerdict``."""
        case = self._prompts.render("holds_case", nugget=_fenced(nugget.text), answer=_fenced(answer))
        return self._ask("holds_task", case, _HELD)

    def supports(self, claim: str, quotes: Sequence[str]) -> Support:
        """Return how far the quotes together carry a claim; raises ``UnusableVerdict``.

        No quotes carry nothing: then the model isn't asked.
        """
        if not quotes:
            return Support.UNSUPPORTED
        listed = "\n\n".join(self._prompts.render("quote", quote=_fenced(quote)) for quote in quotes)
        case = self._prompts.render("supports_case", claim=_fenced(claim), quotes=listed)
        return self._ask("supports_task", case, _CARRIED)

    def _ask(self, task: str, case: str, verdicts: Mapping[str, _Verdict]) -> _Verdict:
        messages = [("system", self._prompts.render(task)), ("human", case)]
        for _ in range(ATTEMPTS):
            reply = str(self._model.invoke(messages).text)
            word = reply.strip().removesuffix(".").casefold()
            if word in verdicts:
                return verdicts[word]
        raise UnusableVerdict(reply, tuple(verdicts))


def build_model_judge(name: str, *, timeout: float = TIMEOUT, max_retries: int = RETRIES) -> ModelJudge:
    """Make a judge of a model by LangChain's name for it, ``provider:model``; ``timeout`` in seconds.

    Keys and addresses are those that LangChain's package for the provider reads. Raises
    ``MissingEngine`` without that package, ``ConfigurationError`` for a name that LangChain doesn't know.
    """
    try:
        from langchain.chat_models import init_chat_model

        model = init_chat_model(name, temperature=0, timeout=timeout, max_retries=max_retries)
    except ImportError as error:
        raise MissingEngine(engine=name, remedy=_remedy(name), reason=str(error)) from error
    except ValueError as error:
        raise ConfigurationError(setting="judge", value=name, reason=str(error)) from error
    return ModelJudge(model, name)


def _remedy(name: str) -> str:
    """Return what installs a model's package, by one of our extras where we have one."""
    provider, colon, _ = name.partition(":")
    if colon and provider not in _EXTRAS:
        return f"pip install langchain langchain-{provider}"
    return REMEDY.format(extras=provider if colon else ",".join(_EXTRAS))


def _fenced(text: str) -> str:
    """Return a text that can't close the tags that it is put between."""
    return text.strip().translate(_BRACKETS)
