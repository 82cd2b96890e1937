package dev.sluice.app;

import dev.sluice.Cancellation;
import dev.sluice.GenerateOptions;
import dev.sluice.Model;
import dev.sluice.Prompt;
import dev.sluice.Session;
import dev.sluice.app.chat.Chat;
import dev.sluice.app.chat.Conversation;
import dev.sluice.app.chat.Editor;
import dev.sluice.app.chat.Home;
import dev.sluice.app.chat.Input;
import dev.sluice.app.chat.Output;
import dev.sluice.app.chat.PlainInput;
import dev.sluice.chat.RenderOptions;
import dev.sluice.gguf.UnsupportedModelException;
import dev.sluice.tokenizer.EncodeOptions;
import dev.sluice.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jline.utils.Signals;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "chat",
        description = {
            "Talks with a model.",
            "In a terminal: /help lists the commands, Ctrl-C stops a reply, Ctrl-D leaves; a line that ends in a backslash"
                    + " goes on in the next, and so does Alt-Enter. From a pipe: each line is a message or a command."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "Examples:",
            "  sluice chat -m model.gguf --preset qwen3.5-thinking -c 32768",
            "  printf 'Hello\\n/save talk.json\\n' | sluice chat --no-think"
        })
final class ChatCommand extends TerminalCommand {
    @Mixin
    private ModelOptions model;

    @Mixin
    private SamplingFlags sampling;

    @Mixin
    private TemplateFlags template;

    @Mixin
    private SessionFlags size;

    @Section.Of(Section.INPUT)
    @Option(
            names = "--no-history",
            description =
                    "Do not keep the lines typed. Default: they are kept in sluice/chat-history, in $XDG_STATE_HOME"
                            + " or ~/.local/state.")
    private boolean noHistory;

    private Tokenizer tokenizer;

    ChatCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws Exception {
        Cancellation cancelled = new Cancellation();
        cancelled.cancel();
        GenerateOptions settings = sampling.toOptions(cancelled);
        RenderOptions rendering = template.toOptions();
        try (Model loaded = model.load();
                Session session = loaded.newSession(size.toOptions(loaded, 0))) {
            tokenizer = loaded.tokenizer()
                    .orElseThrow(() -> new UnsupportedModelException(model.name() + ": the file has no tokenizer"));
            loaded.chatTemplate(rendering); // refuses a file without one before the first message
            template.refuseUnread(loaded, rendering);
            session.generate(Prompt.tokens(List.of(0)), settings); // reads nothing; refuses bad settings now
            Conversation conversation = new Conversation(session, sampling::toOptions, rendering, template.opening());
            if (!terminal().interactive()) {
                piped(conversation);
            } else if (Terminal.isDumb()) {
                simple(conversation);
            } else {
                edited(conversation);
            }
        }
        return 0;
    }

    /** The first failure is the last: nobody is there to mend it. */
    private void piped(Conversation conversation) throws Exception {
        Input input = new PlainInput(terminal().in(), () -> {});
        chat(conversation, input, terminal().output()).run((place, failure) -> {
            throw new IllegalArgumentException(place + Program.message(failure), failure);
        });
    }

    private void edited(Conversation conversation) throws Exception {
        Optional<Path> history = noHistory ? Optional.empty() : Optional.of(Home.history(System.getenv()));
        try (Editor editor = Editor.system(terminal().colours(), history)) {
            Chat chat = chat(conversation, editor, editor.output());
            editor.onInterrupt(chat::interrupt);
            talk(chat, editor.output());
        }
    }

    /** On a terminal without a cursor to move, which edits lines itself. */
    private void simple(Conversation conversation) throws Exception {
        Output output = terminal().output();
        Chat chat = chat(conversation, new PlainInput(terminal().in(), () -> output.answer("> ")), output);
        Signals.register("INT", () -> {
            if (!chat.interrupt()) {
                output.answer("[Ctrl-D leaves]\n");
            }
        });
        talk(chat, output);
    }

    private void talk(Chat chat, Output output) throws Exception {
        output.remark(model.name() + "; /help lists the commands\n");
        chat.run((place, failure) -> output.answer(Program.line(Program.message(failure)) + "\n"));
    }

    private Chat chat(Conversation conversation, Input input, Output output) {
        return new Chat(
                conversation, text -> tokenizer.encode(text, EncodeOptions.withSpecial()).length, input, output);
    }
}
