package dev.sluice.app;

import dev.sluice.chat.Message;
import dev.sluice.chat.RenderOptions;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** What a conversation gives the chat template besides the messages: the options of every command that renders one. */
final class TemplateFlags {
    @Option(
            names = {"--system", "-sys"},
            paramLabel = "TEXT",
            description = "System message.")
    String system;

    @Option(
            names = "--think",
            negatable = true,
            description = "Let the model think first, or not. Default: as the template says.")
    Boolean think;

    /** Refuses the options of this group where no template is rendered. */
    void refuseWithout(String reason) {
        if (system != null || think != null) {
            throw new IllegalArgumentException(
                    (system != null ? "--system" : "--think") + " needs the chat template, and " + reason);
        }
    }

    /** The messages before the first of the user. */
    List<Message> opening() {
        List<Message> messages = new ArrayList<>();
        if (system != null) {
            messages.add(Message.system(system));
        }
        return messages;
    }

    RenderOptions toOptions() {
        RenderOptions options = RenderOptions.defaults();
        return think == null ? options : options.withThinking(think);
    }
}
