package dev.sluice.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/** Templates that want to take all memory, all time or all stack end in an error. */
@Timeout(60)
class HostileTemplateTest {
    private static final String LONG =
            "{% set ns = namespace(s='aaaaaaaa') %}{% for i in range(18) %}{% set ns.s = ns.s + ns.s %}{% endfor %}";

    @TestFactory
    Stream<DynamicTest> refused() {
        List<String> templates = new ArrayList<>(List.of(
                "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
                "{% for a in range(100000000) %}{% endfor %}",
                "{% set ns = namespace(s='a') %}{% for i in range(64) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
                "{% set ns = namespace(l=[1]) %}{% for i in range(64) %}{% set ns.l = ns.l + ns.l %}{% endfor %}",
                "{% set ns = namespace(l=[1]) %}{% for i in range(64) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l }}",
                "{% set ns = namespace(l=[1]) %}{% for i in range(64) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l | tojson }}",
                "{% set ns = namespace(l=[1], m=[1]) %}{% for i in range(64) %}{% set ns.l = [ns.l, ns.l] %}{% set ns.m = [ns.m, ns.m] %}{% endfor %}{{ ns.l == ns.m }}",
                "{% set ns = namespace(l=[]) %}{% for i in range(9999) %}{% set ns.l = [ns.l] %}{% endfor %}{{ ns.l }}",
                "{% set ns = namespace(l=[]) %}{% for i in range(9999) %}{% set ns.l = [ns.l] %}{% endfor %}{{ ns.l | tojson }}",
                "{% set ns = namespace() %}{% set ns.me = ns %}{{ ns }}",
                "{{ 'a' * 999999999999 }}",
                "{{ [1] * 999999999999 }}",
                "{{ ['a' * 9999999] * 9999999 }}",
                "{{ 'a'.replace('', 'b' * 9999999).replace('b', 'c' * 99) }}",
                "{{ ('a' * 9999) | replace('a', 'b' * 9999) }}",
                "{{ ('a\n' * 99999) | indent(99999) }}",
                "{{ ('ab' * 9999).split('a') | join('b' * 99999) }}",
                "{{ [1] | tojson(indent=9999999999) }}{{ 'a' | indent(9999999999) }}{{ 1 | round(9999999999) }}",
                "{{ 10 ** 10000000 }}",
                "{{ 9223372036854775807 + 1 }}",
                "{{ -(-9223372036854775807 - 1) }}",
                "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
                "{% macro m(n) %}{{ m(n + 1) ~ m(n + 2) }}{% endmacro %}{{ m(0) }}",
                "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(60) }}",
                "{% macro m(a=m()) %}{% endmacro %}{{ m() }}",
                LONG + "{% for i in range(99999) %}{{ ns.s in ns.s ~ 'b' }}{% endfor %}",
                LONG + "{% for i in range(99999) %}{{ ns.s ~ '' == ns.s ~ '' }}{% endfor %}",
                LONG + "{% set q = ns.s[:1000000] ~ 'b' %}{{ q in ns.s }}{{ ns.s.find(q) }}",
                LONG + "{% for i in range(99999) %}{% set x = ns.s | length %}{% endfor %}",
                LONG + "{% for i in range(99999) %}{{ ns.s.strip('b') == 'a' }}{% endfor %}",
                LONG + "{% set ns.l = [] %}{% for i in range(99999) %}{% set ns.l = ns.l + [ns.s ~ i] %}{% endfor %}",
                "{{ " + "(".repeat(9999) + "1" + ")".repeat(9999) + " }}",
                "{{ " + "[".repeat(9999),
                "{{ " + "-".repeat(9999) + "1 }}",
                "{{ " + "not ".repeat(9999) + "1 }}",
                "{{ 1" + " + 1".repeat(9999) + " }}",
                "{{ 1" + " and 1".repeat(9999) + " }}",
                "{{ 1" + " | string".repeat(9999) + " }}",
                "{{ x" + ".x".repeat(9999) + " }}",
                "{{ 1" + " if 1 else 1".repeat(9999) + " }}",
                "{% if 1 %}".repeat(9999) + "{% endif %}".repeat(9999),
                "{% for x in l %}".repeat(9999),
                "{% set " + "(".repeat(9999) + "a = 1 %}",
                "{# ".repeat(9999),
                "{% raw %}" + "{% ".repeat(99999),
                "{{ '" + "a".repeat(99999),
                "{{ ".repeat(9999),
                "x".repeat((1 << 20) + 1)));
        return templates.stream()
                .map(template -> DynamicTest.dynamicTest(
                        template.substring(0, Math.min(80, template.length())), () -> assertThatThrownBy(
                                        () -> ChatTemplate.parse(template).render(Map.of()))
                                .isInstanceOf(TemplateException.class)));
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

    /** Templates with random damage render or fail, and nothing else. */
    @Test
    void damagedTemplates() {
        long seed = new Random().nextLong();
        System.out.println("HostileTemplateTest.damagedTemplates: seed " + seed);
        Random random = new Random(seed);
        String source = Goldens.text("templates/qwen35.jinja");
        Map<String, Object> variables =
                Map.of("messages", List.of(Map.of("role", "user", "content", "x")), "add_generation_prompt", true);
        String pieces = "{}%#'\"()[]|~.,:=-+*/ \n0a<>!\\";
        for (int round = 0; round < 500; round++) {
            StringBuilder damaged = new StringBuilder(source);
            for (int i = random.nextInt(4); i >= 0; i--) {
                int at = random.nextInt(damaged.length());
                switch (random.nextInt(3)) {
                    case 0 -> damaged.setCharAt(at, pieces.charAt(random.nextInt(pieces.length())));
                    case 1 -> damaged.delete(at, Math.min(damaged.length(), at + random.nextInt(30)));
                    default -> damaged.insert(at, pieces.charAt(random.nextInt(pieces.length())));
                }
            }
            try {
                assertThat(ChatTemplate.parse(damaged.toString()).render(variables))
                        .isNotNull();
            } catch (TemplateException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }
}
