package dev.sluice.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.Cancellation;
import dev.sluice.GenerateEvent;
import dev.sluice.GenerateOptions;
import dev.sluice.GenerateResult;
import dev.sluice.Model;
import dev.sluice.Prompt;
import dev.sluice.Session;
import dev.sluice.SessionOptions;
import dev.sluice.chat.Lane;
import dev.sluice.chat.Message;
import dev.sluice.chat.RenderOptions;
import dev.sluice.gguf.TensorType;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "run",
        description = "Answers one prompt.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  sluice run \"What is the capital of France?\"",
            "  sluice run -m model.gguf --think --seed 1 -f question.txt",
            "  sluice run -m model.gguf --raw -n 32 --temp 0 \"Once upon a time\""
        })
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

    @Option(
            names = {"--system", "-sys"},
            paramLabel = "TEXT",
            description = "System message.")
    private String system;

    @Option(
            names = "--think",
            negatable = true,
            description = "Let the model think first, or not. Default: as the template says.")
    private Boolean think;

    @Option(
            names = {"-c", "--ctx-size"},
            paramLabel = "N",
            description = "Context in tokens; 0 for the model's own. Default: 4096, or more if the prompt needs it.")
    private Integer context;

    @Option(
            names = {"--kv"},
            paramLabel = "f16|f32",
            defaultValue = "f16",
            converter = KvTypeConverter.class,
            description = "Element type of keys and values. Default: f16.")
    private TensorType kv;

    @Option(names = "--json", description = "Print {\"tokens\":[...],\"text\":...,\"finish\":...} at the end.")
    private boolean json;

    @Option(names = "--stats", description = "Print tokens per second on standard error.")
    private boolean stats;

    RunCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws IOException {
        Cancellation cancellation = new Cancellation();
        GenerateOptions options = sampling.toOptions(cancellation);
        Prompt request = request();
        try (Model loaded = model.load();
                Session session = loaded.newSession(sessionOptions(loaded, request));
                Interrupt interrupt = Interrupt.cancels(cancellation)) {
            interrupt.arm();
            Reply reply = new Reply(terminal());
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
            if (system != null || think != null) {
                throw new IllegalArgumentException((system != null ? "--system" : "--think")
                        + " needs the chat template, and --raw and --tokens go without it");
            }
            return tokens != null ? Prompt.tokens(tokens.ids()) : Prompt.text(text());
        }
        List<Message> messages = new ArrayList<>();
        if (system != null) {
            messages.add(Message.system(system));
        }
        messages.add(Message.user(text()));
        RenderOptions options = RenderOptions.defaults();
        return new Prompt.Chat(messages, think == null ? options : options.withThinking(think));
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

    private SessionOptions sessionOptions(Model loaded, Prompt request) {
        int length = context == null
                ? Math.min(loaded.contextLength(), Math.max(SessionOptions.DEFAULT_CONTEXT_LENGTH, needed(request)))
                : context == 0 ? loaded.contextLength() : context;
        return SessionOptions.ofContext(length).withKvType(kv);
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
        return json;
    }

    private void printStats(GenerateResult result) {
        double prompted = result.timings().prompt().toNanos() / 1e9;
        double generated = result.timings().generation().toNanos() / 1e9;
        terminal()
                .err()
                .printf(
                        Locale.ROOT,
                        "%d prompt tokens, %.1f/s; %d generated, %.1f/s; seed %d%n",
                        result.usage().promptTokens(),
                        result.usage().promptTokens() / prompted,
                        result.usage().generatedTokens(),
                        result.usage().generatedTokens() / generated,
                        result.sampling().seed());
    }

    /** Prints a reply as it comes. Reasoning is dimmed on a terminal; elsewhere it goes to standard error, beside the answer. */
    private static final class Reply {
        private final Terminal terminal;
        private Lane lane = Lane.CONTENT;
        private boolean lineOpen;

        Reply(Terminal terminal) {
            this.terminal = terminal;
        }

        void print(GenerateEvent.Text event) {
            if (event.lane() != lane) {
                think(event.lane() == Lane.REASONING ? "<think>\n" : "\n</think>\n\n");
                lane = event.lane();
            }
            if (lane == Lane.REASONING) {
                think(event.text());
            } else {
                terminal.out().print(event.text());
                terminal.out().flush();
                lineOpen = !event.text().endsWith("\n");
            }
        }

        private void think(String text) {
            PrintWriter to = terminal.colours() ? terminal.out() : terminal.err();
            to.print(terminal.dim(text));
            to.flush();
        }

        void end() {
            if (lineOpen) {
                terminal.out().println();
            }
        }
    }

    /** Ctrl-C cancels the generation; the JVM then waits until the result is out. */
    private record Interrupt(Cancellation cancellation, CountDownLatch printed) implements AutoCloseable {
        static Interrupt cancels(Cancellation cancellation) {
            return new Interrupt(cancellation, new CountDownLatch(1));
        }

        void arm() {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                cancellation.cancel();
                try {
                    printed.await(10, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
        }

        @Override
        public void close() {
            printed.countDown();
        }
    }
}
