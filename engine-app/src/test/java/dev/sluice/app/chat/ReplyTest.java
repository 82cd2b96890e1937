package dev.sluice.app.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.GenerateEvent;
import dev.sluice.chat.Lane;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/** What of a reply reaches the screen, a pipe, and standard error. */
class ReplyTest {
    private static final String HOSTILE = "a\u001b[2J\u001b]0;title\u0007\r\u0008\u007f\u009b31m\tb\nc";

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private Output pipes() {
        return new Output(new PrintWriter(out), new PrintWriter(err), false, false);
    }

    private Output screen(boolean colours) {
        PrintWriter both = new PrintWriter(out);
        return new Output(both, both, true, colours);
    }

    private static void thinkAndAnswer(Reply reply, String answer) {
        reply.print(new GenerateEvent.Text("one ", Lane.REASONING));
        reply.print(new GenerateEvent.Text("two", Lane.REASONING));
        reply.print(new GenerateEvent.Text(answer, Lane.CONTENT));
        reply.end();
    }

    @Test
    void reasoningGoesBesideTheAnswer() {
        thinkAndAnswer(Reply.whole(pipes()), "yes");
        assertThat(out).hasToString("yes\n");
        assertThat(err).hasToString("<think>\none two\n</think>\n\n");
    }

    @Test
    void reasoningIsDimmed() {
        thinkAndAnswer(Reply.whole(screen(true)), "yes\n");
        assertThat(out.toString())
                .startsWith("\u001b[2m<think>\n\u001b[0m")
                .contains("\u001b[2mtwo\u001b[0m")
                .endsWith("\u001b[0myes\n");
        assertThat(out.toString().replaceAll("\u001b\\[[02]m", "")).isEqualTo("<think>\none two\n</think>\n\nyes\n");
    }

    @Test
    void reasoningIsFolded() {
        thinkAndAnswer(Reply.folded(screen(false), String::length), "yes");
        assertThat(out).hasToString("[thought for 7 tokens]\nyes\n");
    }

    @Test
    void reasoningWithoutAnAnswerIsClosed() {
        for (Reply reply : new Reply[] {Reply.folded(screen(false), String::length), Reply.whole(screen(false))}) {
            reply.print(new GenerateEvent.Text("why", Lane.REASONING));
            reply.end();
        }
        assertThat(out).hasToString("[thought for 3 tokens]\n<think>\nwhy\n</think>\n\n");
    }

    /** The model cannot steer the terminal; a pipe gets what the model said. */
    @Test
    void controlCharactersAreMadeVisibleOnAScreen() {
        thinkAndAnswer(Reply.whole(pipes()), HOSTILE);
        assertThat(out).hasToString(HOSTILE + "\n");
        out.getBuffer().setLength(0);
        Reply reply = Reply.whole(screen(false));
        reply.print(new GenerateEvent.Text("\u001bc", Lane.REASONING));
        reply.print(new GenerateEvent.Text(HOSTILE, Lane.CONTENT));
        reply.end();
        assertThat(out).hasToString("<think>\n␛c\n</think>\n\na␛[2J␛]0;title␇␍␈␡\ufffd31m\tb\nc\n");
    }
}
