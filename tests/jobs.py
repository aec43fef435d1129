"""Carries out a background job inside a test's own event loop."""

import inspect
from typing import Any


async def carry_out(task: Any, **arguments: str) -> None:
    """Run the async function behind a Celery task."""
    await inspect.unwrap(task.run)(**arguments)
