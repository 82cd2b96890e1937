package dev.sluice.app.chat;

import dev.sluice.GenerateEvent;
import dev.sluice.chat.Lane;
import java.util.function.ToIntFunction;

/** Prints one reply as it comes: reasoning as a remark, whole or folded to one line, then the answer. */
public final class Reply {
    private final Output output;
    private final ToIntFunction<String> tokens;
    private final boolean folded;
    private final StringBuilder reasoning = new StringBuilder();
    private Lane lane = Lane.CONTENT;
    private boolean lineOpen;

    private Reply(Output output, boolean folded, ToIntFunction<String> tokens) {
        this.output = output;
        this.folded = folded;
        this.tokens = tokens;
    }

    /** With its reasoning as it is. */
    public static Reply whole(Output output) {
        return new Reply(output, false, text -> 0);
    }

    /** With its reasoning as "[thought for N tokens]". */
    static Reply folded(Output output, ToIntFunction<String> tokens) {
        return new Reply(output, true, tokens);
    }

    public void print(GenerateEvent.Text event) {
        if (event.lane() != lane) {
            change(event.lane());
        }
        if (lane == Lane.CONTENT) {
            output.answer(event.text());
            lineOpen = !event.text().endsWith("\n");
        } else if (folded) {
            reasoning.append(event.text());
        } else {
            output.remark(event.text());
        }
    }

    private void change(Lane to) {
        lane = to;
        if (folded) {
            output.remark(
                    to == Lane.REASONING
                            ? "[thought"
                            : " for " + tokens.applyAsInt(reasoning.toString()) + " tokens]\n");
        } else {
            output.remark(to == Lane.REASONING ? "<think>\n" : "\n</think>\n\n");
        }
    }

    /** Ends the last line, and the reasoning where no answer came. */
    public void end() {
        if (lane == Lane.REASONING) {
            change(Lane.CONTENT);
        }
        if (lineOpen) {
            output.answer("\n");
        }
    }
}
