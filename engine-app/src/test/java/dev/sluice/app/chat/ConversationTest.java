package dev.sluice.app.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.Cancellation;
import dev.sluice.FinishReason;
import dev.sluice.GenerateOptions;
import dev.sluice.GenerateResult;
import dev.sluice.Model;
import dev.sluice.Session;
import dev.sluice.SessionOptions;
import dev.sluice.app.Program;
import dev.sluice.chat.ChatTemplate;
import dev.sluice.chat.Message;
import dev.sluice.chat.RenderOptions;
import dev.sluice.tokenizer.EncodeOptions;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** After every turn the session holds the rendered conversation and the reply, whatever was said and changed before. */
class ConversationTest {
    /** Keeps everything that was said, reasoning too: each prompt continues the one before and its reply. */
    private static final ChatTemplate KEEPS_REASONING = ChatTemplate.parse("{%- for m in messages %}"
            + "{{- '<|im_start|>' + m.role + '\n' }}"
            + "{%- if m.role == 'assistant' %}{{- '<think>\n' + m.reasoning_content + '\n</think>\n\n' }}{%- endif %}"
            + "{{- m.content + '<|im_end|>\n' }}{%- endfor %}"
            + "{%- if add_generation_prompt %}{{- '<|im_start|>assistant\n' }}"
            + "{%- if enable_thinking is false %}{{- '<think>\n\n</think>\n\n' }}{%- else %}{{- '<think>\n' }}{%- endif %}"
            + "{%- endif %}");

    private static Model model;

    @BeforeAll
    static void load() throws IOException, URISyntaxException {
        model = Model.load(
                Path.of(Program.class.getResource("sluice-tiny-dense-q8_0.gguf").toURI()));
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static GenerateOptions greedy(Cancellation cancellation) {
        return GenerateOptions.builder()
                .temperature(0)
                .maxTokens(40)
                .cancellation(cancellation)
                .build();
    }

    private static Conversation conversation(Session session, RenderOptions rendering) {
        return new Conversation(session, ConversationTest::greedy, rendering, List.of());
    }

    private static Session session(int context) {
        return model.newSession(SessionOptions.ofContext(context));
    }

    /** Says something and checks what the session holds then. */
    private static Conversation.Turn say(Conversation conversation, RenderOptions rendering, String text) {
        List<Message> asked = new ArrayList<>(conversation.messages());
        asked.add(Message.user(text));
        GenerateResult result = conversation.say(text, new Cancellation(), piece -> {});
        List<Integer> expected = new ArrayList<>();
        String prompt = model.chatTemplate(rendering).render(asked, rendering);
        Arrays.stream(model.tokenizer().orElseThrow().encode(prompt, EncodeOptions.withSpecial()))
                .forEach(expected::add);
        assertThat(result.usage().promptTokens()).isEqualTo(expected.size());
        // The last token of a reply cut off is one that no step has read
        int read = result.tokens().size() - (result.finish() == FinishReason.STOP ? 0 : 1);
        expected.addAll(result.tokens().subList(0, read));
        assertThat(conversation.session().tokens()).isEqualTo(expected);
        return conversation.last().orElseThrow();
    }

    /** The model's own template drops the opening of earlier reasoning: the prompt is read again. */
    @Test
    void startsOverWhereTheTemplateChangedThePast() {
        RenderOptions thinking = RenderOptions.defaults();
        try (Session session = session(1024)) {
            Conversation conversation = conversation(session, thinking);
            assertThat(say(conversation, thinking, "What is the capital of France?")
                            .result()
                            .text())
                    .contains("Paris");
            int first = conversation.last().orElseThrow().result().usage().promptTokens();
            Conversation.Turn second = say(conversation, thinking, "What is the capital of Japan?");
            assertThat(second.result().text()).contains("Tokyo");
            assertThat(second.result().usage().cachedTokens()).isZero();
            assertThat(second.rereadTokens()).isPositive().isLessThan(first);
        }
    }

    @Test
    void readsOnlyTheNewWhereThePromptContinues() {
        RenderOptions keeping = RenderOptions.defaults().withTemplate(KEEPS_REASONING);
        try (Session session = session(1024)) {
            Conversation conversation = conversation(session, keeping);
            say(conversation, keeping, "What is the capital of France?");
            for (String question : List.of("What is the capital of Japan?", "Und Grüße, 世界 😀?", "Why?")) {
                int held = session.position();
                Conversation.Turn turn = say(conversation, keeping, question);
                assertThat(turn.result().usage().cachedTokens()).isEqualTo(held);
                assertThat(turn.rereadTokens()).isZero();
            }
        }
    }

    @Test
    void everyChangeIsFollowed() {
        RenderOptions keeping = RenderOptions.defaults().withTemplate(KEEPS_REASONING);
        RenderOptions quiet = keeping.withThinking(false);
        try (Session session = session(1024)) {
            Conversation conversation = conversation(session, keeping);
            say(conversation, keeping, "What is the capital of France?");
            conversation.setThinking(false);
            say(conversation, quiet, "What is the capital of Japan?");
            List<Message> saved = conversation.messages();
            conversation.setSystem("Be short.");
            assertThat(say(conversation, quiet, "What is the capital of Peru?")
                            .result()
                            .usage()
                            .cachedTokens())
                    .isZero();
            assertThat(conversation.messages()).hasSize(7).first().isEqualTo(Message.system("Be short."));
            conversation.reset();
            assertThat(conversation.messages()).containsExactly(Message.system("Be short."));
            assertThat(session.position()).isZero();
            assertThat(conversation.last()).isEmpty();
            say(conversation, quiet, "What is the capital of Egypt?");
            conversation.replace(saved);
            say(conversation, quiet, "Why?");
            conversation.setSystem("");
            assertThat(conversation.messages()).hasSize(6).startsWith(saved.toArray(Message[]::new));
        }
    }

    @Test
    void aReplyCancelledBeforeAWordIsForgotten() {
        RenderOptions quiet = RenderOptions.defaults().withThinking(false);
        try (Session session = session(1024)) {
            Conversation conversation = conversation(session, quiet);
            say(conversation, quiet, "What is the capital of France?");
            List<Message> before = conversation.messages();
            Cancellation cancelled = new Cancellation();
            cancelled.cancel();
            GenerateResult result = conversation.say("What is the capital of Japan?", cancelled, piece -> {});
            assertThat(Conversation.isAnswered(result)).isFalse();
            assertThat(conversation.messages()).isEqualTo(before);
            say(conversation, quiet, "What is the capital of Peru?");
        }
    }

    @Test
    void aReplyCancelledLaterStaysAsFarAsItCame() {
        RenderOptions quiet = RenderOptions.defaults().withThinking(false);
        try (Session session = session(1024)) {
            Conversation conversation = conversation(session, quiet);
            Cancellation cancellation = new Cancellation();
            StringBuilder printed = new StringBuilder();
            GenerateResult result = conversation.say("What is the capital of France?", cancellation, piece -> {
                printed.append(piece.text());
                cancellation.cancel();
            });
            assertThat(result.finish()).isEqualTo(FinishReason.CANCELLED);
            assertThat(conversation.messages().getLast().content()).isNotEmpty().isEqualTo(printed.toString());
            say(conversation, quiet, "What is the capital of Peru?");
        }
    }

    @Test
    void aConversationThatDoesNotFitIsAsBefore() {
        RenderOptions quiet = RenderOptions.defaults().withThinking(false);
        try (Session session = session(64)) {
            Conversation conversation = conversation(session, quiet);
            say(conversation, quiet, "What is the capital of France?");
            List<Message> before = conversation.messages();
            assertThatThrownBy(() -> conversation.say("why ".repeat(100), new Cancellation(), piece -> {}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("do not fit: the context of 64");
            assertThat(conversation.messages()).isEqualTo(before);
            say(conversation, quiet, "Why?");
        }
    }

    @Test
    void thinkingThatTheTemplateCannotSwitch() {
        try (Session session = session(64)) {
            Conversation conversation = conversation(
                    session, RenderOptions.defaults().withTemplate(ChatTemplate.parse("{{ messages[0].content }}")));
            assertThatThrownBy(() -> conversation.setThinking(true)).hasMessageContaining("enable_thinking");
        }
    }
}
