"""The JSON of OpenAI's chat API, as far as it means something here.

What else that API knows is accepted and ignored: an answer from the literature has no temperature.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SerializerFunctionWrapHandler, model_serializer
from pydantic.config import JsonDict

from assistant.surfaces.api.compatibility import ErrorResponse
from assistant.surfaces.api.schemas import READABLE, CitationResponse, FilterRequest

MODEL: Literal["alliantie"] = "alliantie"


ROLES = ("user", "assistant", "system", "developer", "tool", "function")
"""Whose messages may come; those of the user and the assistant are read."""

TEXT = "text"
"""The type of the only parts that are read."""

_READABLE: JsonDict = {"type": "string", "pattern": READABLE}
_VISIBLE: JsonDict = {**_READABLE, "minLength": 1, "format": "visible-text"}
_PARTS: JsonDict = {
    "type": "array",
    "minItems": 1,
    "items": {"type": "object", "properties": {"text": _VISIBLE}, "required": ["text"]},
}


def _ask_for_text(schema: JsonDict) -> None:
    """Say that a message of the user has a text; ``completion_reading`` checks it."""
    schema["if"] = {"properties": {"role": {"const": "user"}}, "required": ["role"]}
    schema["then"] = {"properties": {"content": {"anyOf": [_VISIBLE, _PARTS]}}, "required": ["content"]}


class _Request(BaseModel):
    model_config = ConfigDict(extra="allow", strict=True, frozen=True)


class PartRequest(_Request):
    """A part of a message; a part that isn't text is refused."""

    model_config = ConfigDict(json_schema_extra={"required": ["type", "text"]})

    type: str = Field(description=TEXT, json_schema_extra={"enum": [TEXT]})
    text: str = Field(default="", description="What the part says", json_schema_extra=_READABLE)


class MessageRequest(_Request):
    """A message of the conversation."""

    model_config = ConfigDict(json_schema_extra=_ask_for_text)

    role: str = Field(
        description="user and assistant are read, the others ignored", json_schema_extra={"enum": [*ROLES]}
    )
    content: Annotated[str, Field(json_schema_extra=_READABLE)] | list[PartRequest] | None = Field(
        default=None, description="Text, or parts of text"
    )


class StreamOptionsRequest(_Request):
    """What a stream tells beside the answer."""

    include_usage: bool | None = Field(default=None, description="End with a chunk without choices")


class CompletionRequest(_Request):
    """A conversation whose last question is to be answered."""

    model: str = Field(description=f"{MODEL}, the only one there is", json_schema_extra={"enum": [MODEL]})
    messages: list[MessageRequest] = Field(
        description="The last message of the user is the question; those before it are the conversation",
        json_schema_extra={
            "contains": {
                "type": "object",
                "properties": {"role": {"const": "user"}},
                "required": ["role"],
            }
        },
    )
    stream: bool | None = Field(default=None, description="Answer as server-sent events")
    stream_options: StreamOptionsRequest | None = Field(default=None, description="For a stream")
    n: int | None = Field(
        default=None,
        description="1: there is one answer to a question",
        json_schema_extra={"enum": [1, None]},
    )
    filters: FilterRequest | None = Field(default=None, description="Where to look, as in /v1/answers")


class Ending(BaseModel):
    """How a question ended: what OpenAI's API has no field for."""

    answer_id: str = Field(description="Of this answer; feedback names it")
    refused: bool = Field(description="Whether the sources don't answer the question")
    reason: str | None = Field(description="Why it is refused: not_in_sources or out_of_scope")
    follow_ups: list[str] = Field(description="Questions that can be answered too")


class MessageResponse(Ending):
    """An answer or a refusal."""

    role: Literal["assistant"] = "assistant"
    content: str = Field(description="Markdown with [1] marks, and the sources under it")
    refusal: None = Field(default=None, description="Always null: a refusal is told in the content")
    citations: list[CitationResponse] = Field(description="One for each mark")


class ChoiceResponse(BaseModel):
    """The one answer."""

    index: Literal[0] = 0
    message: MessageResponse = Field(description="What the assistant says")
    logprobs: None = None
    finish_reason: Literal["stop"] = "stop"


class _Completion(BaseModel):
    id: str = Field(description="Of this answer, the same in all chunks")
    created: int = Field(description="Seconds since 1970")
    model: Literal["alliantie"] = MODEL
    usage: None = Field(
        default=None,
        description="Always null. Without a chat model there are no tokens, and those of a chat model are"
        " between the server and that model",
    )


class CompletionResponse(_Completion):
    """An answer, whole."""

    object: Literal["chat.completion"] = "chat.completion"
    choices: list[ChoiceResponse] = Field(description="Always one")


class DeltaResponse(BaseModel):
    """What a chunk adds to the message."""

    role: Literal["assistant"] | None = Field(default=None, description="With the first chunk")
    content: str | None = Field(default=None, description="A claim with its marks, or what is around")
    citations: list[CitationResponse] | None = Field(default=None, description="What proves the claim")
    answer_id: str | None = Field(default=None, description="With the last chunk, as the fields below")
    refused: bool | None = Field(default=None, description="Whether the sources don't answer the question")
    reason: str | None = Field(default=None, description="Why it is refused")
    follow_ups: list[str] | None = Field(default=None, description="Questions that can be answered too")

    @model_serializer(mode="wrap")
    def _tell_what_is_set(self, tell: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {name: value for name, value in tell(self).items() if name in self.model_fields_set}


class ChunkChoiceResponse(BaseModel):
    """A piece of the one answer."""

    index: Literal[0] = 0
    delta: DeltaResponse = Field(description="What the chunk adds")
    logprobs: None = None
    finish_reason: Literal["stop"] | None = Field(
        default=None, description="With the last chunk of a complete answer"
    )


class ChunkResponse(_Completion):
    """A piece of an answer; without choices it tells the usage."""

    object: Literal["chat.completion.chunk"] = "chat.completion.chunk"
    choices: list[ChunkChoiceResponse] = Field(description="One, or none in the chunk of usage")


class BrokenChunkResponse(BaseModel):
    """What comes in the place of a chunk when an answer breaks off."""

    error: ErrorResponse = Field(description="What went wrong")


class ModelResponse(BaseModel):
    """The assistant, as a model."""

    id: Literal["alliantie"] = MODEL
    object: Literal["model"] = "model"
    created: int = Field(description="Seconds since 1970")
    owned_by: str = Field(default="alliantie-assistent", description="This product")


class ModelsResponse(BaseModel):
    """The models: one."""

    object: Literal["list"] = "list"
    data: list[ModelResponse] = Field(description="All models")
