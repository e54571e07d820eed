"""Drawing what the public asks for: one paper at a time, while whoever waits is told how far it is.

The public starts no jobs of its own; so that nobody can keep the machine busy with drawing, little is let wait, and who
asks for what is being drawn waits for that one.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final

from api.rendering.kept import Kept
from geo.errors import Unavailable

__all__ = ["Drawings"]

_MOST_WAITING: Final = 8
Tell = Callable[[float, str], None]


@dataclass
class _Drawing:
    future: Future[Kept]
    step: str = "job.step.waiting"


@dataclass
class Drawings:
    """What is being drawn, by what names it; safe to use from several threads."""

    _drawer: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(max_workers=1, thread_name_prefix="public-drawing")
    )
    _open: dict[str, _Drawing] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self, name: str, draw: Callable[[Tell], Kept], *, seconds: float) -> Kept | str:
        """Return what is drawn, or after some seconds the message key of the step that it is at.

        Parameters
        ----------
        name
            What is drawn; asked for again meanwhile, it is the same drawing.
        draw
            Draws it; is given whom to tell how far it is.

        Raises
        ------
        Unavailable
            Too much is waiting.
        Exception
            What `draw` raises.
        """
        drawing = self._begun(name, draw)
        try:
            return drawing.future.result(timeout=seconds)
        except TimeoutError:
            if drawing.future.done():
                raise  # it is the drawing that took too long, not we who waited
            return drawing.step

    def _begun(self, name: str, draw: Callable[[Tell], Kept]) -> _Drawing:
        with self._lock:
            for old in [old for old, one in self._open.items() if one.future.done()]:
                del self._open[old]
            if name in self._open:
                return self._open[name]
            if len(self._open) >= _MOST_WAITING:
                raise Unavailable("public.busy")
            future: Future[Kept] = Future()
            drawing = self._open[name] = _Drawing(future)

        def tell(_part: float, step: str) -> None:
            drawing.step = step

        def run() -> None:
            try:
                future.set_result(draw(tell))
            except BaseException as error:
                future.set_exception(error)

        self._drawer.submit(run)
        return drawing
