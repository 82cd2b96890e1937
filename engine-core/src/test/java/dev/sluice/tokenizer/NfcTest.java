package dev.sluice.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.text.Normalizer;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Against the JDK's, which takes the square of a run of marks. */
class NfcTest {
    private static final int[] MARKS = IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
            .filter(c -> Character.getType(c) == Character.NON_SPACING_MARK
                    || Character.getType(c) == Character.ENCLOSING_MARK
                    || Character.getType(c) == Character.COMBINING_SPACING_MARK)
            .toArray();

    private static void assertNfc(String text, Object... what) {
        assertThat(Nfc.normalize(text).equals(Normalizer.normalize(text, Normalizer.Form.NFC)))
                .as("%s %s", text.codePoints().mapToObj(Integer::toHexString).toList(), what)
                .isTrue();
    }

    @Test
    void runsOfAllMarks() {
        assertThat(MARKS).hasSizeGreaterThan(2000);
        long seed = System.nanoTime();
        System.out.println("NfcTest seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 400; round++) {
            // From few kinds of marks, so that equal classes and compositions meet, to all.
            int kinds = 1 + random.nextInt(random.nextBoolean() ? 4 : MARKS.length);
            int first = random.nextInt(MARKS.length - kinds + 1);
            StringBuilder text = new StringBuilder();
            for (int part = 0; part < 3; part++) {
                text.append(new String[] {"", "e", "x ", "\u00EA\u0323", "\u1100", "\u09C7"}[random.nextInt(6)]);
                for (int n = random.nextInt(200); n > 0; n--) {
                    text.appendCodePoint(MARKS[first + random.nextInt(kinds)]);
                }
            }
            assertNfc(text.toString(), "seed", seed);
        }
    }

    /** Each mark after and before those of the lowest, the highest and a middle class. */
    @Test
    void everyMark() {
        for (int mark : MARKS) {
            String one = Character.toString(mark);
            assertNfc("a" + (one + "\u0345\u0334\u0301").repeat(40));
        }
    }

    @Test
    void shortRunsAndNone() {
        assertThat(Nfc.normalize("")).isEmpty();
        assertThat(Nfc.normalize("e\u0301 \u1112\u1161\u11AB \u212B")).isEqualTo("\u00E9 \uD55C \u00C5");
        String plain = "nothing to do";
        assertThat(Nfc.normalize(plain)).isEqualTo(plain);
    }

    @Test
    void aMillionMarksOnOneLetter() {
        int half = 500_000;
        String normal = Nfc.normalize("e" + "\u0301\u0323".repeat(half) + "e\u0301");
        String expected = "\u1EB9" + "\u0323".repeat(half - 1) + "\u0301".repeat(half) + "\u00E9";
        assertThat(normal.equals(expected)).isTrue();
    }
}
