package dev.sluice;

import dev.sluice.gguf.Gguf;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes a model again with every tensor decoded to F32, so that a reference that knows only F32 computes with exactly the
 * weights that a quantized file stands for. Usage: {@code DecodeToF32 IN.gguf OUT.gguf}
 */
public final class DecodeToF32 {
    private DecodeToF32() {}

    public static void main(String[] args) throws IOException {
        try (Gguf in = Gguf.open(Path.of(args[0]))) {
            GgufRewrite rewrite = new GgufRewrite(in);
            List.copyOf(rewrite.tensors.keySet()).forEach(rewrite::decode);
            rewrite.writer().write(Path.of(args[1]));
        }
    }
}
