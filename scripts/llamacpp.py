#!/usr/bin/env python3
"""Drive the llama.cpp that npm's @node-llama-cpp/linux-x64 carries, as a reference and a peer.

LLAMA_LIB=folder of its .so files (npm install @node-llama-cpp/linux-x64; bins/linux-x64)
THREADS=number of threads (default 2)
usage: llamacpp.py logits MODEL ids...            last-position logits as JSON {"logits": [...]}
       llamacpp.py alllogits MODEL OUT.npy ids... logits of every position
       llamacpp.py bench MODEL P N [REPS [DEPTH]] the JSON of `sluice bench -o json`, as far as it goes: prefill of P tokens and N decode
                                          steps, means of REPS (default 3) after one short warm-up; both begin at DEPTH tokens, or, if that
                                          is "prompt" (default), the decode steps after the prompt
       llamacpp.py greedy MODEL N ids...          N greedy tokens
       llamacpp.py tokenize MODEL < text           ids, parse_special = true
       llamacpp.py copysplit IN OUT_PREFIX        a split model, its first file given, written again part by part
       llamacpp.py quantize IN OUT FTYPE           FTYPE: llama_ftype number (7 q8_0, 2 q4_0, 15 q4_k_m, 18 q6_k, 12 q3_k_m, 10 q2_k, 17 q5_k_m, 25 iq4_nl, 30 iq4_xs,
                                          3 q4_1, 8 q5_0, 9 q5_1, 36 tq1_0, 37 tq2_0, 38 mxfp4 for experts, 1 f16, 32 bf16, 0 f32). K-quants need rows of 256: --shape k256
"""
import ctypes as C, json, os, struct, sys, time
import numpy as np
D = os.environ.get("LLAMA_LIB") or sys.exit("set LLAMA_LIB to the folder of libllama.*.so, bins/linux-x64 of the npm package @node-llama-cpp/linux-x64")
THREADS = int(os.environ.get("THREADS", "2"))

def lib():
    C.CDLL(f"{D}/libggml-base.so", C.RTLD_GLOBAL)
    g = [f for f in os.listdir(D) if f.startswith("libggml.") and f.endswith(".so")][0]
    gg = C.CDLL(f"{D}/{g}", C.RTLD_GLOBAL)
    l = [f for f in os.listdir(D) if f.startswith("libllama.") and f.endswith(".so")][0]
    L = C.CDLL(f"{D}/{l}", C.RTLD_GLOBAL)
    gg.ggml_backend_load_all_from_path.argtypes = [C.c_char_p]; gg.ggml_backend_load_all_from_path(D.encode())
    return L

class Big(C.Structure): _fields_ = [("b", C.c_ubyte * 512)]
class Batch(C.Structure):
    _fields_ = [("n_tokens", C.c_int32), ("token", C.POINTER(C.c_int32)), ("embd", C.c_void_p), ("pos", C.POINTER(C.c_int32)),
                ("n_seq_id", C.POINTER(C.c_int32)), ("seq_id", C.POINTER(C.POINTER(C.c_int32))), ("logits", C.POINTER(C.c_int8))]

@C.CFUNCTYPE(None, C.c_int, C.c_char_p, C.c_void_p)
def LOG(level, text, data):                          # the library keeps it: it must outlive every Llama
    if os.environ.get("V"): sys.stderr.write(text.decode(errors="replace"))
class Llama:
    def __init__(self, path, n_ctx=4096, n_batch=2048, n_ubatch=512, vocab_only=False):
        L = self.L = lib()
        L.llama_log_set(LOG, None)
        for f in ("llama_model_default_params", "llama_context_default_params"): getattr(L, f).restype = Big
        for f in ("llama_model_load_from_file", "llama_init_from_model", "llama_model_get_vocab", "llama_get_memory"): getattr(L, f).restype = C.c_void_p
        L.llama_model_load_from_file.argtypes = [C.c_char_p, Big]; L.llama_init_from_model.argtypes = [C.c_void_p, Big]
        L.llama_model_get_vocab.argtypes = [C.c_void_p]; L.llama_vocab_n_tokens.argtypes = [C.c_void_p]
        L.llama_get_logits_ith.restype = C.POINTER(C.c_float); L.llama_get_logits_ith.argtypes = [C.c_void_p, C.c_int32]
        L.llama_decode.argtypes = [C.c_void_p, Batch]
        L.llama_batch_init.restype = Batch; L.llama_batch_init.argtypes = [C.c_int32] * 3
        L.llama_get_memory.argtypes = [C.c_void_p]; L.llama_memory_clear.argtypes = [C.c_void_p, C.c_bool]
        L.llama_backend_init()
        mp = L.llama_model_default_params()
        self.model = L.llama_model_load_from_file(path.encode(), mp)
        if not self.model: raise SystemExit("llama.cpp could not load " + path)
        self.vocab = L.llama_model_get_vocab(self.model); self.nv = L.llama_vocab_n_tokens(self.vocab)
        if vocab_only: return
        cp = L.llama_context_default_params(); b = bytearray(cp.b)
        ints = struct.unpack("<8I", b[:32])
        if os.environ.get("V"): print("ctx defaults", ints, file=sys.stderr)
        struct.pack_into("<III", b, 0, n_ctx, n_batch, n_ubatch)
        # n_threads, n_threads_batch: the two i32 that default to 4 right before the enums
        off = next(o for o in range(12, 40, 4) if struct.unpack_from("<ii", b, o) == (4, 4) or struct.unpack_from("<ii", b, o) == (THREADS, THREADS))
        struct.pack_into("<ii", b, off, THREADS, THREADS)
        C.memmove(C.addressof(cp), bytes(b), 512)
        self.ctx = L.llama_init_from_model(self.model, cp)
        if not self.ctx: raise SystemExit("no context")
        self.batch = L.llama_batch_init(n_batch, 0, 1); self.n_batch = n_batch; self.pos = 0
    def clear(self): self.L.llama_memory_clear(self.L.llama_get_memory(self.ctx), True); self.pos = 0
    def eval(self, ids, all_logits=False):
        out = []
        for s in range(0, len(ids), self.n_batch):
            chunk = ids[s:s + self.n_batch]; b = self.batch; b.n_tokens = len(chunk)
            for i, t in enumerate(chunk):
                b.token[i] = t; b.pos[i] = self.pos + i; b.n_seq_id[i] = 1; b.seq_id[i][0] = 0
                b.logits[i] = 1 if all_logits or (s + i == len(ids) - 1) else 0
            r = self.L.llama_decode(self.ctx, b)
            if r: raise SystemExit(f"decode failed {r}")
            self.pos += len(chunk)
            if all_logits: out += [np.ctypeslib.as_array(self.L.llama_get_logits_ith(self.ctx, i), (self.nv,)).copy() for i in range(len(chunk))]
        return np.array(out) if all_logits else np.ctypeslib.as_array(self.L.llama_get_logits_ith(self.ctx, -1), (self.nv,)).copy()
    def tokenize(self, text, special=True):
        f = self.L.llama_tokenize; f.argtypes = [C.c_void_p, C.c_char_p, C.c_int32, C.POINTER(C.c_int32), C.c_int32, C.c_bool, C.c_bool]
        b = text if isinstance(text, bytes) else text.encode(); n = len(b) + 8; buf = (C.c_int32 * n)()
        r = f(self.vocab, b, len(b), buf, n, False, special)
        return list(buf[:r])

class TokenData(C.Structure): _fields_ = [("id", C.c_int32), ("logit", C.c_float), ("p", C.c_float)]
class TokenDataArray(C.Structure):
    _fields_ = [("data", C.POINTER(TokenData)), ("size", C.c_size_t), ("selected", C.c_int64), ("sorted", C.c_bool)]
class Samplers:
    """Single samplers of llama.cpp; they need no model."""
    def __init__(self):
        L = self.L = lib()
        L.llama_sampler_init_penalties.restype = C.c_void_p; L.llama_sampler_init_penalties.argtypes = [C.c_int32] * 2 + [C.c_float] * 3
        L.llama_sampler_accept.argtypes = [C.c_void_p, C.c_int32]; L.llama_sampler_free.argtypes = [C.c_void_p]
        L.llama_sampler_apply.argtypes = [C.c_void_p, C.POINTER(TokenDataArray)]
    def penalties(self, logits, tokens, last_n, repeat, frequency, presence):
        """The logits, f32, that the penalties sampler makes of these after it has accepted the tokens."""
        data = (TokenData * len(logits))(*[(i, float(x), 0) for i, x in enumerate(logits)])
        array = TokenDataArray(data, len(logits), -1, False)
        s = self.L.llama_sampler_init_penalties(len(logits), last_n, repeat, frequency, presence)
        for t in tokens: self.L.llama_sampler_accept(s, t)
        self.L.llama_sampler_apply(s, C.byref(array)); self.L.llama_sampler_free(s)
        return np.array([data[i].logit for i in range(len(logits))], np.float32)

def bench(model, p, n, reps="3", depth="prompt"):
    p, n, reps = int(p), int(n), int(reps); d = 0 if depth == "prompt" else int(depth)
    m = Llama(model, n_ctx=d + p + n + 16); r = np.random.default_rng(0); ids = [int(x) for x in r.integers(0, m.nv, d + p + n)]
    def timed(pieces, count):
        t = time.perf_counter()
        for piece in pieces: m.eval(piece)
        return count / (time.perf_counter() - t)
    def begin():                                     # llama.cpp's recurrent states cannot go back: read the depth again, unmeasured
        m.clear()
        if d: m.eval(ids[:d])
    m.eval(ids[:8]); m.eval(ids[:1]); prefill, decode = [], []
    for _ in range(reps):
        if p: begin(); prefill.append(timed([ids[d:d + p]], p))
        if n:
            if depth != "prompt" or not p: begin()
            decode.append(timed([[i] for i in ids[d + p:]], n))
    mean = lambda a: round(float(np.mean(a)), 4) if a else None
    return {"prefill_tps": mean(prefill), "decode_tps": mean(decode), "prefill_samples": prefill, "decode_samples": decode, "prefill_tokens": p,
            "prefill_depth": d, "decode_tokens": n, "decode_depth": p if depth == "prompt" else d, "repetitions": reps, "threads": THREADS, "file": model}

def main():
    cmd = sys.argv[1]
    if cmd in ("quantize", "copysplit"):
        L = lib(); L.llama_backend_init(); L.llama_model_quantize_default_params.restype = Big
        p = L.llama_model_quantize_default_params(); struct.pack_into("<i", p.b, 0, THREADS)
        # i32 nthread, ftype, output_tensor_type, token_embedding_type; bool allow_requantize, quantize_output_tensor, only_copy, pure, keep_split
        if cmd == "quantize": struct.pack_into("<i", p.b, 4, int(sys.argv[4]))
        else: p.b[18] = p.b[20] = 1
        class P(C.Structure): _fields_ = [("b", C.c_ubyte * 512)]
        L.llama_model_quantize.argtypes = [C.c_char_p, C.c_char_p, C.c_void_p]
        print(L.llama_model_quantize(sys.argv[2].encode(), sys.argv[3].encode(), C.addressof(p))); return
    if cmd == "tokenize":
        m = Llama(sys.argv[2], vocab_only=True); print(json.dumps(m.tokenize(sys.stdin.buffer.read()))); return
    if cmd == "bench": print(json.dumps(bench(*sys.argv[2:]))); return
    m = Llama(sys.argv[2])
    if cmd == "logits": print(json.dumps({"logits": m.eval([int(x) for x in sys.argv[3:]]).tolist()}))
    elif cmd == "alllogits": np.save(sys.argv[3], m.eval([int(x) for x in sys.argv[4:]], True))
    elif cmd == "greedy":
        ids = [int(x) for x in sys.argv[4:]]; out = []; l = m.eval(ids)
        for _ in range(int(sys.argv[3])): t = int(l.argmax()); out.append(t); l = m.eval([t])
        print(json.dumps(out))
if __name__ == "__main__": main()
