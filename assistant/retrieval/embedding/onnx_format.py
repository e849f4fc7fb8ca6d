"""Writes a model in the ONNX format: the few messages of its protocol buffers that our graph needs.

The field numbers are those of ``onnx.proto``; that package would be a dependency for these lines alone.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

MICROSOFT = "com.microsoft"
"""The operators that ONNX Runtime adds to the standard ones."""

_IR_VERSION, _OPSET, _MICROSOFT_OPSET = 9, 17, 1
_NUMBER, _BYTES, _FLOAT = 0, 2, 5
_KINDS = {"float32": 1, "int8": 3, "int64": 7}

Attribute = float | int
Dimension = int | str


class Graph:
    """Nodes and constants that together are a model; values go by name from node to node."""

    def __init__(self) -> None:
        self._nodes: list[bytes] = []
        self._constants: list[bytes] = []
        self._inputs: list[bytes] = []
        self._outputs: list[bytes] = []

    def input(self, name: str, kind: str, *shape: Dimension) -> str:
        """Add what is given to each run, of a NumPy type; a size that differs has a name. Return its name."""
        self._inputs.append(_value(name, kind, shape))
        return name

    def output(self, name: str, kind: str, *shape: Dimension) -> None:
        """Say which value is the result."""
        self._outputs.append(_value(name, kind, shape))

    def constant(self, name: str, values: NDArray[np.generic]) -> str:
        """Add values that are always the same; return their name."""
        dims = b"".join(_number(1, size) for size in values.shape)
        kind = _number(2, _KINDS[values.dtype.name])
        self._constants.append(dims + kind + _text(8, name) + _bytes(9, values.tobytes()))
        return name

    def node(
        self, operator: str, inputs: Sequence[str], outputs: str, domain: str = "", **attributes: Attribute
    ) -> str:
        """Add an operator; ``outputs`` are names with spaces between; return them."""
        names = [_text(1, name) for name in inputs] + [_text(2, name) for name in outputs.split()]
        given = [_bytes(5, _attribute(name, value)) for name, value in attributes.items()]
        self._nodes.append(b"".join([*names, _text(4, operator), *given, _text(7, domain)]))
        return outputs

    def model(self) -> bytes:
        """Return all of it as the contents of an ONNX file."""
        graph = b"".join(
            [
                *(_bytes(1, node) for node in self._nodes),
                _text(2, "encoder"),
                *(_bytes(5, constant) for constant in self._constants),
                *(_bytes(11, value) for value in self._inputs),
                *(_bytes(12, value) for value in self._outputs),
            ]
        )
        operators = [
            _text(1, domain) + _number(2, version)
            for domain, version in (("", _OPSET), (MICROSOFT, _MICROSOFT_OPSET))
        ]
        return b"".join(
            [_number(1, _IR_VERSION), *(_bytes(8, operator) for operator in operators), _bytes(7, graph)]
        )


def _value(name: str, kind: str, shape: Sequence[Dimension]) -> bytes:
    sizes = [_text(2, size) if isinstance(size, str) else _number(1, size) for size in shape]
    tensor = _number(1, _KINDS[kind]) + _bytes(2, b"".join(_bytes(1, size) for size in sizes))
    return _text(1, name) + _bytes(2, _bytes(1, tensor))


def _attribute(name: str, value: Attribute) -> bytes:
    if isinstance(value, int):
        return _text(1, name) + _number(3, value) + _number(20, 2)
    return _text(1, name) + _varint(2 << 3 | _FLOAT) + struct.pack("<f", value) + _number(20, 1)


def _text(field: int, text: str) -> bytes:
    return _bytes(field, text.encode())


def _bytes(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | _BYTES) + _varint(len(value)) + value


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3 | _NUMBER) + _varint(value % (1 << 64))


def _varint(value: int) -> bytes:
    """Write a number in groups of seven bits, the lowest first; all but the last have the high bit set."""
    groups = bytearray()
    while value > 0x7F:
        groups.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*groups, value])
