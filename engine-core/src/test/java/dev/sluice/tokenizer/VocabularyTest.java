package dev.sluice.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VocabularyTest {
    private static final OptionalInt NONE = OptionalInt.empty();

    @Test
    void refusesAnEmptyVocabulary() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Fixtures.vocabulary(List.of(), new int[0], List.of(), "qwen35"))
                .withMessage("tokenizer.ggml.tokens is empty");
    }

    @Test
    void refusesTypesOfAnotherNumber() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Fixtures.vocabulary(List.of("a", "b"), new int[] {1}, List.of(), "qwen35"))
                .withMessage("tokenizer.ggml.token_type has 1 entries, tokenizer.ggml.tokens 2; expected as many");
    }

    @ParameterizedTest
    @CsvSource({"bos, 2", "eos, 2", "eot, -1", "eom, 2147483647", "padding, 2"})
    void refusesAnIdOutsideTheVocabulary(String name, int id) {
        OptionalInt[] ids = {NONE, NONE, NONE, NONE, NONE};
        ids[List.of("bos", "eos", "eot", "eom", "padding").indexOf(name)] = OptionalInt.of(id);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Vocabulary(
                        List.of("a", "b"),
                        new int[] {1, 1},
                        List.of(),
                        "qwen35",
                        ids[0],
                        ids[1],
                        ids[2],
                        ids[3],
                        ids[4]))
                .withMessage("tokenizer.ggml." + name + "_token_id is " + id + ", expected an id below 2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ab", " a", "a ", " "})
    void refusesAMergeThatIsNotTwoSymbols(String merge) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tokenizer.of(
                        Fixtures.vocabulary(List.of("a", "b"), new int[] {1, 1}, List.of("a b", merge), "qwen35")))
                .withMessage("tokenizer.ggml.merges[1] is '" + merge + "', expected two symbols and a space");
    }

    @Test
    void refusesAnUnknownPreTokenizer() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tokenizer.of(Fixtures.vocabulary(List.of("a"), new int[] {1}, List.of(), "gpt-4o")))
                .withMessageContaining("tokenizer.ggml.pre 'gpt-4o' is not supported");
    }

    @Test
    void mergesGoByRankAndLeftmostFirst() {
        Tokenizer tokenizer = Tokenizer.of(Fixtures.vocabulary(List.of("b c", "a b", "bc d", "a a"), Map.of()));
        assertThat(texts(tokenizer, "abcd")).containsExactly("a", "bcd");
        assertThat(texts(tokenizer, "aaabb")).containsExactly("aa", "ab", "b");
        assertThat(texts(tokenizer, "aaaaa")).containsExactly("aa", "aa", "a");
        String lengthy = "abcd".repeat(20) + "aaaaa";
        assertThat(String.join(" ", texts(tokenizer, lengthy))).isEqualTo("a bcd ".repeat(20) + "aa aa a");
    }

    @Test
    void aSymbolWithoutATokenFallsBackToItsBytesAndBytesWithoutOneAreLeftOut() {
        Tokenizer tokenizer = Tokenizer.of(
                Fixtures.vocabulary(List.of("a", "b"), new int[] {1, 1}, List.of("a b", "ab a"), "qwen35"));
        assertThat(tokenizer.encode("abaxb")).containsExactly(0, 1, 0, 1);
    }

    @Test
    void paddingIsKnownAndTheCopyIsTheCallers() {
        Tokenizer tokenizer =
                Tokenizer.of(Fixtures.vocabulary(List.of("a", "[PAD1]"), new int[] {1, 5}, List.of(), "qwen35"));
        assertThat(tokenizer.padding().stream()).containsExactly(1);
        tokenizer.padding().clear();
        assertThat(tokenizer.padding().stream()).containsExactly(1);
        assertThat(tokenizer.encode("[PAD1]a", Fixtures.RAW_SPECIAL))
                .as("never parsed")
                .containsExactly(0);
    }

    private static List<String> texts(Tokenizer tokenizer, String text) {
        return Arrays.stream(tokenizer.encode(text)).mapToObj(tokenizer::text).toList();
    }
}
