package dev.sluice.chat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Random templates render or end in a {@link TemplateException}, and nothing else. Usage: {@code TemplateFuzz COUNT SEED},
 * with the tests' class path.
 */
final class TemplateFuzz {
    private static final List<String> SHAPES = List.of(
            "qwen3",
            "qwen3-coder",
            "qwen35",
            "qwen35-small",
            "qwen36",
            "qwen38",
            "qwen3next-instruct",
            "qwen3next-thinking",
            "tiny");

    /** What became of the templates, and the longest time that one took. */
    record Counts(int rendered, int failedToParse, int failedToRender, double slowestSeconds) {}

    private TemplateFuzz() {}

    static List<String> shapes() {
        return SHAPES.stream()
                .map(name -> Goldens.text("templates/" + name + ".jinja"))
                .toList();
    }

    public static void main(String[] args) {
        int count = Integer.parseInt(args[0]);
        long seed = Long.parseLong(args[1]);
        long start = System.nanoTime();
        Counts counts = run(count, seed);
        System.out.printf(
                "%d templates, seed %d, %.0f s: %s%n", count, seed, (System.nanoTime() - start) / 1e9, counts);
    }

    static Counts run(int count, long seed) {
        Random random = new Random(seed);
        RandomTemplates templates = new RandomTemplates(random, shapes());
        Map<String, Object> simple =
                Goldens.variables(Goldens.read("snippets.json").get("variables"));
        List<Map<String, Object>> conversations = new ArrayList<>();
        for (JsonNode node : Goldens.read("conversations.json")) {
            conversations.add(Goldens.variables(node.get("variables")));
        }
        int rendered = 0;
        int failedToParse = 0;
        int failedToRender = 0;
        long slowest = 0;
        for (int i = 0; i < count; i++) {
            boolean small = random.nextBoolean();
            String source = small ? templates.small() : templates.damaged();
            Map<String, Object> variables = small ? simple : conversations.get(random.nextInt(conversations.size()));
            long start = System.nanoTime();
            boolean parsed = false;
            try {
                ChatTemplate template = ChatTemplate.parse(source);
                parsed = true;
                template.render(variables);
                rendered++;
            } catch (TemplateException e) {
                if (e.getMessage().isBlank() || e.line() < 1 || e.column() < 1) {
                    throw new AssertionError("template " + i + " of seed " + seed + ", a poor message: " + source, e);
                }
                if (parsed) {
                    failedToRender++;
                } else {
                    failedToParse++;
                }
            } catch (RuntimeException | Error e) {
                throw new AssertionError("template " + i + " of seed " + seed + ": " + source, e);
            }
            slowest = Math.max(slowest, System.nanoTime() - start);
        }
        return new Counts(rendered, failedToParse, failedToRender, slowest / 1e9);
    }
}
