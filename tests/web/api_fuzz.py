"""Whatever is asked of the API by its own description, the answer is one that it describes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Err
from schemathesis.generation import GenerationMode
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance
from tests.web.matrix_world import taken_back

from jiedui_web.config.wsgi import application

CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance]
Operation = APIOperation[Any, Any, Any, Any]
DESCRIPTION = "/api/v1/openapi.json"


def closing(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
    """Answer whole, and let go of what the answer held."""
    body = application(environ, start)
    try:
        return [b"".join(body)]
    finally:
        getattr(body, "close", lambda: None)()


def operations() -> Iterator[Operation]:
    """Give every operation that the API describes."""
    schema = schemathesis.openapi.from_wsgi(DESCRIPTION, closing)
    for found in schema.get_all_operations():
        if isinstance(found, Err):
            raise found.err()
        yield found.ok()


def ask_much(operation: Operation, headers: Mapping[str, str], *, examples: int, same: bool = True) -> int:
    """Ask an operation with right and wrong values; gives how often; an answer not described is an error."""
    asked = 0
    for mode in GenerationMode:

        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            derandomize=same,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: schemathesis.Case[Any]) -> None:
            nonlocal asked
            asked += 1
            with taken_back():
                answer = case.call(headers={**headers, "Accept-Encoding": "identity"})
            case.validate_response(answer, checks=CHECKS)

        ask()
    return asked
