package dev.sluice.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.Model;
import dev.sluice.gguf.UnsupportedModelException;
import dev.sluice.tokenizer.EncodeOptions;
import dev.sluice.tokenizer.Tokenizer;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "tokenize",
        description = "Prints the token ids of standard input, special tokens parsed.",
        mixinStandardHelpOptions = true,
        footer = {"Examples:", "  sluice tokenize < text.txt", "  sluice tokenize -m model.gguf --json < text.txt"})
@Section.Of(Section.INPUT)
final class TokenizeCommand extends TerminalCommand {
    @Mixin
    private ModelOptions model;

    @Option(names = "--no-nfc", description = "Take the text as it is, without Unicode normalisation.")
    private boolean noNfc;

    @Section.Of(Section.OUTPUT)
    @Option(names = "--json", description = "Print [id,id,...] instead of a line for each token.")
    private boolean json;

    TokenizeCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws IOException {
        try (Model loaded = model.load()) {
            Tokenizer tokenizer = loaded.tokenizer()
                    .orElseThrow(() -> new UnsupportedModelException(model.name() + ": the file has no tokenizer"));
            String text = terminal().readAll();
            int[] ids = tokenizer.encode(text, EncodeOptions.withSpecial().withNfc(!noNfc));
            if (json) {
                terminal().out().println(new ObjectMapper().writeValueAsString(ids));
            } else {
                for (int id : ids) {
                    terminal().out().println(id + "\t" + tokenizer.text(id));
                }
            }
        }
        return 0;
    }
}
