"""Calls a function of a Python file for each line of the standard input, and replies in a line of JSON each.

What the function prints goes to the standard error, so that it cannot be taken for a reply.
"""

import asyncio
import importlib.util
import inspect
import json
import math
import os
import queue
import sys
import threading
import traceback


def read_lines(source, lines):
    """Runs in a thread: when the other side has ended, this process ends too, even while the function hangs."""
    for line in source:
        lines.put(line)
    os._exit(0)


def plain(value):
    """A value as JSON has it: numbers that JSON lacks as text, numbers and lists of NumPy as Python's own."""
    if isinstance(value, float) and not math.isfinite(value):
        return {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}[str(value)]
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if hasattr(value, "item"):
        return plain(value.item())
    return repr(value)


def describe(error, path):
    """The message of an error with its line in the user's file."""
    name = os.path.basename(path)
    if isinstance(error, SyntaxError) and error.filename == path:
        return f"SyntaxError: {error.msg} ({name}:{error.lineno})"
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == path]
    where = f" ({name}:{lines[-1]})" if lines else ""
    return f"{type(error).__name__}: {error}{where}"


def load(path, name):
    sys.path.insert(0, os.path.dirname(path))
    spec = importlib.util.spec_from_file_location("llmops_metric", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    function = getattr(module, name, None)
    if not callable(function):
        raise TypeError(f'it has no function "{name}".')
    return function


def call(function, sample):
    returned = function(sample)
    return asyncio.run(returned) if inspect.iscoroutine(returned) else returned


def main():
    path, name = sys.argv[1:3]
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
    source = os.fdopen(os.dup(0), "rb")
    os.dup2(2, 1)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    lines = queue.SimpleQueue()
    threading.Thread(target=read_lines, args=(source, lines), daemon=True).start()

    def reply(**message):
        replies.write(json.dumps(message) + "\n")
        replies.flush()

    try:
        function = load(path, name)
    except (Exception, SystemExit) as error:
        reply(failed=describe(error, path))
        return
    reply(ready=True)
    while True:
        try:
            reply(returned=plain(call(function, json.loads(lines.get()))))
        except (Exception, SystemExit) as error:
            reply(error=describe(error, path))


main()
