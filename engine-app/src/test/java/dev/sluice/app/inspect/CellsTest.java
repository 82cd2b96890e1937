package dev.sluice.app.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Text and values in the columns of a terminal. */
class CellsTest {
    @Test
    void whatCouldSteerATerminalIsMadeVisible() {
        assertThat(Cells.printable("a\tb\r\nc")).isEqualTo("a\\tb\\r\\nc");
        assertThat(Cells.printable("\u001b[2J\u009bX\u202e\u2029\ud800z")).isEqualTo("�[2J�X���z");
        assertThat(Cells.printable("é漢😀")).isEqualTo("é漢😀");
    }

    @Test
    void widths() {
        assertThat(Cells.width("abc")).isEqualTo(3);
        assertThat(Cells.width("漢字")).isEqualTo(4);
        assertThat(Cells.width("e\u0301😀")).isEqualTo(3);
        assertThat(Cells.left("漢字漢字", 6)).isEqualTo("漢字… ");
        assertThat(Cells.right("ab", 4)).isEqualTo("  ab");
        assertThat(Cells.cut("abcdef", 4)).isEqualTo("abc…");
        assertThat(Cells.cut("abcd", 4)).isEqualTo("abcd");
        assertThat(Cells.wrap("one two three four", 9)).containsExactly("one two", "three", "four");
    }

    @Test
    void counts() {
        assertThat(Cells.count(999)).isEqualTo("999");
        assertThat(Cells.count(752_393_024)).isEqualTo("752.4 M");
        assertThat(Cells.count(35_000_000_000L)).isEqualTo("35.0 B");
    }

    @Test
    void values() {
        assertThat(Values.oneLine(1e-6f, 40)).isEqualTo("1e-6");
        assertThat(Values.oneLine("x".repeat(1000), 40)).hasSize(40).endsWith("x… (1,000 characters)");
        assertThat(Values.oneLine(new int[] {1, 2}, 40)).isEqualTo("[1, 2]");
        assertThat(Values.oneLine(new int[1000], 40))
                .hasSizeLessThanOrEqualTo(40)
                .endsWith(", …] (1,000 ints)");
        assertThat(Values.oneLine(List.of("a\"b", "c"), 40)).isEqualTo("[\"a\\\"b\", \"c\"]");
        assertThat(Values.oneLine(List.of(), 40)).isEqualTo("[]");
        assertThat(Values.sha256("abc")).startsWith("ba7816bf8f01cfea");
        assertThat(Values.mismatch(new int[] {1, 2}, new long[] {1, 2, 3})).isEqualTo(2);
        assertThat(Values.same(new float[] {Float.NaN}, new double[] {Double.NaN}))
                .isTrue();
        assertThat(Values.same(5L, 5f)).isFalse();
    }

    @Test
    void ranges() {
        assertThat(LayersView.ranges(List.of(0, 1, 2, 4, 5, 6, 8), 40)).isEqualTo("0-2, 4-6, 8");
        List<Integer> hybrid =
                IntStream.range(0, 64).filter(i -> i % 4 != 3).boxed().toList();
        assertThat(LayersView.ranges(hybrid, 30)).isEqualTo("0-2, 4-6, 8-10, 12-14 … 60-62");
    }
}
