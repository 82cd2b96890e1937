package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.chat.ChatTemplate;
import dev.sluice.chat.Message;
import dev.sluice.chat.RenderOptions;
import dev.sluice.chat.TemplateException;
import dev.sluice.gguf.Gguf;
import dev.sluice.gguf.GgufWriter;
import dev.sluice.gguf.UnsupportedModelException;
import dev.sluice.tokenizer.Tokenizer;
import dev.sluice.tokenizer.Vocabulary;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Which of a file's templates renders a conversation, and which special tokens it finds. */
class ChatTemplatesTest {
    private static final List<Message> HELLO = List.of(Message.user("hello"));
    private static final RenderOptions TOOLS = RenderOptions.defaults().withTools(List.of(Map.of("type", "function")));

    private static ChatTemplates of(String... keysAndTexts) {
        GgufWriter file = new GgufWriter();
        for (int i = 0; i < keysAndTexts.length; i += 2) {
            file.putString(keysAndTexts[i], keysAndTexts[i + 1]);
        }
        return new ChatTemplates(Gguf.of(MemorySegment.ofArray(file.toBytes())), Optional.empty());
    }

    private static final ChatTemplates SEVERAL = of(
            "tokenizer.chat_template", "default {{ tools is none }}",
            "tokenizer.chat_template.tool_use", "tool_use {{ tools | length }}",
            "tokenizer.chat_template.rag", "rag {{ messages[0].content }}");

    @Test
    void toolsChooseTheTemplateForTools() {
        assertThat(SEVERAL.render(HELLO, RenderOptions.defaults())).isEqualTo("default True");
        assertThat(SEVERAL.render(HELLO, TOOLS)).isEqualTo("tool_use 1");
        ChatTemplates single = of("tokenizer.chat_template", "{{ tools | length }}");
        assertThat(single.render(HELLO, TOOLS)).isEqualTo("1");
    }

    @Test
    void aNameChooses() {
        RenderOptions rag = RenderOptions.defaults().withTemplateName("rag");
        assertThat(SEVERAL.names()).containsExactly("default", "rag", "tool_use");
        assertThat(SEVERAL.render(HELLO, rag)).isEqualTo("rag hello");
        assertThat(SEVERAL.render(HELLO, TOOLS.withTemplateName("default"))).isEqualTo("default False");
        assertThatThrownBy(() -> SEVERAL.choose(rag.withTemplateName("rga")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("no chat template is named rga; the file has default, rag, tool_use");
    }

    @Test
    void aTemplateReplacesThoseOfTheFile() {
        ChatTemplate own = ChatTemplate.parse("own{{ tools }}");
        assertThat(SEVERAL.render(HELLO, TOOLS.withTemplate(own))).startsWith("own[");
        assertThat(of().render(HELLO, RenderOptions.defaults().withTemplate(own)))
                .isEqualTo("ownNone");
        assertThatThrownBy(() -> RenderOptions.defaults().withTemplate(own).withTemplateName("rag"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void noTemplate() {
        assertThat(of().theDefault()).isEmpty();
        assertThatThrownBy(() -> of().render(HELLO, RenderOptions.defaults()))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining("no tokenizer.chat_template");
        assertThatThrownBy(() -> of("tokenizer.chat_template.rag", "x").render(HELLO, TOOLS))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageEndingWith("the file has rag");
        assertThatThrownBy(() -> of().choose(RenderOptions.defaults().withTemplateName("rag")))
                .hasMessageEndingWith("no chat template is named rag; the file has none");
    }

    @Test
    void aBadTemplateFailsWhenUsed() {
        ChatTemplates bad = of("tokenizer.chat_template", "{{", "tokenizer.chat_template.rag", "fine");
        assertThat(bad.render(HELLO, RenderOptions.defaults().withTemplateName("rag")))
                .isEqualTo("fine");
        assertThatThrownBy(bad::theDefault).isInstanceOf(TemplateException.class);
    }

    @Test
    void specialTokensHaveTheNamesOfHuggingFace() {
        Vocabulary vocabulary = new Vocabulary(
                List.of("a", "<s>", "</s>"),
                new int[] {1, 3, 3},
                List.of(),
                "qwen35",
                OptionalInt.of(1),
                OptionalInt.of(2),
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty());
        Gguf file = Gguf.of(MemorySegment.ofArray(new GgufWriter()
                .putString("tokenizer.chat_template", "{{ bos_token }}|{{ eos_token }}|{{ pad_token is defined }}")
                .toBytes()));
        ChatTemplates templates = new ChatTemplates(file, Optional.of(Tokenizer.of(vocabulary)));
        assertThat(templates.render(HELLO, RenderOptions.defaults())).isEqualTo("<s>|</s>|False");
        assertThat(templates.render(HELLO, RenderOptions.defaults().withVariables(Map.of("bos_token", "x"))))
                .isEqualTo("x|</s>|False");
    }
}
