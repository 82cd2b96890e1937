"""llama.cpp's tokenizer, called in the shared libraries that LLAMA_LIB (a directory) holds."""

import ctypes
import glob
import os
import sys


class _Parameters(ctypes.Structure):
    """llama_model_params by value; its size differs among versions, so this is larger than any of them."""

    _fields_ = [("bytes", ctypes.c_ubyte * 512)]


@ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p)
def _QUIET(level, text, data):
    """The library keeps this function, so it must outlive every Llama."""


def _load(directory, name):
    found = sorted(glob.glob(os.path.join(directory, f"lib{name}*.so")))
    if not found:
        sys.exit(f"no lib{name}*.so in {directory}; set LLAMA_LIB to the directory of llama.cpp's shared libraries")
    return ctypes.CDLL(found[0], ctypes.RTLD_GLOBAL)


class Llama:
    def __init__(self, path):
        if "LLAMA_LIB" not in os.environ:
            sys.exit("set LLAMA_LIB to the directory of llama.cpp's shared libraries")
        directory = os.environ["LLAMA_LIB"]
        _load(directory, "ggml-base")
        ggml = _load(directory, "ggml.")
        self.library = _load(directory, "llama.")
        ggml.ggml_backend_load_all_from_path(ctypes.c_char_p(directory.encode()))
        self.library.llama_log_set(_QUIET, None)
        self.library.llama_backend_init()
        self.library.llama_model_default_params.restype = _Parameters
        self.library.llama_model_load_from_file.restype = ctypes.c_void_p
        self.library.llama_model_load_from_file.argtypes = [ctypes.c_char_p, _Parameters]
        self.library.llama_model_get_vocab.restype = ctypes.c_void_p
        self.library.llama_model_get_vocab.argtypes = [ctypes.c_void_p]
        self.library.llama_tokenize.argtypes = [
            ctypes.c_void_p,
            ctypes.c_char_p,
            ctypes.c_int32,
            ctypes.POINTER(ctypes.c_int32),
            ctypes.c_int32,
            ctypes.c_bool,
            ctypes.c_bool,
        ]
        model = self.library.llama_model_load_from_file(
            os.fsencode(path), self.library.llama_model_default_params()
        )
        if not model:
            sys.exit(f"llama.cpp could not load {path}")
        self.vocabulary = self.library.llama_model_get_vocab(model)

    def tokenize(self, text, parse_special=True):
        """Ids of UTF-8 bytes; nothing is added at either end. llama.cpp does not normalise."""
        room = len(text) + 8
        ids = (ctypes.c_int32 * room)()
        count = self.library.llama_tokenize(self.vocabulary, text, len(text), ids, room, False, parse_special)
        if count < 0:
            sys.exit(f"llama_tokenize gave {count} for {len(text)} bytes")
        return ids[:count]
