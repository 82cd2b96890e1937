package dev.sluice.app.chat;

import dev.sluice.Cancellation;
import dev.sluice.FinishReason;
import dev.sluice.GenerateResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.ToIntFunction;

/** Reads messages and commands and answers them, one after the other, until the end of the input. */
public final class Chat {
    private final Conversation conversation;
    private final ToIntFunction<String> tokens;
    private final Input input;
    private final Output output;
    private boolean folded;
    /** Stops the reply being written; null where there is none. */
    private volatile Cancellation reply;

    /** @param tokens counts the tokens of a text */
    public Chat(Conversation conversation, ToIntFunction<String> tokens, Input input, Output output) {
        this.conversation = conversation;
        this.tokens = tokens;
        this.input = input;
        this.output = output;
    }

    /** What a line that went wrong means for the rest. */
    @FunctionalInterface
    public interface Failures {
        /**
         * Tells the user, or ends the chat by throwing.
         *
         * @param place where the line came from, as in {@link Input#place}
         */
        void accept(String place, Exception failure) throws Exception;
    }

    /** Returns at the end of the input or at /exit. */
    public void run(Failures failures) throws Exception {
        String line;
        while ((line = input.read()) != null) {
            if (line.isBlank()) {
                continue;
            }
            try {
                Optional<Command.Call> call = Command.parse(line);
                if (call.isEmpty()) {
                    say(line.startsWith("//") ? line.substring(1) : line);
                } else if (!run(call.get())) {
                    return;
                }
            } catch (RuntimeException | IOException e) {
                failures.accept(input.place(), e);
            }
        }
    }

    /** Stops the reply, from any thread; false if there is none. */
    public boolean interrupt() {
        Cancellation current = reply;
        if (current != null) {
            current.cancel();
        }
        return current != null;
    }

    private void say(String text) {
        Reply printed = folded ? Reply.folded(output, tokens) : Reply.whole(output);
        Cancellation cancellation = new Cancellation();
        reply = cancellation;
        GenerateResult result;
        try {
            result = conversation.say(text, cancellation, printed::print);
        } finally {
            reply = null;
            printed.end();
        }
        if (!Conversation.isAnswered(result)) {
            output.remark("[stopped before an answer: this message is forgotten]\n");
        } else if (result.finish() == FinishReason.CANCELLED) {
            output.remark("[stopped]\n");
        } else if (result.finish() == FinishReason.LENGTH) {
            boolean full = conversation.session().position()
                    == conversation.session().options().contextLength();
            output.remark(
                    full
                            ? "[the context is full: /reset, or start with a larger -c]\n"
                            : "[stopped after the " + result.tokens().size() + " tokens of -n]\n");
        }
    }

    /** False if it was the last. */
    private boolean run(Command.Call call) throws IOException {
        String argument = call.argument();
        switch (call.command()) {
            case RESET -> {
                conversation.reset();
                output.remark("[forgotten]\n");
            }
            case SYSTEM -> {
                conversation.setSystem(argument);
                output.remark(argument.isEmpty() ? "[no system message]\n" : "[system message set]\n");
            }
            case THINK -> {
                conversation.setThinking(argument.equals("on"));
                output.remark("[thinking " + argument + "]\n");
            }
            case FOLD -> {
                folded = !folded;
                output.remark(folded ? "[reasoning as one line]\n" : "[reasoning whole]\n");
            }
            case STATS -> output.answer(Statistics.of(conversation));
            case SAVE -> {
                Path file = Home.resolve(argument);
                ConversationFile.write(file, conversation.messages());
                output.remark("[saved " + conversation.messages().size() + " messages to " + file + "]\n");
            }
            case LOAD -> {
                conversation.replace(ConversationFile.read(Home.resolve(argument)));
                output.remark("[loaded " + conversation.messages().size() + " messages]\n");
            }
            case HELP -> output.answer(Command.list());
            case EXIT -> {
                return false;
            }
        }
        return true;
    }
}
