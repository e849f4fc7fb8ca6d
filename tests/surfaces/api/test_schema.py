"""Whatever schemathesis makes of the schema, the running product answers as the schema says.

It sends about 2,000 cases in CI, and those that embed a question are few. The long run sends over 20,000,
to all operations alike, other ones each time: ``make schema``, or ``SCHEMA_CASES=700`` cases at
random for each operation. ``SCHEMA_SEED`` repeats a run.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from assistant.settings import Settings
from tests.surfaces.api.exploring import explore
from tests.surfaces.serving import Running, serving

EXAMPLES = int(os.environ.get("SCHEMA_CASES", "0"))
SEED = int(os.environ.get("SCHEMA_SEED", "0"))

FEWEST = 1900
"""What it is without the long run; fewer means that operations are left out."""

LONGEST = 200
"""Questions are kept short, and the schema says so: the longer they are, the longer an embedding takes."""


@pytest.fixture(scope="module")
def server(card_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    database = f"sqlite:///{tmp_path_factory.mktemp('schema') / 'kept.db'}"
    settings = card_settings.model_copy(update={"max_question_length": LONGEST, "database_url": database})
    with serving(settings) as running:
        yield running


def test_every_answer_to_every_case_is_as_the_schema_says(server: Running) -> None:
    explored = (
        explore(server.address, EXAMPLES, EXAMPLES // 4, EXAMPLES, SEED)
        if EXAMPLES
        else explore(server.address, 18, 1, 10, SEED or 8)
    )
    print(f"{explored.cases} cases: {explored.by_phase} {explored.by_operation}")  # noqa: T201 - the long run tells how long it was
    told = "\n\n".join(f"{what}: {how}" for what, how in explored.failures.items())
    assert not explored.failures, told
    assert {"examples", "coverage", "fuzzing", "stateful"} <= set(explored.by_phase)
    assert explored.cases >= max(FEWEST, EXAMPLES * len(explored.by_operation) // 2)
