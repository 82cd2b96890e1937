package dev.sluice.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Random templates and what becomes of them, for scripts/compare/templates.py: a line of JSON each, with the template, the
 * number of the conversation whose variables it saw (-1: those of the snippets), and the output or the error. Usage:
 * {@code TemplateOutputs COUNT SEED}.
 */
final class TemplateOutputs {
    private TemplateOutputs() {}

    public static void main(String[] args) throws IOException {
        Random random = new Random(Long.parseLong(args[1]));
        List<Map<String, Object>> conversations = new ArrayList<>();
        for (JsonNode node : Goldens.read("conversations.json")) {
            Map<String, Object> variables = Goldens.variables(node.get("variables"));
            variables.putIfAbsent("tools", null);
            conversations.add(variables);
        }
        Map<String, Object> simple =
                Goldens.variables(Goldens.read("snippets.json").get("variables"));
        RandomTemplates templates = new RandomTemplates(random, TemplateFuzz.shapes());
        ObjectMapper json = new ObjectMapper();
        try (Writer out = new BufferedWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8))) {
            for (int i = 0; i < Integer.parseInt(args[0]); i++) {
                boolean small = random.nextBoolean();
                int conversation = small ? -1 : random.nextInt(conversations.size());
                Map<String, Object> line = new LinkedHashMap<>();
                line.put("template", small ? templates.small() : templates.damaged());
                line.put("conversation", conversation);
                try {
                    line.put(
                            "output",
                            ChatTemplate.parse((String) line.get("template"))
                                    .render(small ? simple : conversations.get(conversation)));
                } catch (TemplateException e) {
                    line.put("error", e.getMessage());
                }
                out.write(json.writeValueAsString(line));
                out.write('\n');
            }
        }
    }
}
