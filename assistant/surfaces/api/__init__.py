"""The HTTP contract: grounded answers, the library behind them, and the state of the process."""

from assistant.surfaces.api.app import build_api
from assistant.surfaces.api.protocol import Answering

__all__ = ["Answering", "build_api"]
