package dev.sluice.app.inspect;

import dev.sluice.Inspection;
import dev.sluice.chat.ChatTemplate;
import dev.sluice.chat.TemplateException;
import dev.sluice.gguf.GgufException;
import java.util.List;
import java.util.Optional;

/**
 * A chat template.
 *
 * @param name "default" for the one that most files have
 * @param characters of its source, in UTF-16 units
 * @param sha256 of its source as UTF-8, in hexadecimal digits
 * @param variables what it reads, in alphabetical order
 * @param problem why it cannot be used; all else is then 0 or empty
 */
public record TemplateSummary(
        String name, int characters, long lines, String sha256, List<String> variables, Optional<String> problem) {

    static List<TemplateSummary> of(Inspection inspection) {
        return inspection.chatTemplateNames().stream()
                .map(name -> of(name, inspection))
                .toList();
    }

    private static TemplateSummary of(String name, Inspection inspection) {
        try {
            ChatTemplate template = inspection.chatTemplate(name);
            String source = template.source();
            return new TemplateSummary(
                    name,
                    source.length(),
                    source.lines().count(),
                    Values.sha256(source),
                    List.copyOf(template.variables()),
                    Optional.empty());
        } catch (TemplateException | GgufException e) {
            return new TemplateSummary(name, 0, 0, "", List.of(), Optional.of(e.getMessage()));
        }
    }
}
