"""Learns the adapter from the cards: their phrasings ask, their statements and sections answer.

Each phrasing is drawn to the statements and the section that answer it and away from all others
(InfoNCE: van den Oord, Li and Vinyals, "Representation Learning with Contrastive Predictive Coding",
2018); a question that the texts don't answer is kept away from everything. Optimised with Adam
(Kingma and Ba, 2015), from a fixed seed, so that the same corpus gives the same adapter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.domain import Catalogue, Chunk, Statement
from assistant.retrieval.adapter import NOTHING

Matrix = NDArray[np.float32]

TEMPERATURE = 0.02
RESTRAINT = 3e-4
"""What the squared size of the matrix costs: it stays near doing nothing."""

EPOCHS, BATCH, RATE, SEED = 40, 256, 1e-3, 0


@dataclass(frozen=True, slots=True)
class Goal:
    """What questions should lie near: ``texts`` has shape (n, dimension).

    ``answers`` has, for each question, the rows that answer it; none for a question without an answer.
    """

    texts: Matrix
    answers: Sequence[Sequence[int]]


def learn_from_cards(  # noqa: PLR0913 - each kind of vector has a name
    catalogue: Catalogue,
    chunks: Sequence[Chunk],
    *,
    asked: Matrix,
    unanswered: Matrix,
    sections: Matrix,
    statements: Matrix,
) -> Matrix:
    """Return the matrix that the phrasings of the cards teach.

    All vectors have shape (n, dimension): ``asked`` of the phrasings, chunk by chunk, ``unanswered`` of
    the questions without an answer, ``sections`` of the chunks and ``statements`` of all cards.
    """
    rows = {one.id: row for row, one in enumerate(_statements(catalogue))}
    of_section = {
        (card.id, section.heading): tuple(rows[one.id] for one in section.statements)
        for card in catalogue.cards.values()
        for section in card.sections
    }
    phrased = [(row, chunk, one) for row, chunk in enumerate(chunks) for one in chunk.phrasings]
    nothing: list[tuple[int, ...]] = [()] * len(unanswered)
    own = [
        (rows[one.statement_id],) if one.statement_id else of_section[str(chunk.card_id), chunk.section]
        for _, chunk, one in phrased
    ]
    return learn(
        np.concatenate([asked, unanswered]),
        [
            Goal(sections, [*((row,) for row, _, _ in phrased), *nothing]),
            Goal(statements, [*own, *nothing]),
        ],
    )


def _statements(catalogue: Catalogue) -> Iterator[Statement]:
    for card in catalogue.cards.values():
        yield from card.statements


def learn(questions: Matrix, goals: Sequence[Goal]) -> Matrix:
    """Return the matrix of an adapter; ``questions`` has shape (m, dimension), normalised."""
    dimension = questions.shape[1]
    matrix = np.zeros((dimension, dimension), np.float32)
    wanted = [_shares(goal) for goal in goals]
    optimiser = _Adam(matrix.shape, steps=EPOCHS * -(-len(questions) // BATCH))
    for rows in _batches(len(questions)):
        asked = questions[rows]
        moved = asked + asked @ matrix
        lengths = np.linalg.norm(moved, axis=1, keepdims=True)
        near = moved / lengths
        pulls = [_pull(near, goal.texts, shares[rows]) for goal, shares in zip(goals, wanted, strict=True)]
        pull = np.sum(pulls, axis=0)
        along = (pull - (pull * near).sum(axis=1, keepdims=True) * near) / lengths
        matrix -= optimiser.step(asked.T @ along + 2 * RESTRAINT * matrix)
    return matrix


def _shares(goal: Goal) -> Matrix:
    """Return how likely each text, and last nothing, should be for each question."""
    shares = np.zeros((len(goal.answers), len(goal.texts) + 1), np.float32)
    for row, answers in enumerate(goal.answers):
        shares[row, list(answers) or [-1]] = 1 / max(1, len(answers))
    return shares


def _pull(near: Matrix, texts: Matrix, shares: Matrix) -> Matrix:
    """Return the gradient of the cross-entropy, averaged over the questions, by their vectors."""
    nothing = np.full((len(near), 1), NOTHING, np.float32)
    logits = np.hstack([near @ texts.T, nothing]) / TEMPERATURE
    likely = np.exp(logits - logits.max(axis=1, keepdims=True))
    likely /= likely.sum(axis=1, keepdims=True)
    excess = (likely - shares)[:, :-1]
    return np.asarray(excess @ texts / (TEMPERATURE * len(near)), dtype=np.float32)


def _batches(count: int) -> Iterator[NDArray[np.intp]]:
    draw = np.random.default_rng(SEED)
    for _ in range(EPOCHS):
        order = draw.permutation(count)
        for start in range(0, count, BATCH):
            yield order[start : start + BATCH]


class _Adam:
    """Adam with a rate that falls along a cosine."""

    def __init__(self, shape: tuple[int, ...], steps: int) -> None:
        self._mean = np.zeros(shape, np.float32)
        self._square = np.zeros(shape, np.float32)
        self._steps = steps
        self._done = 0

    def step(self, gradient: Matrix) -> Matrix:
        """Return what to subtract."""
        self._done += 1
        self._mean = 0.9 * self._mean + 0.1 * gradient
        self._square = 0.999 * self._square + 0.001 * gradient**2
        rate = RATE * (1 + np.cos(np.pi * (self._done - 1) / self._steps)) / 2
        mean = self._mean / (1 - 0.9**self._done)
        square = self._square / (1 - 0.999**self._done)
        return np.asarray(rate * mean / (np.sqrt(square) + 1e-8), dtype=np.float32)
