#!/usr/bin/env python3
"""Writes the manual page of the program, from the program's own description.

usage: cytoself --experimental-dump-help | manual.py VERSION > cytoself.1
"""
import json
import sys


def escaped(text):
    """A text in which nothing is a request of the typesetter."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\n".join("\\&" + line if line.startswith((".", "'")) else line for line in text.split("\n"))


def paragraphs(text):
    """A text as paragraphs; lines that are indented stay as they are."""
    out, kept = [], False
    for line in text.split("\n"):
        indented = line.startswith("  ")
        if indented != kept:
            out.append(".EX" if indented else ".EE")
            kept = indented
        out.append(".PP" if not line and not kept else escaped(line))
    return "\n".join(out + ([".EE"] if kept else []))


def spelled(argument):
    """How an argument is written."""
    value = f"\\fI{escaped(argument.get('valueName', 'value'))}\\fR"
    if argument["kind"] == "positional":
        return value
    names = []
    for name in argument["names"]:
        names.append(("--" if name["kind"] == "long" else "-") + name["name"])
    text = ", ".join(f"\\fB{escaped(name)}\\fR" for name in names)
    return text if argument["kind"] == "flag" else f"{text} {value}"


def described(argument):
    """What an argument means."""
    text = " ".join(argument[part] for part in ("abstract", "discussion") if argument.get(part))
    if argument.get("defaultValue"):
        text += f" (default: {argument['defaultValue']})"
    return escaped(" ".join(text.split()))


def command(entry, path):
    """The section of one command."""
    arguments = [a for a in entry.get("arguments", []) if a.get("shouldDisplay", True)]
    places = [spelled(a) for a in arguments if a["kind"] == "positional"]
    out = [f".SS {escaped(' '.join(path))}", escaped(entry.get("abstract", ""))]
    synopsis = [f"\\fBcytoself {escaped(' '.join(path))}\\fR", *places, "[\\fIoptions\\fR]"]
    out += [".PP", " ".join(synopsis)]
    if entry.get("discussion"):
        out += [".PP", paragraphs(entry["discussion"])]
    for argument in arguments:
        if argument["kind"] == "positional" or argument["names"][0]["name"] not in ("help", "version", "h"):
            out += [".TP", spelled(argument), described(argument)]
    return "\n".join(out)


def main():
    root = json.load(sys.stdin)["command"]
    out = [
        f'.TH CYTOSELF 1 "" "cytoself {sys.argv[1]}"', ".SH NAME",
        "cytoself \\- " + escaped(root["abstract"].rstrip(".")), ".SH SYNOPSIS",
        "\\fBcytoself\\fR \\fIcommand\\fR [\\fIoptions\\fR]", ".SH DESCRIPTION"]
    if root.get("discussion"):
        out.append(paragraphs(root["discussion"]))
    out.append(".SH COMMANDS")

    def walk(entry, path):
        children = [c for c in entry.get("subcommands", []) if c["commandName"] != "help"]
        if path and not children:
            out.append(command(entry, path))
        for child in children:
            walk(child, (*path, child["commandName"]))

    walk(root, ())
    print("\n".join(out))


if __name__ == "__main__":
    main()
