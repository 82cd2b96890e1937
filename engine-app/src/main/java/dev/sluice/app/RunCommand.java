package dev.sluice.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.Cancellation;
import dev.sluice.GenerateEvent;
import dev.sluice.GenerateOptions;
import dev.sluice.GenerateResult;
import dev.sluice.Model;
import dev.sluice.Prompt;
import dev.sluice.Session;
import dev.sluice.app.chat.Reply;
import dev.sluice.chat.Message;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "run",
        description = {
            "Answers one prompt.",
            "The prompt is put through the chat template of the file, or with --raw continued as it is. The reply is"
                    + " printed as it comes; reasoning is dimmed on a terminal and goes to standard error elsewhere. Ctrl-C ends the reply."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "Examples:",
            "  sluice run \"What is the capital of France?\"",
            "  sluice run -m model.gguf --think --seed 1 -f question.txt",
            "  sluice run -m model.gguf --raw -n 32 --temp 0 \"Once upon a time\""
        })
@Section.Of(Section.INPUT)
final class RunCommand extends TerminalCommand {
    /** Room for what the chat template adds. */
    private static final int TEMPLATE_TOKENS = 512;
    /** Room for a reply whose length nobody limited, behind a prompt that fills the default context. */
    private static final int REPLY_TOKENS = 1024;

    @Mixin
    private ModelOptions model;

    @Mixin
    private SamplingFlags sampling;

    @Parameters(paramLabel = "TEXT", arity = "0..*", description = "The prompt; several words are joined by spaces.")
    private List<String> words;

    @Option(
            names = {"-p", "--prompt"},
            paramLabel = "TEXT",
            description = "The prompt, as an option.")
    private String prompt;

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE|-",
            description = "Read the prompt from a file, or from standard input.")
    private String file;

    @Option(
            names = "--tokens",
            paramLabel = "IDS",
            converter = TokenIds.Converter.class,
            description = "The prompt as token ids: 1,2,3 or @FILE.")
    private TokenIds tokens;

    @Option(names = "--raw", description = "Continue the text as it is, without the chat template.")
    private boolean raw;

    @Mixin
    private TemplateFlags template;

    @Mixin
    private SessionFlags size;

    @Section.Of(Section.OUTPUT)
    @Option(
            names = "--json",
            description =
                    "Print one JSON object at the end: tokens, text, reasoning if there is some, finish, sampling.")
    private boolean json;

    @Section.Of(Section.OUTPUT)
    @Option(
            names = "--stats",
            description = "Print tokens per second and the sampling settings in force on standard error.")
    private boolean stats;

    RunCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws IOException {
        if (sampling.listsPresets()) {
            Presets.print(terminal().out());
            return 0;
        }
        Cancellation cancellation = new Cancellation();
        GenerateOptions options = sampling.toOptions(cancellation);
        Prompt request = request();
        try (Model loaded = model.load();
                Session session = loaded.newSession(size.toOptions(loaded, needed(request)));
                Interrupt interrupt = Interrupt.cancels(cancellation)) {
            if (request instanceof Prompt.Chat chat) {
                template.refuseUnread(loaded, chat.options());
            }
            interrupt.arm();
            Reply reply = Reply.whole(terminal().output());
            GenerateResult result = session.generate(request, options, event -> {
                if (!json && event instanceof GenerateEvent.Text text) {
                    reply.print(text);
                }
            });
            if (json) {
                terminal().out().println(new ObjectMapper().writeValueAsString(asJson(result)));
            } else {
                reply.end();
            }
            if (stats) {
                printStats(result);
            }
        }
        return 0;
    }

    private Prompt request() throws IOException {
        int sources =
                (words == null ? 0 : 1) + (prompt == null ? 0 : 1) + (file == null ? 0 : 1) + (tokens == null ? 0 : 1);
        if (sources != 1) {
            throw new IllegalArgumentException(
                    (sources == 0 ? "no prompt" : "more than one prompt") + "; give one of TEXT, -p, -f and --tokens");
        }
        if (tokens != null || raw) {
            template.refuseWithout("--raw and --tokens go without it");
            return tokens != null ? Prompt.tokens(tokens.ids()) : Prompt.text(text());
        }
        List<Message> messages = template.opening();
        messages.add(Message.user(text()));
        return new Prompt.Chat(messages, template.toOptions());
    }

    private String text() throws IOException {
        if (words != null) {
            return String.join(" ", words);
        }
        if (prompt != null) {
            return prompt;
        }
        return file.equals("-") ? terminal().readAll() : Terminal.readFile(file);
    }

    /** Room that surely suffices: a token is at least a byte of text. Memory is only taken for rows that are used. */
    private int needed(Prompt request) {
        long prompted =
                switch (request) {
                    case Prompt.Tokens given -> given.ids().size();
                    case Prompt.Text given -> utf8Length(given.text());
                    case Prompt.Chat chat ->
                        TEMPLATE_TOKENS
                                + chat.messages().stream()
                                        .mapToLong(message -> utf8Length(message.content()))
                                        .sum();
                };
        return (int) Math.min(Integer.MAX_VALUE, prompted + Math.max(REPLY_TOKENS, sampling.predicted()));
    }

    private static long utf8Length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static Map<String, Object> asJson(GenerateResult result) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("tokens", result.tokens());
        json.put("text", result.text());
        if (!result.reasoning().isEmpty()) {
            json.put("reasoning", result.reasoning());
        }
        json.put("finish", result.finish().name().toLowerCase(Locale.ROOT));
        json.put("sampling", SettingsReport.of(result.sampling()));
        return json;
    }

    private void printStats(GenerateResult result) {
        double prompted = result.timings().prompt().toNanos() / 1e9;
        double generated = result.timings().generation().toNanos() / 1e9;
        terminal()
                .err()
                .printf(
                        Locale.ROOT,
                        "%d prompt tokens, %.1f/s; %d generated, %.1f/s%n%s%n",
                        result.usage().promptTokens(),
                        result.usage().promptTokens() / prompted,
                        result.usage().generatedTokens(),
                        result.usage().generatedTokens() / generated,
                        SettingsReport.line(result.sampling()));
    }
}
