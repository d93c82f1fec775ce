"""What an agent can read with its tools, found in the tools themselves, company by company.

A type is out of reach only where no code that the tools run so much as names it. That errs on the
side of silence: what is named may still not be shown.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache, partial
from types import CodeType, FunctionType, ModuleType
from typing import Any

from simulation.environments import Environment
from simulation.models import Entity
from simulation.tools import Tool

_COMPANIES = "simulation.environments."
_ALL = "entity_types"  # code that walks over all types may show any of them


@cache
def types_in_reach(company: Environment, toolset: str) -> frozenset[str]:
    """Name the entity types that some tool of a toolset may touch."""
    return types_of_tools(company, company.toolsets.get(toolset, {}))


def types_of_tools(company: Environment, tools: Mapping[str, Tool]) -> frozenset[str]:
    seen: dict[int, Any] = {}  # what was seen is held: an id is given again once its thing is gone
    words = {word for tool in tools.values() for word in _words_of(tool.function, seen)}
    kinds = frozenset(company.entity_types)
    return kinds if _ALL in words else kinds & words


def _words_of(part: Any, seen: dict[int, Any]) -> Iterator[str]:
    """Give the texts in a function's code, and in what it uses of its module or imports."""
    if id(part) in seen:
        return
    seen[id(part)] = part
    if isinstance(part, str):
        yield part
    elif isinstance(part, FunctionType):
        yield from _words_of_function(part, seen)
    else:
        for inner in _inside(part):
            yield from _words_of(inner, seen)


def _inside(part: Any) -> Iterable[Any]:
    """Give what a thing is made of, as far as a company made it."""
    match part:
        case CodeType():
            return part.co_consts
        case list() | tuple() | set() | frozenset():
            return part
        case Mapping():
            return [*part.keys(), *part.values()]
        case partial():
            return [part.func, part.args, part.keywords]
    return [dict(getattr(part, "__dict__", {}))] if _is_of_company(part) else ()


def _is_of_company(part: Any) -> bool:
    """Tell whether a thing, or the class that it is of, is defined by a company; or is a tool."""
    module = getattr(part, "__module__", None) or type(part).__module__
    is_model = isinstance(part, type) and issubclass(part, Entity)
    return isinstance(part, Tool) or (str(module).startswith(_COMPANIES) and not is_model)


def _words_of_function(function: FunctionType, seen: dict[int, Any]) -> Iterator[str]:
    if not function.__module__.startswith(_COMPANIES):
        return
    yield from _words_of(function.__code__, seen)
    yield from _names_of(function.__code__)
    yield from _words_of(function.__defaults__ or (), seen)
    yield from _words_of(function.__kwdefaults__ or {}, seen)
    for cell in function.__closure__ or ():
        yield from _words_of(cell.cell_contents, seen)
    for name in _names_of(function.__code__):
        used = function.__globals__.get(name)
        yield from _words_of(_attributes(used, function.__code__), seen)


def _names_of(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names_of(constant)


def _attributes(used: Any, code: CodeType) -> Any:
    """Give what a name stands for; of a module, those of its parts that the code names."""
    if not isinstance(used, ModuleType):
        return used
    return [getattr(used, name, None) for name in _names_of(code)]
