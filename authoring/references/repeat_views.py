from typing import Any


def repeat(*a: Any, **k: Any) -> Any:
    raise NotImplementedError
    raise NotImplementedError
