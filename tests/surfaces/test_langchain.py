"""The assistant as parts of a LangChain chain."""

from __future__ import annotations

import pytest
from langchain_core.runnables import RunnableLambda

from assistant.bootstrap import Assistant
from assistant.domain import Answer, CheckedClaim, Event, PassagesFound, Refusal
from assistant.surfaces.langchain import AssistantRunnable, PassageRetriever


def test_the_retriever_gives_documents_that_say_where_they_stand(from_cards: Assistant) -> None:
    documents = PassageRetriever(assistant=from_cards, limit=3).invoke("Wat is veerkracht?")
    assert len(documents) == 3
    best = documents[0]
    assert best.metadata["card_id"] == "veerkracht"
    assert best.metadata["source_ids"] == ["boonstra-2023-strategisch-samenwerken"]
    assert best.id is not None
    assert best.page_content


@pytest.mark.originals
def test_a_document_of_an_original_has_its_place_in_the_text(from_originals: Assistant) -> None:
    documents = PassageRetriever(assistant=from_originals, limit=12).invoke("Hoe werkt het NAV-model?")
    placed = [document for document in documents if document.metadata["start"] is not None]
    assert placed
    for document in placed:
        text = from_originals.catalogue.documents[document.metadata["source_ids"][0]].text
        assert text[document.metadata["start"] : document.metadata["end"]] == document.page_content


def test_the_runnable_invokes_streams_and_batches(from_cards: Assistant) -> None:
    runnable = AssistantRunnable(from_cards)
    assert isinstance(runnable.invoke("Wat is een paradox?"), Answer)
    kinds = [type(event) for event in runnable.stream("Wat is een paradox?")]
    assert (kinds[0], kinds[1], kinds[-1]) == (PassagesFound, CheckedClaim, Answer)
    ended = runnable.batch(["Wat is een paradox?", "Wat is de hoofdstad van Australië?"])
    assert [type(outcome) for outcome in ended] == [Answer, Refusal]


def test_both_compose_with_other_parts(from_cards: Assistant) -> None:
    def count_marks(event: Event) -> int:
        assert isinstance(event, Answer)
        return event.markdown.count("[")

    chain = AssistantRunnable(from_cards) | RunnableLambda(count_marks)
    assert chain.invoke("Wat is een paradox?") > 0
