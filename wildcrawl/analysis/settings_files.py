"""Settings files in YAML that a person writes: checked, each fault with its line and its fix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol, TypeVar

import yaml
from pydantic import BaseModel, TypeAdapter, ValidationError

from wildcrawl.analysis.yaml_faults import yaml_fault
from wildcrawl.utils import did_you_mean

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Content = TypeVar("Content")
_NOTHING = "tag:yaml.org,2002:null"
_FIXES = {
    "missing": "is missing; add it",
    "string_type": "is not a text; write one, a number or a day in quotes",
    "tuple_type": "is not a list; write one, such as [first, second]",
    "list_type": "is not a list; write one, such as [first, second]",
    "dict_type": "has no entries; write each as name: text",
    "model_type": "has no entries; write each as name: text",
    "date_type": "is not a day; write it as 2017-01-01",
    "date_parsing": "is not a day; write it as 2017-01-01",
    "date_from_datetime_parsing": "is not a day; write it as 2017-01-01",
    "int_type": "is not a whole number; write one",
    "int_parsing": "is not a whole number; write one",
    "too_long": "has too many entries; keep at most {max_length}",
}


class Source(Protocol):
    """A file, or a resource of a package."""

    def read_text(self, encoding: str) -> str: ...


def load_settings_file(
    source: Source, kind: type[Content], parts: Mapping[str, type[BaseModel]]
) -> Content:
    """The content of a file as `kind`; entries without a value are left out.

    ValueError names the line of the fault and the fix. `parts` are the models of the entries below
    an entry of the top, by its name, and that of all others as "", from which it suggests names.
    """
    try:
        loader = yaml.SafeLoader(source.read_text(encoding="utf-8"))
        root = loader.get_single_node()
        _check(root)
        data = loader.construct_document(root) if root else None
    except OSError as error:
        raise ValueError(f"{source} cannot be read: {error.strerror}") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ValueError(f"{source} is not YAML in UTF-8: {yaml_fault(error)}") from error
    try:
        return TypeAdapter(kind).validate_python({} if data is None else data)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        line = _line(root, fault["loc"])
        raise ValueError(f"{source} line {line}: {_sentence(fault, parts)}") from None


def _check(root: yaml.Node | None) -> None:
    """Leaves out entries without a value; YAMLError for a name that stands twice."""
    seen: set[int] = set()
    to_check = [root] if root else []
    while to_check:
        node = to_check.pop()
        if id(node) in seen or not isinstance(node, yaml.CollectionNode):
            continue
        seen.add(id(node))
        if not isinstance(node, yaml.MappingNode):
            to_check += node.value
            continue
        names: set[str] = set()
        for key, value in node.value:
            name = str(key.value)
            if name in names:
                raise yaml.MarkedYAMLError(
                    problem=f"'{name}' stands here a second time; keep one of them",
                    problem_mark=key.start_mark,
                )
            names.add(name)
            to_check.append(value)
        node.value = [(key, value) for key, value in node.value if value.tag != _NOTHING]


def _line(root: yaml.Node | None, place: Sequence[str | int]) -> int:
    """The line of an entry, or of the nearest one around it that the file has."""
    node, line = root, 1
    for step in place:
        if isinstance(node, yaml.MappingNode):
            found = [each for each in node.value if each[0].value == step]
            if not found:
                break
            key, node = found[0]
            line = key.start_mark.line + 1
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            if step >= len(node.value):
                break
            node = node.value[step]
            line = node.start_mark.line + 1
        else:
            break
    return line


def _sentence(fault: ErrorDetails, parts: Mapping[str, type[BaseModel]]) -> str:
    place = [str(step + 1 if isinstance(step, int) else step) for step in fault["loc"]]
    name = ".".join(place) or "the file"
    if fault["type"] == "extra_forbidden":
        known = parts.get(place[0] if len(place) > 1 else "", parts[""]).model_fields
        near = did_you_mean(place[-1], known)
        return f"{name} is not a valid entry{near}; choose one of {', '.join(known)}"
    if fault["type"] in _FIXES:
        return f"{name} {_FIXES[fault['type']].format(**fault.get('ctx', {}))}"
    return f"{name}: {fault.get('ctx', {}).get('error') or fault['msg']}"
