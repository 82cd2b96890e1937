package dev.sluice.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RoundTripTest {
    private final Tokenizer tokenizer = Fixtures.tiny();
    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);

    RoundTripTest() {
        System.out.println("RoundTripTest seed " + seed);
    }

    @Test
    void withoutNormalisationTextComesBackAsItWas() {
        for (int i = 0; i < 3000; i++) {
            String text = Fixtures.randomText(random, random.nextInt(60));
            assertThat(tokenizer.decode(tokenizer.encode(text, Fixtures.RAW)))
                    .as("seed %d", seed)
                    .isEqualTo(text);
        }
    }

    @Test
    void withNormalisationItComesBackInNfc() {
        for (int i = 0; i < 3000; i++) {
            String text = Fixtures.randomText(random, random.nextInt(60));
            assertThat(tokenizer.decode(tokenizer.encode(text)))
                    .as("seed %d", seed)
                    .isEqualTo(Normalizer.normalize(text, Normalizer.Form.NFC));
        }
    }

    @Test
    void everyCodePointComesBack() {
        StringBuilder all = new StringBuilder();
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            if (c < 0xD800 || c >= 0xE000) {
                all.appendCodePoint(c);
            }
        }
        String text = all.toString();
        // Not isEqualTo: a failure would print megabytes.
        assertThat(tokenizer.decode(tokenizer.encode(text, Fixtures.RAW)).equals(text))
                .isTrue();
    }

    @Test
    void normalisationJoinsAndCanBeLeftOut() {
        String apart = "e\u0301 \u1112\u1161\u11AB \u212B";
        assertThat(tokenizer.encode(apart)).isEqualTo(tokenizer.encode("\u00E9 \uD55C \u00C5"));
        assertThat(tokenizer.decode(tokenizer.encode(apart, Fixtures.RAW))).isEqualTo(apart);
    }

    @Test
    void streamingNeverGivesHalfACharacter() {
        for (int i = 0; i < 500; i++) {
            String text = Fixtures.randomText(random, 40).replace('\uFFFD', '?');
            Detokenizer detokenizer = tokenizer.detokenizer();
            StringBuilder streamed = new StringBuilder();
            int[] ids = tokenizer.encode(text, Fixtures.RAW);
            for (int id : ids) {
                String part = detokenizer.accept(id);
                assertThat(part).as("seed %d", seed).doesNotContain("\uFFFD");
                assertThat(endsWithin(part))
                        .as("seed %d: half a character in '%s'", seed, part)
                        .isFalse();
                streamed.append(part);
            }
            assertThat(detokenizer.flush()).isEmpty();
            assertThat(streamed.toString()).as("seed %d", seed).isEqualTo(text).isEqualTo(tokenizer.decode(ids));
        }
    }

    private static boolean endsWithin(String part) {
        return !part.isEmpty()
                && (Character.isLowSurrogate(part.charAt(0))
                        || Character.isHighSurrogate(part.charAt(part.length() - 1)));
    }

    @Test
    void streamingRandomTokensEqualsDecodingThem() {
        for (int i = 0; i < 500; i++) {
            int[] ids = random.ints(50, 0, tokenizer.size()).toArray();
            byte[] bytes = new byte[0];
            for (int id : ids) {
                bytes = tokenizer.isControl(id) ? bytes : concat(bytes, tokenizer.bytes(id));
            }
            assertThat(tokenizer.decode(ids)).as("seed %d", seed).isEqualTo(new String(bytes, StandardCharsets.UTF_8));
        }
    }

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    @Test
    void invalidBytesBecomeReplacementCharacters() {
        assertThat(decode(0x41, 0xFF, 0x42)).isEqualTo("A\uFFFDB");
        assertThat(decode(0xE2, 0x82, 0x41)).isEqualTo("\uFFFDA");
        assertThat(decode(0x80)).isEqualTo("\uFFFD");
        assertThat(decode(0xED, 0xA0, 0x80))
                .as("a surrogate")
                .doesNotContain("\uD800")
                .contains("\uFFFD");
        assertThat(decode(0xF0, 0x9F, 0x98)).as("unfinished").isEqualTo("\uFFFD");
        assertThat(decode(0xF0, 0x9F, 0x98, 0x80)).isEqualTo("\uD83D\uDE00");
    }

    @Test
    void invalidBytesAreReportedAtOnceAndUnfinishedOnesAtTheEnd() {
        Detokenizer detokenizer = tokenizer.detokenizer();
        assertThat(detokenizer.accept(byteToken(0xE2))).isEmpty();
        assertThat(detokenizer.accept(byteToken(0x82))).isEmpty();
        assertThat(detokenizer.accept(byteToken(0xAC))).isEqualTo("\u20AC");
        assertThat(detokenizer.accept(byteToken(0xFF))).isEqualTo("\uFFFD");
        assertThat(detokenizer.accept(byteToken(0xF0))).isEmpty();
        assertThat(detokenizer.flush()).isEqualTo("\uFFFD");
        assertThat(detokenizer.accept(byteToken(0x41))).as("starts anew").isEqualTo("A");
        assertThat(detokenizer.flush()).isEmpty();
    }

    @Test
    void aLoneSurrogateIsTakenAsTheReplacementCharacter() {
        assertThat(tokenizer.decode(tokenizer.encode("a\uD800b\uDC00"))).isEqualTo("a\uFFFDb\uFFFD");
        assertThat(tokenizer.decode(tokenizer.encode("\uD83D\uDE00\uD83D"))).isEqualTo("\uD83D\uDE00\uFFFD");
    }

    @Test
    void emptyTextHasNoTokens() {
        assertThat(tokenizer.encode("")).isEmpty();
        assertThat(tokenizer.decode()).isEmpty();
        assertThat(tokenizer.detokenizer().flush()).isEmpty();
    }

    private int byteToken(int b) {
        return tokenizer.idOf(String.valueOf(ByteMap.toChar(b))).orElseThrow();
    }

    private String decode(int... bytes) {
        return tokenizer.decode(Arrays.stream(bytes).map(this::byteToken).toArray());
    }
}
