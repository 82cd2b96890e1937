package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.GenerateOptions;
import dev.sluice.GenerateResult;
import dev.sluice.LoadOptions;
import dev.sluice.Model;
import dev.sluice.Prompt;
import dev.sluice.Session;
import dev.sluice.SessionOptions;
import dev.sluice.chat.Message;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Greedy continuations of the trained models against llama.cpp's; goldens by scripts/golden/trained.py. */
class TrainedModelsTest {
    @ParameterizedTest
    @ValueSource(strings = {"dense", "moe"})
    void greedyTokensAreLlamaCpps(String name) throws IOException {
        GenerateOptions greedy = GenerateOptions.builder()
                .temperature(0)
                .maxTokens(200)
                .ignoreEndOfGeneration(true)
                .build();
        int compared = 0;
        try (Model model = Model.load(file(name), LoadOptions.defaults())) {
            for (JsonNode golden : goldens()) {
                if (golden.get("model").asText().equals(name)) {
                    try (Session session = model.newSession(SessionOptions.ofContext(1024))) {
                        assertThat(session.generate(Prompt.tokens(ints(golden.get("prompt"))), greedy)
                                        .tokens())
                                .isEqualTo(ints(golden.get("tokens")));
                    }
                    compared++;
                }
            }
        }
        assertThat(compared).isGreaterThanOrEqualTo(3);
    }

    /** What the session holds of a conversation counts for the penalties like what it reads anew. */
    @Test
    void penaltiesDoNotDependOnWhatTheSessionHolds() throws IOException {
        GenerateOptions options = GenerateOptions.builder()
                .temperature(0)
                .repeatPenalty(1.5)
                .presencePenalty(1)
                .maxTokens(20)
                .build();
        Prompt prompt = Prompt.chat(
                Message.user("What is the capital of France?"),
                Message.assistant("Paris."),
                Message.user("And of Italy?"));
        try (Model model = Model.load(file("dense"), LoadOptions.defaults());
                Session fresh = model.newSession();
                Session held = model.newSession()) {
            GenerateResult expected = fresh.generate(prompt, options);
            held.forward(fresh.tokens().stream()
                    .limit(expected.usage().promptTokens() / 2)
                    .mapToInt(Integer::intValue)
                    .toArray());
            GenerateResult continued = held.generate(prompt, options);
            assertThat(continued.usage().cachedTokens()).isPositive();
            assertThat(continued.tokens()).isEqualTo(expected.tokens());
            assertThat(continued.text()).isNotBlank();
        }
    }

    private static MemorySegment file(String name) throws IOException {
        if (name.equals("dense")) {
            return ModelOptions.embedded();
        }
        try (InputStream in = TrainedModelsTest.class.getResourceAsStream("sluice-tiny-moe-q8_0.gguf")) {
            byte[] bytes = in.readAllBytes();
            MemorySegment memory = Arena.ofAuto().allocate(bytes.length, 64);
            return memory.copyFrom(MemorySegment.ofArray(bytes));
        }
    }

    private static JsonNode goldens() throws IOException {
        try (InputStream in = TrainedModelsTest.class.getResourceAsStream("trained.json")) {
            return new ObjectMapper().readTree(in);
        }
    }

    private static List<Integer> ints(JsonNode array) {
        List<Integer> ids = new ArrayList<>();
        array.forEach(id -> ids.add(id.asInt()));
        return ids;
    }
}
