"""What can go wrong, as one small tree.

AssistantError                      everything that we raise on purpose
├── ConfigurationError              a setting that a person can mend
│   ├── UnknownSetting              a name in the environment that isn't ours
│   ├── MissingSetting              a setting that another one needs
│   ├── MissingFolder               a folder that was named isn't there
│   ├── AddressInUse                the page can't be served at that address
│   ├── UnknownEngine               ASSISTANT_EMBEDDING names an engine that we don't have
│   ├── MissingEngine               the engine is known, but its package isn't installed
│   ├── MissingModelPackage         the chat model is known, but its package isn't installed
│   ├── UnusableModel               ASSISTANT_MODEL names a chat model that can't be used
│   └── UnusableReranker            ASSISTANT_RERANKER names no cross-encoder that can be used
├── CorpusError                     a file of the corpus that a curator can mend
│   ├── InvalidCard                 front matter, headings or citations of a card
│   ├── InvalidManifest             the bibliography
│   ├── UnreadableOriginal          an original that can't be read or located
│   └── UnsupportedStatement        a card says what the originals don't
├── InvalidItems                    a file of reference questions, for the evals
├── InvalidTexts                    a file in ``prompts/`` misses a text or a placeholder
├── InvalidQuestion                 a text that we can't read as a question
│   ├── EmptyQuestion               nothing but white space
│   ├── QuestionTooLong             more characters than the limit
│   └── UnreadableCharacter         a control character or half a Unicode one
├── CoachingError                   a health check or a brief that can't do what was asked
│   ├── InvalidQuestionnaire        a file in ``corpus/health_check`` or ``corpus/coaching``
│   ├── UnknownKey                  no check, invitation, respondent or portfolio has that key
│   ├── CheckClosed                 a closed check takes no more answers
│   ├── CheckStillOpen              an open check shows nothing yet
│   ├── InvalidResponse             an answer that the questionnaire doesn't know
│   ├── InvalidCheck                a check can't be made like that
│   └── InvalidAction               an action that can't be chosen like that
├── StorageUnavailable              the database can't be reached, or is of another release
└── IndexUnavailable                there is no index that can be asked
    ├── IndexMismatch               made by another engine, model or release
    ├── IndexDamaged                a file of the index is missing or changed
    └── IndexBusy                   another process is building

Not finding an answer isn't an error: that is a ``Refusal`` (see ``domain``).
"""

from __future__ import annotations


class AssistantError(Exception):
    """An error with a stable code and the details that its Dutch text needs.

    ``code`` names a text in ``prompts/problems.yaml``; ``details`` fills its placeholders.
    """

    code = "onbekend"

    def __init__(self, **details: str) -> None:
        self.details = details
        super().__init__(", ".join(f"{name}={value}" for name, value in details.items()))

    def __str__(self) -> str:
        return f"{self.code}: {super().__str__()}"


class ConfigurationError(AssistantError):
    """A setting has a value that can't be used. Details: ``setting``, ``value``."""

    code = "instelling"


class UnknownSetting(ConfigurationError):
    """A setting of that name doesn't exist. Details: ``setting``, ``near``."""

    code = "onbekende-instelling"


class MissingSetting(ConfigurationError):
    """A setting isn't given, though another one needs it. Details: ``setting``, ``because``."""

    code = "instelling-ontbreekt"


class MissingFolder(ConfigurationError):
    """A folder that a setting names isn't there. Details: ``setting``, ``value``."""

    code = "map-ontbreekt"


class AddressInUse(ConfigurationError):
    """The address can't be listened on. Details: ``host``, ``port``, ``reason``."""

    code = "adres-bezet"


class UnknownEngine(ConfigurationError):
    """No embedding engine of that name. Details: ``engine``, ``known``."""

    code = "onbekende-engine"


class MissingEngine(ConfigurationError):
    """The engine's package can't be loaded. Details: ``engine``, ``remedy``, ``reason``."""

    code = "engine-ontbreekt"


class MissingModelPackage(ConfigurationError):
    """A chat model's package can't be loaded. Details: ``model``, ``remedy``, ``reason``."""

    code = "taalmodel-ontbreekt"


class UnusableModel(ConfigurationError):
    """A chat model can't be used: its provider is unknown or lacks a key. Details: ``model``, ``reason``."""

    code = "taalmodel"


class UnusableReranker(ConfigurationError):
    """A model can't rerank: it isn't there or isn't a cross-encoder. Details: ``model``, ``reason``."""

    code = "herordenaar"


class CorpusError(AssistantError):
    """A file of the corpus is wrong. Details: ``file``, ``line``, ``reason``."""

    code = "corpus"


class InvalidCard(CorpusError):
    """A card that breaks the rules for cards.

    Details: ``file``, ``line``, ``reason``, ``fault``, ``name``, ``near``.
    """

    code = "kaart"


class InvalidManifest(CorpusError):
    """A bibliography that breaks its schema.

    Details: ``file``, ``line``, ``reason``, ``fault``, ``name``.
    """

    code = "bibliografie"


class UnreadableOriginal(CorpusError):
    """An original that can't be read or lacks a section.

    Details: ``file``, ``line``, ``fault``, ``name``, ``reason``.
    """

    code = "origineel"


class UnsupportedStatement(CorpusError):
    """No passage of the originals supports a statement of a card.

    ``passage`` is how the nearest one begins.
    Details: ``file``, ``line``, ``source``, ``section``, ``passage``.
    """

    code = "zonder-steun"


class InvalidItems(AssistantError):
    """A file of reference questions can't be used. Details: ``file``, ``line``, ``reason``."""

    code = "referentievragen-ongeldig"


class InvalidTexts(AssistantError):
    """A file with reader texts misses a key or a placeholder. Details: ``file``, ``key``, ``reason``."""

    code = "teksten"


class InvalidQuestion(AssistantError):
    """A text that can't be read as a question."""

    code = "vraag"


class EmptyQuestion(InvalidQuestion):
    """There is no question."""

    code = "vraag-leeg"


class QuestionTooLong(InvalidQuestion):
    """More code points than are read. Details: ``length``, ``limit``."""

    code = "vraag-te-lang"


class UnreadableCharacter(InvalidQuestion):
    """A control character, or half a Unicode one. Details: ``sign``, ``position``."""

    code = "vraag-stuurteken"


class IndexUnavailable(AssistantError):
    """There is no published index. Details: ``folder``."""

    code = "geen-index"


class IndexMismatch(IndexUnavailable):
    """The index was made with other settings. Details: ``found``, ``wanted``."""

    code = "andere-index"


class IndexDamaged(IndexUnavailable):
    """A file of the index is missing or isn't what was published. Details: ``file``."""

    code = "index-beschadigd"


class IndexBusy(IndexUnavailable):
    """Another process holds the builder's lock. Details: ``folder``."""

    code = "index-bezet"


class CoachingError(AssistantError):
    """A health check or a brief can't do what was asked. Details depend on the kind."""

    code = "coach"


class InvalidQuestionnaire(CoachingError):
    """A file of the health check or of the coach is wrong. Details: ``file``, ``line``, ``reason``."""

    code = "vragenlijst"


class UnknownKey(CoachingError):
    """Nothing has this key. Details: ``kind``: ``check``, ``invitation``, ``respondent`` or ``portfolio``."""

    code = "onbekende-sleutel"


class CheckClosed(CoachingError):
    """The check is closed. Details: ``alliance``."""

    code = "check-gesloten"


class CheckStillOpen(CoachingError):
    """The check is still open. Details: ``alliance``."""

    code = "check-open"


class InvalidResponse(CoachingError):
    """An answer doesn't fit. Details: ``item``; ``fault``: ``unknown``, ``range``, ``score``, ``length``."""

    code = "antwoord-ongeldig"


class InvalidCheck(CoachingError):
    """A check can't be made so. Details: ``field``, ``fault``, ``limit``.

    ``fault``: ``empty``, ``length``, ``few``, ``many`` or ``double``.
    """

    code = "check-ongeldig"


class InvalidAction(CoachingError):
    """Actions can't be chosen so. Details: ``fault``: ``many``, ``owner``, ``title`` or ``double``."""

    code = "actie-ongeldig"


class StorageUnavailable(AssistantError):
    """The database can't be used. Details: ``url`` (without its password), ``reason``."""

    code = "opslag"
