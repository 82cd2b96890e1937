package dev.sluice.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chat.ReplyLanes.Piece;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplyLanesTest {
    private static final String OPEN = "<|im_start|>assistant\n<think>\n";
    private static final String CLOSED = "<|im_start|>assistant\n<think>\n\n</think>\n\n";

    /** Reasoning, a bar, and content, of a reply that arrives in pieces of this many characters. */
    private static String split(String prompt, String reply, int size) {
        ReplyLanes lanes = ReplyLanes.after(prompt);
        List<Piece> pieces = new ArrayList<>();
        for (int i = 0; i < reply.length(); i += size) {
            pieces.addAll(lanes.accept(reply.substring(i, Math.min(i + size, reply.length()))));
        }
        pieces.addAll(lanes.finish());
        assertThat(lanes.finish()).isEmpty();
        StringBuilder reasoning = new StringBuilder();
        StringBuilder content = new StringBuilder();
        for (Piece piece : pieces) {
            assertThat(piece.text()).isNotEmpty();
            assertThat(piece.lane() == Lane.CONTENT || content.isEmpty()).isTrue();
            (piece.lane() == Lane.CONTENT ? content : reasoning).append(piece.text());
        }
        return reasoning + "|" + content;
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "open, a b_</think>__c d_, a b|c d_",
                "open, _a__b_</think>c, a__b|c",
                "open, a</thin</think>b, a</thin|b",
                "open, a, a|",
                "open, a__, a|",
                "open, a_</thi, a_</thi|",
                "open, </think>, |",
                "open, __</think>__x, |x",
                "open, a</think>b</think>c, a|b</think>c",
                "open, a<think>b</think>c, a<think>b|c",
                "closed, a b, |a b",
                "closed, _ a, |_ a",
                "closed, <think>_x_</think>__y, x|y",
                "closed, _<think>x</think>y, x|y",
                "closed, <thin, |<thin",
                "closed, <thing>, |<thing>",
                "closed, a<think>b</think>c, |a<think>b</think>c",
                "closed, \" \", \"| \"",
            })
    void lanes(String prompt, String reply, String expected) {
        String text = reply.replace('_', '\n');
        for (int size = 1; size <= text.length(); size++) {
            assertThat(split(prompt.equals("open") ? OPEN : CLOSED, text, size))
                    .as("pieces of %d", size)
                    .isEqualTo(expected.replace('_', '\n'));
        }
    }

    @Test
    void textIsHandedOutAtOnce() {
        ReplyLanes lanes = ReplyLanes.after(OPEN);
        assertThat(lanes.accept("ab\n")).containsExactly(new Piece(Lane.REASONING, "ab"));
        assertThat(lanes.accept("c<")).containsExactly(new Piece(Lane.REASONING, "\nc"));
        assertThat(lanes.accept("/think>\n")).isEmpty();
        assertThat(lanes.accept("\nd")).containsExactly(new Piece(Lane.CONTENT, "d"));
        assertThat(lanes.accept("\n")).containsExactly(new Piece(Lane.CONTENT, "\n"));
    }

    @Test
    void anEmptyReplyHasNoPieces() {
        assertThat(ReplyLanes.after(OPEN).finish()).isEmpty();
        assertThat(ReplyLanes.after(CLOSED).accept("")).isEmpty();
    }
}
