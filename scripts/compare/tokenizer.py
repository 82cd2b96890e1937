"""Compares the tokenizer with llama.cpp's: one long text through ./sluice tokenize, and many short ones.

    LLAMA_LIB=<directory of libllama> python3 scripts/compare/tokenizer.py MODEL.gguf ... [--text FILE] [--fuzz N] [--seed S]
    python3 scripts/compare/tokenizer.py MODEL.gguf ... --speed

The text is that of make_text.py unless a file is given; the short strings are its nasty ones, 50,000 unless told otherwise.
Both sides take them without NFC, special tokens parsed; of the short strings, every second one goes without parsing.
Reports bytes, tokens and differences, the first one in full, and whether decoding gives each text back. Exits with 1 if
anything differs. With --speed nothing is compared: characters per second of text made to be slow, at three lengths.
"""

import argparse
import itertools
import json
import os
import pathlib
import random
import struct
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "scripts/compare")]
import make_text  # noqa: E402
import models  # noqa: E402


BATCH = 50_000


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("models", nargs="+")
    parser.add_argument("--text", type=pathlib.Path, help="UTF-8; default: what make_text.py writes")
    parser.add_argument("--fuzz", type=int, default=50000, help="number of short strings")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--speed", action="store_true", help="measure instead")
    options = parser.parse_args()
    if options.speed:
        for model in options.models:
            models.test_class("tokenizer.TokenizerSpeed", model)
        return
    import llamacpp  # needs LLAMA_LIB

    text = options.text.read_bytes() if options.text else make_text.text(3_000_000, options.seed).encode()
    print(f"{len(text)} bytes, {options.fuzz} short strings, seed {options.seed}")
    wrong = 0
    for model in options.models:
        reference = llamacpp.Llama(model, vocab_only=True)
        whole, pieces = Tally(f"{model}: ./sluice tokenize"), Tally(f"{model}: strings")
        for texts in itertools.chain([[(text, True)]], batches(options.fuzz, options.seed)):
            expected = [reference.tokenize(*t) for t in texts]
            if texts[0][0] is text:
                whole.add(texts, expected, [(program(model, text), True)])
            pieces.add(texts, expected, encode(model, texts))
        wrong += whole.report() + pieces.report()
    sys.exit(1 if wrong else 0)


def batches(count, seed):
    chance = random.Random(seed)
    for start in range(0, count, BATCH):
        yield [(make_text.nasty(chance).encode(), i % 2 == 0) for i in range(start, min(start + BATCH, count))]


def program(model, text):
    command = [str(ROOT / "sluice"), "tokenize", "-m", model, "--no-nfc", "--json"]
    return json.loads(subprocess.run(command, input=text, stdout=subprocess.PIPE, check=True).stdout)


def encode(model, texts):
    """Ids of each text, and whether it came back; in one process, built by ./sluice before."""
    app = ROOT / "engine-app/target"
    command = [models.java(), "--add-modules", "jdk.incubator.vector", "-cp", f"{app}/classes{os.pathsep}{app}/lib/*"]
    command += [str(pathlib.Path(__file__).with_name("EncodeTexts.java")), model]
    packed = b"".join(struct.pack(">bi", special, len(text)) + text for text, special in texts)
    found = subprocess.run(command, input=packed, stdout=subprocess.PIPE, check=True).stdout
    at = 0
    for _ in texts:
        same, count = struct.unpack_from(">bi", found, at)
        yield list(struct.unpack_from(f">{count}i", found, at + 5)), same == 1
        at += 5 + 4 * count


class Tally:
    """What was compared, and what was not equal."""

    def __init__(self, name):
        self.name, self.texts, self.tokens, self.different, self.lost = name, 0, 0, 0, 0

    def add(self, texts, expected, found):
        for (text, special), there, (here, same) in zip(texts, expected, found, strict=True):
            self.texts += 1
            self.tokens += len(there)
            self.lost += not same
            if here != there:
                self.different += 1
                if self.different == 1:
                    show(text, special, there, here)

    def report(self):
        print(f"{self.name}: {self.texts} texts, {self.tokens} tokens, {self.different} texts differ, "
              f"{self.lost} not decoded to themselves")
        return self.different + self.lost


def show(text, special, there, here):
    i = next((i for i, (a, b) in enumerate(zip(there, here)) if a != b), min(len(there), len(here)))
    print(f"first difference: token {i} of {len(there)} there, {len(here)} here; special tokens parsed: {special}")
    print(f"  there ...{there[max(0, i - 3) : i + 9]}\n  here  ...{here[max(0, i - 3) : i + 9]}")
    if len(text) < 200:
        print(f"  text {text.decode()!a}")


if __name__ == "__main__":
    main()
