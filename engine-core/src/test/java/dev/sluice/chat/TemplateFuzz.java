package dev.sluice.chat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.fuzz.Campaign;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * Random templates render or end in a {@link TemplateException}, and nothing else. Run by scripts/fuzz, with the options of
 * {@link Campaign}.
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

    /** A template that was made, and what it is to see. */
    private record Made(String source, Map<String, Object> variables) implements Campaign.Trial {
        @Override
        public List<String> run() {
            String failure = "failed to parse";
            try {
                ChatTemplate template = ChatTemplate.parse(source);
                failure = "failed to render";
                template.render(variables);
                return List.of("rendered");
            } catch (TemplateException e) {
                if (e.getMessage().isBlank() || e.line() < 1 || e.column() < 1) {
                    throw new AssertionError("a poor message", e);
                }
                return List.of(failure);
            }
        }

        @Override
        public String toString() {
            return source;
        }
    }

    private final Campaign campaign;
    private final List<String> shapes = shapes();
    private final Map<String, Object> simple =
            Goldens.variables(Goldens.read("snippets.json").get("variables"));
    private final List<Map<String, Object>> conversations = new ArrayList<>();

    private TemplateFuzz(Campaign campaign) {
        this.campaign = campaign;
        for (JsonNode node : Goldens.read("conversations.json")) {
            conversations.add(Goldens.variables(node.get("variables")));
        }
    }

    static List<String> shapes() {
        return SHAPES.stream()
                .map(name -> Goldens.text("templates/" + name + ".jinja"))
                .toList();
    }

    public static void main(String[] args) throws InterruptedException {
        Campaign campaign = new Campaign(args);
        System.exit(campaign.run(new TemplateFuzz(campaign)::make) ? 0 : 1);
    }

    private Made make(long index) {
        SplittableRandom random = campaign.random(index);
        RandomTemplates templates = new RandomTemplates(new Random(random.nextLong()), shapes);
        return random.nextBoolean()
                ? new Made(templates.small(), simple)
                : new Made(templates.damaged(), conversations.get(random.nextInt(conversations.size())));
    }
}
