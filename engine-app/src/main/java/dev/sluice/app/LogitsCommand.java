package dev.sluice.app;

import dev.sluice.Model;
import dev.sluice.Session;
import dev.sluice.SessionOptions;
import dev.sluice.gguf.TensorType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "logits",
        description = "Writes the logits after a sequence of tokens as a float32 NumPy array.",
        mixinStandardHelpOptions = true,
        footer = {
            "Examples:",
            "  sluice logits -m model.gguf --tokens 1,2,3 -o last.npy",
            "  sluice logits -m model.gguf --tokens 1,2,3 --all -o all.npy"
        })
@Section.Of(Section.INPUT)
final class LogitsCommand extends TerminalCommand {
    @Mixin
    private ModelOptions model;

    @Option(
            names = "--tokens",
            required = true,
            paramLabel = "IDS",
            converter = TokenIds.Converter.class,
            description = "Token ids to read: 1,2,3 or @FILE.")
    private TokenIds tokens;

    @Section.Of(Section.OUTPUT)
    @Option(names = "--all", description = "Logits of every position, [n, vocab], instead of the last, [vocab].")
    private boolean all;

    @Option(names = "--chunk", paramLabel = "N", description = "Read the tokens in pieces of N.")
    private Integer chunk;

    @Section.Of(Section.SESSION)
    @Option(
            names = "--kv",
            paramLabel = "f32|f16",
            defaultValue = "f32",
            converter = KvTypeConverter.class,
            description = "Element type of keys and values. Default: f32.")
    private TensorType kv;

    @Section.Of(Section.OUTPUT)
    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "OUT.npy",
            description = "File to write.")
    private Path output;

    LogitsCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws IOException {
        int[] ids = tokens.toArray();
        int piece = chunk == null ? ids.length : chunk;
        if (piece < 1) {
            throw new IllegalArgumentException("--chunk " + piece + ": expected at least 1");
        }
        try (Model loaded = model.load();
                Session session =
                        loaded.newSession(SessionOptions.ofContext(ids.length).withKvType(kv))) {
            tokens.check(loaded.vocabularySize()); // before the output replaces a file
            int[] shape = all ? new int[] {ids.length, loaded.vocabularySize()} : new int[] {loaded.vocabularySize()};
            try (NpyWriter npy = new NpyWriter(output, shape)) {
                for (int from = 0; from < ids.length; from += piece) {
                    int[] part = Arrays.copyOfRange(ids, from, Math.min(ids.length, from + piece));
                    if (all) {
                        session.forward(part, (position, logits) -> npy.write(logits));
                    } else {
                        float[] last = session.forward(part);
                        if (session.position() == ids.length) {
                            npy.write(last);
                        }
                    }
                }
            }
        }
        return 0;
    }
}
