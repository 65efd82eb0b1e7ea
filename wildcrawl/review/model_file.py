"""Model file: a linear model as JSON, with the format's name, checked when it is read."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from wildcrawl.utils import atomic_write

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


class Linear(Protocol):
    """A model of weights and a bias."""

    @property
    def weights(self) -> Mapping[str, float]: ...
    @property
    def bias(self) -> float: ...


M = TypeVar("M", bound=Linear)


@dataclass(frozen=True)
class ModelKind:
    """A kind of model: its name in messages, the format in its file, and the fix for a bad one."""

    name: str
    format: str
    fix: str
    error: type[ValueError]


def save(kind: ModelKind, model: DataclassInstance, path: Path) -> None:
    """Writes the model as JSON, atomically; NotWrittenError if that fails."""
    document = {"format": kind.format, **asdict(model)}
    atomic_write(path, json.dumps(document, ensure_ascii=False, indent=0).encode())


def load(
    kind: ModelKind,
    make: Callable[..., M],
    path: Path | Traversable,
    numbers: Sequence[str] = (),
) -> M:
    """Reads a model from JSON; the kind's error if the file is missing or not such a model.

    `numbers` names those of its fields that have to be finite, besides weights and bias.
    """
    try:
        document: Any = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise kind.error(f"the {kind.name} {path} is missing; {kind.fix}") from None
    except (OSError, ValueError) as error:
        raise kind.error(f"the {kind.name} {path} cannot be read ({error}); {kind.fix}") from None
    if not isinstance(document, dict) or document.pop("format", None) != kind.format:
        raise kind.error(f"{path} is not a {kind.name} of this version; {kind.fix}")
    try:
        model = make(**document)
        checked = [model.bias, *model.weights.values(), *(getattr(model, name) for name in numbers)]
        sound = all(isinstance(each, int | float) and math.isfinite(each) for each in checked)
    except (TypeError, AttributeError):
        sound = False
    if not sound:
        raise kind.error(f"the {kind.name} {path} is damaged; {kind.fix}")
    return model
