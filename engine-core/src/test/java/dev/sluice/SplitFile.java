package dev.sluice;

import dev.sluice.gguf.Gguf;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** Writes a model again as a split one. Usage: {@code SplitFile IN.gguf DIRECTORY PREFIX TENSORS-OF-A-PART...} */
public final class SplitFile {
    private SplitFile() {}

    public static void main(String[] args) throws IOException {
        int[] parts = Arrays.stream(args).skip(3).mapToInt(Integer::parseInt).toArray();
        try (Gguf in = Gguf.open(Path.of(args[0]))) {
            new GgufRewrite(in).writer().writeSplit(Path.of(args[1]), args[2], parts);
        }
    }
}
