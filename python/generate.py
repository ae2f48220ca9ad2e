#!/usr/bin/env python3
"""Writes cytoself_swift/commands.py: one typed function for each command, from the program's own description.

usage: cytoself --experimental-dump-help | generate.py > commands.py
"""
import json
import keyword
import sys
import textwrap

HEAD = '''"""The commands of the program, one function each. Made by generate.py from the program's own description."""

from __future__ import annotations

from collections.abc import Sequence

from .program import Output, Value, run

'''

HIDDEN = {"help", "version"}


def python_name(name):
    """A name of the program as one of Python."""
    name = name.replace("-", "_")
    return name + "_" if keyword.iskeyword(name) else name


def long_name(argument):
    """The long name of an option without dashes."""
    return next(name["name"] for name in argument["names"] if name["kind"] == "long")


def parameter(argument):
    """The name, the type and the default of an argument."""
    repeats, optional = argument.get("isRepeating"), argument.get("isOptional")
    if argument["kind"] == "flag":
        return python_name(long_name(argument)), "bool", "False"
    name = argument["valueName"] if argument["kind"] == "positional" else long_name(argument)
    kind = "Value | Sequence[Value]" if repeats else "Value"
    return python_name(name), f"{kind} | None" if optional else kind, "None" if optional else ""


def lines(text, indent):
    """A text as lines of a docstring; what is indented is kept as it is."""
    text = text.replace("\\", "\\\\").replace('"""', "'''")
    found = []
    for part in text.split("\n"):
        found += [part.rstrip()] if part.startswith("  ") else textwrap.wrap(part, 110 - len(indent)) or [""]
    return "\n".join(indent + line if index and line else line for index, line in enumerate(found))


def described(argument):
    """What the documentation says of an argument."""
    text = " ".join(argument.get(part, "") for part in ("abstract", "discussion") if argument.get(part))
    if argument.get("defaultValue") and argument["kind"] != "flag":
        text += f" (default: {argument['defaultValue']})"
    return lines(" ".join(text.split()), " " * 12)


def function(command, path):
    """The source of one function."""
    arguments = [
        argument for argument in command.get("arguments", [])
        if argument["kind"] == "positional" or long_name(argument) not in HIDDEN]
    places = [argument for argument in arguments if argument["kind"] == "positional"]
    options = [argument for argument in arguments if argument["kind"] != "positional"]
    # What must be given comes first, as Python asks.
    options.sort(key=lambda argument: argument.get("isOptional", True))
    names = [parameter(argument) for argument in places + options]
    signature = [f"    {name}: {kind}{f' = {default}' if default else ''}," for name, kind, default in names]
    if options:
        signature.insert(len(places), "    *,")
    text = [f"def {python_name('_'.join(path))}(", *signature, ") -> Output:"]
    summary = command.get("abstract", "")
    text.append(f'    """{lines(summary, "    ")}')
    if command.get("discussion"):
        text += ["", "    " + lines(command["discussion"], "    ")]
    if names:
        text += ["", "    Args:"]
        text += [
            f"        {name}: {described(argument)}" for (name, _, _), argument in zip(names, places + options)]
    text += ["", "    Raises:", "        CytoselfError: with the program's own sentence and exit code.", '    """']
    values = ", ".join(name for name, _, _ in names[: len(places)])
    given = "".join(f'        "{name}": {name},\n' for name, _, _ in names[len(places):])
    text.append(f"    return run({json.dumps(list(path))}, [{values}], {{\n{given}    }})")
    return "\n".join(text)


def main():
    found = {}

    def walk(command, path):
        children = command.get("subcommands", [])
        if path and not children and path[-1] != "help":
            found[path] = command
        for child in children:
            walk(child, (*path, child["commandName"]))

    walk(json.load(sys.stdin)["command"], ())
    names = [python_name("_".join(path)) for path in found]
    print(HEAD + "__all__ = [")
    print("\n".join(f'    "{name}",' for name in sorted(names)) + "\n]\n\n")
    print("\n\n\n".join(function(command, path) for path, command in found.items()))


if __name__ == "__main__":
    main()
