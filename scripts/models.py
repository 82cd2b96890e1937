"""Synthetic models, and logits of them from the engine, from the float64 reference and from llama.cpp.

The Java side must have been built with its tests: mvn -q test-compile
"""
import glob
import os
import pathlib
import subprocess
import sys

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[1]
SCRIPTS = ROOT / "scripts"


def java():
    homes = [os.environ.get("JAVA_HOME", "")] + sorted(glob.glob("/usr/lib/jvm/*"))
    for home in homes:
        release = pathlib.Path(home, "release")
        if home and release.exists() and 'JAVA_VERSION="25' in release.read_text():
            return str(pathlib.Path(home, "bin", "java"))
    sys.exit("needs a JDK 25; set JAVA_HOME")


def test_class(name, *args):
    """Runs a main class of engine-core's test tree."""
    path = os.pathsep.join(str(ROOT / p) for p in (
        "engine-core/target/test-classes", "engine-core/target/classes", "engine-loader/target/classes"))
    subprocess.run([java(), "--add-modules", "jdk.incubator.vector", "-cp", path, f"dev.sluice.{name}", *map(str, args)],
                   check=True, stderr=subprocess.DEVNULL)


def synthesize(arch, shape, out, *options):
    test_class("SyntheticModel", arch, shape, out, *options)


def decode_to_f32(model, out):
    test_class("DecodeToF32", model, out)


def tokens(count, vocabulary):
    """The token ids of every test on synthetic models."""
    return [(7919 * i + 13 * i * i + 5) % vocabulary for i in range(count)]


def ours(model, out, ids, *options):
    subprocess.run([str(ROOT / "sluice"), "logits", "-m", str(model), "--all", "-o", str(out), "--tokens",
                    ",".join(map(str, ids)), *options], check=True, stderr=subprocess.DEVNULL)
    return np.load(out)


def reference(model, out, ids):
    subprocess.run([sys.executable, SCRIPTS / "reference.py", model, out, *map(str, ids)], check=True)
    return np.load(out)


def llama(model, out, ids):
    subprocess.run([sys.executable, SCRIPTS / "llamacpp.py", "alllogits", model, out, *map(str, ids)], check=True,
                   stderr=subprocess.DEVNULL)
    return np.load(out)


def nmse(expected, actual):
    expected, actual = expected.astype(np.float64), actual.astype(np.float64)
    return float(((expected - actual) ** 2).sum() / (expected ** 2).sum())
