package dev.sluice.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PreTokenizerTest {
    private static final String ACUTE = "\u0301";
    /** The published regular expressions, with W for the characters of words. */
    private static final String EXPRESSION = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?[W]+|\\p{N}"
            + "| ?[^\\s\\p{N}W]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    @ParameterizedTest
    @EnumSource
    void splitsTheExamplesOfTheSpecification(PreTokenizer rule) {
        assertThat(pieces(rule, "Hello  world's 1234\n\n  x"))
                .containsExactly("Hello", " ", " world", "'s", " ", "1", "2", "3", "4", "\n\n", " ", " x");
        assertThat(pieces(rule, "I'LL we'Re")).containsExactly("I", "'LL", " we", "'Re");
        assertThat(pieces(rule, "a\tb \r\n\r\nc   ")).containsExactly("a", "\tb", " \r\n\r\n", "c", "   ");
        assertThat(pieces(rule, "foo_bar(x)!=\n\t\ty;"))
                .containsExactly("foo", "_bar", "(x", ")!=\n", "\t", "\ty", ";");
        assertThat(pieces(rule, "\u00A0\u3000x")).containsExactly("\u00A0", "\u3000x");
        assertThat(pieces(rule, "   \n   \n a")).containsExactly("   \n   \n", " a");
    }

    @Test
    void combiningMarksBelongToWordsForQwen35Only() {
        String text = "e" + ACUTE + "te" + ACUTE;
        assertThat(pieces(PreTokenizer.QWEN35, text)).containsExactly(text);
        assertThat(pieces(PreTokenizer.QWEN2, text)).containsExactly("e", ACUTE + "te", ACUTE);
    }

    @ParameterizedTest
    @EnumSource
    void contractionsAreAsciiAndOfEitherCase(PreTokenizer rule) {
        assertThat(pieces(rule, "'s'T'rE'VE'm'Ll'D")).containsExactly("'s", "'T", "'rE", "'VE", "'m", "'Ll", "'D");
        assertThat(pieces(rule, "''s")).containsExactly("''", "s");
        assertThat(pieces(rule, "'l")).containsExactly("'l");
        assertThat(pieces(rule, "'rx")).containsExactly("'rx");
        assertThat(pieces(rule, "'\u017F")).as("long s").containsExactly("'\u017F");
        assertThat(pieces(rule, "'")).containsExactly("'");
    }

    @ParameterizedTest
    @EnumSource
    void charactersOfUnicode16AreSymbols(PreTokenizer rule) {
        for (int c : new int[] {0x0897, 0x1C89, 0x1C8A, 0x10D50, 0x113B8, 0x13460, 0x143FA, 0x1E5FA}) {
            String symbol = Character.toString(c);
            assertThat(pieces(rule, "a" + symbol + "'s")).as("U+%04X", c).containsExactly("a", symbol + "'", "s");
        }
        for (int c : new int[] {0x0898, 0x1C88, 0x1C90, 0xA7D9, 0x1342F, 0x14400}) {
            assertThat(pieces(PreTokenizer.QWEN35, "a" + Character.toString(c)))
                    .as("U+%04X", c)
                    .hasSize(1);
        }
    }

    /** The scanner against java.util.regex, on text that has no character of Unicode 16. */
    @ParameterizedTest
    @EnumSource
    void agreesWithTheRegularExpression(PreTokenizer rule) {
        long seed = System.nanoTime();
        System.out.println("PreTokenizerTest seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        String word = rule == PreTokenizer.QWEN35 ? "\\\\p{L}\\\\p{M}" : "\\\\p{L}";
        Pattern pattern = Pattern.compile(EXPRESSION.replaceAll("W", word), Pattern.UNICODE_CHARACTER_CLASS);
        String alphabet =
                "aZ\u00E9\u4E00'' sStTrReEvVlLmMdD1\u0662\u00BD.-!\r\n\n\t  \u00A0\u2028\u0301\u0903\u0000\uFE0F";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(1, 12); n > 0; n--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            if (random.nextInt(8) == 0) {
                text.append("\uD83D\uDE00").append("\uD835\uDC00");
            }
            List<String> expected = new ArrayList<>();
            for (Matcher matcher = pattern.matcher(text); matcher.find(); ) {
                expected.add(matcher.group());
            }
            assertThat(pieces(rule, text.toString()))
                    .as("seed %d: %s", seed, text)
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen2", "deepseek-r1-qwen", "kormo", "f2llmv2", "megrez"})
    void otherNamesOfTheRuleOfQwen2(String name) {
        assertThat(PreTokenizer.of(name)).isEqualTo(PreTokenizer.QWEN2);
    }

    @Test
    void refusesAnUnknownNameAndTellsTheKnown() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PreTokenizer.of("llama-bpe"))
                .withMessageContaining("tokenizer.ggml.pre 'llama-bpe' is not supported")
                .withMessageContaining("qwen35, qwen2");
    }

    private static List<String> pieces(PreTokenizer rule, String text) {
        List<String> pieces = new ArrayList<>();
        for (int at = 0; at < text.length(); ) {
            int end = rule.next(text, at);
            pieces.add(text.substring(at, end));
            at = end;
        }
        return pieces;
    }
}
