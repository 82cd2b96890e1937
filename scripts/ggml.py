"""ggml's reference decoders, called in the shared library that LLAMA_LIB (a directory) holds."""

import ctypes
import os
import sys

import numpy as np

# Name: (identifier, decoder, byte offsets of the f16 fields of a block)
TYPES = {
    "F32": (0, None, ()),
    "F16": (1, "ggml_fp16_to_fp32_row", ()),
    "BF16": (30, "ggml_bf16_to_fp32_row", ()),
    "Q4_0": (2, "dequantize_row_q4_0", (0,)),
    "Q4_1": (3, "dequantize_row_q4_1", (0, 2)),
    "Q5_0": (6, "dequantize_row_q5_0", (0,)),
    "Q5_1": (7, "dequantize_row_q5_1", (0, 2)),
    "Q8_0": (8, "dequantize_row_q8_0", (0,)),
    "Q2_K": (10, "dequantize_row_q2_K", (80, 82)),
    "Q3_K": (11, "dequantize_row_q3_K", (108,)),
    "Q4_K": (12, "dequantize_row_q4_K", (0, 2)),
    "Q5_K": (13, "dequantize_row_q5_K", (0, 2)),
    "Q6_K": (14, "dequantize_row_q6_K", (208,)),
    "IQ4_NL": (20, "dequantize_row_iq4_nl", (0,)),
    "IQ4_XS": (23, "dequantize_row_iq4_xs", (0,)),
    "TQ1_0": (34, "dequantize_row_tq1_0", (52,)),
    "TQ2_0": (35, "dequantize_row_tq2_0", (64,)),
    "MXFP4": (39, "dequantize_row_mxfp4", ()),
    "NVFP4": (40, "dequantize_row_nvfp4", ()),
}


class Ggml:
    def __init__(self):
        if "LLAMA_LIB" not in os.environ:
            sys.exit("set LLAMA_LIB to the directory that holds libggml-base.so")
        self.library = ctypes.CDLL(os.path.join(os.environ["LLAMA_LIB"], "libggml-base.so"))
        self.library.ggml_type_name.restype = ctypes.c_char_p
        self.library.ggml_type_size.restype = ctypes.c_size_t
        self.library.ggml_blck_size.restype = ctypes.c_int64

    def block(self, name):
        """Elements and bytes of one block, as ggml counts them."""
        identifier = TYPES[name][0]
        found = self.library.ggml_type_name(identifier).decode()
        if found.upper() != name:
            sys.exit(f"type {identifier} is {found} in this library, expected {name}")
        return self.library.ggml_blck_size(identifier), self.library.ggml_type_size(identifier)

    def decode(self, name, blocks):
        """Blocks (uint8, n x bytes) to float32 (n x elements)."""
        length, size = self.block(name)
        assert blocks.dtype == np.uint8 and blocks.shape[1] == size
        blocks = np.ascontiguousarray(blocks)
        if name == "F32":
            return blocks.view("<f4").copy()
        values = np.empty((len(blocks), length), np.float32)
        decoder = getattr(self.library, TYPES[name][1])
        decoder.restype = None
        decoder(
            blocks.ctypes.data_as(ctypes.c_void_p),
            values.ctypes.data_as(ctypes.c_void_p),
            ctypes.c_int64(values.size),
        )
        return values
