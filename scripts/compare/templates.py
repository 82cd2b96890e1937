"""Compares random and damaged chat templates with Python's Jinja.

    mvn -q package -DskipTests && python3 scripts/compare/templates.py [--count N] [--seed S] [--show K]

The templates are those of dev.sluice.chat.RandomTemplates, half of them small ones from a grammar, half the test templates
with damage, on the variables of the goldens. Where both sides make text it must be equal; where the template itself
refuses, the message must be. Templates that only one side refuses are counted by our message or Jinja's error, and K of
each kind are shown. What Python prints with an
address, as generators and methods, cannot be equal. Exits with 1 if other texts or refusals differ. Needs jinja2 (compared with 3.1.6).
"""

import argparse
import collections
import copy
import json
import os
import pathlib
import re
import resource
import subprocess
import sys

import jinja2.sandbox

ADDRESS = " at 0x"
ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "scripts/golden")]
import chat  # noqa: E402
import chat_cases  # noqa: E402
import models  # noqa: E402


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=20000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=1)
    options = parser.parse_args()
    guard_powers()
    env = chat.environment()
    conversations = [{"tools": None, **variables} for _, variables in chat_cases.conversations()]
    counts = collections.Counter()
    kinds = collections.defaultdict(list)
    for line in outputs(options.count, options.seed):
        case = json.loads(line)
        given = chat_cases.VARIABLES if case["conversation"] < 0 else conversations[case["conversation"]]
        kind, detail = compared(env, case, given)
        counts[kind] += 1
        if detail:
            kinds[kind, detail].append(case)
    print(f"{options.count} templates, seed {options.seed}: " + ", ".join(f"{n} {k}" for k, n in counts.most_common()))
    for (kind, detail), cases in sorted(kinds.items(), key=lambda item: (item[0][0], -len(item[1]))):
        print(f"{len(cases):6} {kind}: {detail}")
        for case in cases[: options.show]:
            print(f"       {case['template'][-300:]!a}\n       -> {(case.get('output') or '')[:200]!a}")
    sys.exit(1 if counts["DIFFERENT TEXT"] + counts["DIFFERENT REFUSAL"] else 0)


def outputs(count, seed):
    app = ROOT / "engine-app/target/lib"
    path = os.pathsep.join([str(ROOT / "engine-core/target/test-classes"), f"{app}/*"])
    command = [models.java(), "-cp", path, "dev.sluice.chat.TemplateOutputs", str(count), str(seed)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))  # for Jinja; the JVM has begun
        yield from process.stdout


def guard_powers():
    """Integers of any size take any time."""
    sandbox = jinja2.sandbox.SandboxedEnvironment
    sandbox.intercepted_binops = frozenset(["**"])

    def call_binop(self, context, operator, left, right):
        if isinstance(left, int) and isinstance(right, int) and right > 1000 and abs(left) > 1:
            raise OverflowError("integer beyond 64 bits")
        return left**right

    sandbox.call_binop = call_binop


def compared(env, case, variables):
    try:
        expected, error = env.from_string(case["template"]).render(**copy.deepcopy(variables)), None
    except chat.Refusal as refusal:
        if case.get("error", "").startswith(f"{refusal.message} (chat template, line "):
            return "equal refusals", None
        if ADDRESS in refusal.message:
            return "addresses", None
        return "DIFFERENT REFUSAL", f"{refusal.message!a} and {case.get('error')!a}"
    except Exception as e:  # noqa: BLE001 whatever Python raises is a refusal
        expected, error = None, f"{type(e).__name__}: {generic(str(e))}"
    if expected and ADDRESS in expected:
        return "addresses", None
    if "output" not in case:
        return ("both fail", None) if error else ("only ours fails", generic(case["error"]))
    if error:
        return "only Jinja fails", error
    if case["output"] != expected:
        return "DIFFERENT TEXT", f"{expected[:200]!a}"
    return "equal texts", None


def generic(message):
    """A message without what differs from template to template."""
    message = re.sub(r" \(chat template, line \d+, column \d+\)$", "", message)
    message = re.sub(r"'[^']*'|\"[^\"]*\"", "'..'", message)
    return re.sub(r"-?\d[\d.e+-]*", "0", message)[:120]


if __name__ == "__main__":
    main()
