"""Writes what Python's Jinja makes of chat templates and of small snippets, for the tests of dev.sluice.chat.

    python3 scripts/golden/chat.py [OUTPUT]

OUTPUT is a folder, by default engine-core/src/test/resources/dev/sluice/chat. Templates are read from templates/ in that
default folder, conversations and snippets from chat_cases.py beside this script. Needs jinja2 (written with 3.1.6).
The environment is the one that Hugging Face's transformers render chat templates in. An error is written as null; beside it
stands the message, where the template itself raised it.
"""

import json
import pathlib
import sys

import jinja2
import jinja2.ext
import jinja2.sandbox

import chat_cases

RESOURCES = pathlib.Path(__file__).resolve().parents[2] / "engine-core/src/test/resources/dev/sluice/chat"


class Generation(jinja2.ext.Extension):
    """Marks the assistant's tokens for training; the text goes through."""

    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return jinja2.nodes.CallBlock(self.call_method("_text"), [], [], body).set_lineno(line)

    def _text(self, caller):
        return caller()


def environment():
    env = jinja2.sandbox.ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[Generation, jinja2.ext.loopcontrols]
    )

    def tojson(value, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
        return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)

    def raise_exception(message):
        raise Refusal(message)

    env.filters["tojson"] = tojson
    env.globals["raise_exception"] = raise_exception
    return env


class Refusal(jinja2.exceptions.TemplateError):
    """What raise_exception raises."""


def rendered(env, template, variables):
    """The text and the message of a refusal, one or both of them None."""
    try:
        return env.from_string(template).render(**variables), None
    except Refusal as refusal:
        return None, refusal.message
    except Exception as error:
        if isinstance(error, (AttributeError, NameError)):
            print("note:", type(error).__name__, error, "in", template[:60], file=sys.stderr)
        return None, None


def main():
    output = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else RESOURCES
    env = environment()
    prompts = []
    for path in sorted((RESOURCES / "templates").glob("*.jinja")):
        template = path.read_text(encoding="utf-8")
        for name, variables in chat_cases.conversations():
            given = {"tools": None, **variables}
            prompt, refusal = rendered(env, template, given)
            prompts.append({"template": path.name, "name": name, "prompt": prompt})
            if refusal is not None:
                prompts[-1]["refusal"] = refusal
    snippets = [
        {"template": template, "output": rendered(env, template, chat_cases.VARIABLES)[0]}
        for template in chat_cases.SNIPPETS
    ]
    write(output / "conversations.json", [{"name": n, "variables": v} for n, v in chat_cases.conversations()])
    write(output / "prompts.json", prompts)
    write(output / "snippets.json", {"variables": chat_cases.VARIABLES, "snippets": snippets})
    errors = sum(s["output"] is None for s in snippets)
    print(f"{len(prompts)} prompts, {sum(p['prompt'] is None for p in prompts)} of them errors")
    print(f"{len(snippets)} snippets, {errors} of them errors")


def write(path, value):
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
