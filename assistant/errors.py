"""What can go wrong, as one small tree.

AssistantError                      everything that we raise on purpose
├── ConfigurationError              a setting that a person can mend
│   ├── UnknownSetting              a name in the environment that isn't ours
│   ├── MissingSetting              a setting that another one needs
│   ├── MissingFolder               a folder that was named isn't there
│   ├── AddressInUse                the page can't be served at that address
│   ├── UnguardedAddress            others could reach that address, and no key can be used
│   ├── UnknownEngine               ASSISTANT_EMBEDDING names an engine that we don't have
│   ├── MissingEngine               the engine is known, but its package isn't installed
│   ├── MissingModelPackage         the chat model is known, but its package isn't installed
│   ├── UnusableModel               ASSISTANT_MODEL names a chat model that can't be used
│   ├── UnusableReranker            ASSISTANT_RERANKER names no cross-encoder that can be used
│   └── MissingTelemetry            ASSISTANT_OTLP_URL is given, but its package isn't installed
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
├── TooManyQuestions                one visitor or key asks faster than is fair to others
│   ├── QuotaSpent                  a key has asked all that it may ask in a day
│   └── TooManyBatches              one caller has many jobs that aren't done yet
├── BatchDiffers                    a job was sent again under the same key, with other questions
├── AccessRefused                   who asks may not have this
│   ├── KeyMissing                  no key came with the request
│   ├── KeyUnknown                  the key was never given out here
│   ├── KeyRevoked                  the key was taken back
│   ├── KeyExpired                  the key's time is over
│   ├── ScopeMissing                the key is for something else
│   └── KeyInAddress                a key stands in an address, where logs and histories keep it
├── CoachingError                   a health check or a brief that can't do what was asked
│   ├── InvalidQuestionnaire        a file in ``corpus/health_check`` or ``corpus/coaching``
│   ├── UnknownKey                  no check, respondent, portfolio or conversation has that key
│   ├── CheckClosed                 a closed check takes no more answers
│   ├── CheckStillOpen              an open check shows nothing yet
│   ├── InvalidResponse             an answer that the questionnaire doesn't know
│   ├── InvalidCheck                a check can't be made like that
│   └── InvalidAction               an action that can't be chosen like that
├── DocumentError                   somebody's own document that can't be had, added or changed
│   ├── UnreadableDocument          nothing can be read in the file, or it isn't safe to
│   ├── UnknownDocument             there is none, or it is somebody else's
│   ├── DuplicateDocument           the same file is there already
│   ├── TooManyDocuments            one owner has as many as may be
│   └── DocumentAtWork              it is being read, and can't be changed until that is done
├── DiskFull                        there is no room to write an index
├── BackupError                     a backup that can't be made or put back
├── StorageUnavailable              the database can't be reached, or is of another release
└── IndexUnavailable                there is no index that can be asked
    ├── IndexMismatch               made by another engine, model or release
    ├── IndexDamaged                a file of the index is missing or changed
    ├── IndexBusy                   another process is building
    └── VectorsUnavailable          the Chroma server is away, or can't do what is asked

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


class UnguardedAddress(ConfigurationError):
    """Others could reach the address, and no key can be used. Details: ``host``, by which they would."""

    code = "adres-zonder-sleutel"


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


class MissingTelemetry(ConfigurationError):
    """The packages for traces can't be loaded. Details: ``remedy``, ``reason``."""

    code = "telemetrie-ontbreekt"


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


class TooManyQuestions(AssistantError):
    """One visitor or key asks too fast. Details: ``seconds`` until the next question is welcome."""

    code = "te-snel"


class QuotaSpent(TooManyQuestions):
    """A key has asked all that it may ask in a day. Details: ``seconds``, ``limit``."""

    code = "quotum-op"


class TooManyBatches(TooManyQuestions):
    """A caller has as many unfinished jobs as it may have. Details: ``seconds``, ``limit``."""

    code = "te-veel-opdrachten"


class BatchDiffers(AssistantError):
    """A job was made under this key before, of other questions."""

    code = "andere-opdracht"


class AccessRefused(AssistantError):
    """Who asks may not have this."""

    code = "geen-toegang"


class KeyMissing(AccessRefused):
    """No key came with the request."""

    code = "sleutel-ontbreekt"


class KeyUnknown(AccessRefused):
    """The key was never given out here."""

    code = "sleutel-onbekend"


class KeyRevoked(AccessRefused):
    """The key was taken back."""

    code = "sleutel-ingetrokken"


class KeyExpired(AccessRefused):
    """The key's time is over."""

    code = "sleutel-verlopen"


class ScopeMissing(AccessRefused):
    """The key is for something else. Details: ``scope``, the one that is needed."""

    code = "bereik-ontbreekt"


class KeyInAddress(AccessRefused):
    """A key stands in an address, where logs and histories keep it."""

    code = "sleutel-in-adres"


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


class VectorsUnavailable(IndexUnavailable):
    """The Chroma server can't be asked. Details: ``url``, ``reason``."""

    code = "vectorserver-weg"


class CoachingError(AssistantError):
    """A health check or a brief can't do what was asked. Details depend on the kind."""

    code = "coach"


class InvalidQuestionnaire(CoachingError):
    """A file of the health check or of the coach is wrong. Details: ``file``, ``line``, ``reason``."""

    code = "vragenlijst"


class UnknownKey(CoachingError):
    """Nothing of who asks has this key. Details: ``kind``.

    That is ``check``, ``invitation``, ``respondent``, ``portfolio``, ``conversation``, ``exchange``,
    ``batch`` or ``api-key``.
    """

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


class DocumentError(AssistantError):
    """An own document that can't be had, added or changed."""

    code = "document"


class UnreadableDocument(DocumentError):
    """A file can't be read. Details: ``name`` and ``fault``, whose text is in ``prompts/documents.yaml``."""

    code = "document-onleesbaar"


class UnknownDocument(DocumentError):
    """No document has that id, for who asks. Details: ``value``."""

    code = "document-onbekend"


class DuplicateDocument(DocumentError):
    """The same file is there already. Details: ``name``, and ``title`` and ``value`` (id) of that one."""

    code = "document-dubbel"


class TooManyDocuments(DocumentError):
    """An owner has as many as may be. Details: ``limit``."""

    code = "documenten-vol"


class DocumentAtWork(DocumentError):
    """A document is being read. Details: ``name``, ``value``."""

    code = "document-bezig"


class BackupError(AssistantError):
    """A backup can't be made or put back. Details: ``file``, ``fault``."""

    code = "back-up"


class DiskFull(AssistantError):
    """There is no room to write an index. Details: ``folder``; ``needed`` and ``free``, in megabytes."""

    code = "schijf-vol"


class StorageUnavailable(AssistantError):
    """The database can't be used. Details: ``url`` (without its password), ``reason``."""

    code = "opslag"
