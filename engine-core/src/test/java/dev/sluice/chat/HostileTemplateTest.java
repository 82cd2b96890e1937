package dev.sluice.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.fuzz.SmallJvm;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/** Templates that want to take all memory, all time or all stack end in an error. */
@Timeout(60)
class HostileTemplateTest {
    @TestFactory
    Stream<DynamicTest> refused() {
        return HostileTemplates.ALL.stream()
                .map(template -> DynamicTest.dynamicTest(
                        template.substring(0, Math.min(80, template.length())), () -> assertThatThrownBy(
                                        () -> ChatTemplate.parse(template).render(Map.of()))
                                .isInstanceOf(TemplateException.class)));
    }

    /** The same in a JVM that has little memory: the limits come before its end. */
    @Test
    void refusedInASmallHeap() throws IOException, InterruptedException {
        SmallJvm.Result result = SmallJvm.run(HostileTemplates.HEAP, HostileTemplates.class);
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(result.output()).contains(HostileTemplates.ALL.size() + " refused");
    }

    @Test
    void deepTemplatesFitASmallStack() throws InterruptedException {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread small = new Thread(
                null,
                () -> {
                    for (String template : List.of(
                            "{% macro m(x) %}{% for y in [1] %}{% if 1 %}{{ [m(x)] | map('string') | list }}{% endif %}{% endfor %}{% endmacro %}{{ m(1) }}",
                            "{{ " + "(1 + ".repeat(99) + "1" + ")".repeat(99) + " }}{{ 1" + " + 1".repeat(9999) + " }}",
                            "{{ " + "f(x[".repeat(9999) + " }}")) {
                        assertThatThrownBy(() -> ChatTemplate.parse(template).render(Map.of()))
                                .isInstanceOf(TemplateException.class);
                    }
                },
                "small stack",
                512 * 1024);
        small.setUncaughtExceptionHandler((thread, error) -> failure.set(error));
        small.start();
        small.join();
        assertThat(failure.get()).isNull();
    }

    @Test
    void deepVariablesAreRefused() {
        Object deep = "x";
        for (int i = 0; i < 9999; i++) {
            deep = List.of(deep);
        }
        Object value = deep;
        assertThatThrownBy(() -> ChatTemplate.parse("{{ x }}").render(Map.of("x", value)))
                .isInstanceOf(TemplateException.class)
                .hasMessageStartingWith("nested deeper than");
    }

    @Test
    void longConversationsAreNotRefused() {
        String text = "A sentence of a long conversation, with </think> and <tool_response>. ".repeat(2000);
        List<Message> messages = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            messages.add(Message.user(text));
            messages.add(Message.assistant(text).withReasoning(text));
        }
        messages.add(Message.user(text));
        assertThat(ChatTemplate.parse(Goldens.text("templates/qwen35.jinja"))
                        .render(messages, RenderOptions.defaults())
                        .length())
                .isGreaterThan(81 * (text.length() - 1));
    }
}
