package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.GeneratedFile;
import dev.sluice.SessionOptions;
import dev.sluice.arch.Architectures;
import dev.sluice.chat.jinja.Budget;
import dev.sluice.chat.jinja.JinjaTemplate;
import dev.sluice.cpu.format.Formats;
import dev.sluice.gguf.Gguf;
import dev.sluice.gguf.TensorType;
import dev.sluice.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What the documents say of the code is what the code says. */
class GeneratedDocsTest {
    private static final Path ROOT = Path.of("..");
    private static final Path README = ROOT.resolve("README.md");
    private static final CommandLine PROGRAM = Program.commandLine(Cli.silent());

    @Test
    void commandTable() throws IOException {
        StringBuilder table = new StringBuilder("| command | what |\n|---|---|\n");
        PROGRAM.getSubcommands().forEach((name, command) -> table.append("| `")
                .append(name)
                .append("` | ")
                .append(command.getCommandSpec().usageMessage().description()[0])
                .append(" |\n"));
        GeneratedFile.checkBlock(README, "commands", table.toString());
    }

    /** What ends every page alike, exit status and environment, stands in the program's own page only. */
    @Test
    void manualPages() throws IOException {
        StringBuilder pages = new StringBuilder(
                "# Commands\n\nMade from the program by `scripts/generate-docs`; `sluice help COMMAND` shows the same.\n");
        String page = PROGRAM.getUsageMessage();
        append(pages, "sluice", page);
        int environment = page.indexOf("\nENVIRONMENT\n");
        String exitStatus = page.substring(page.indexOf("\nEXIT STATUS\n"), environment);
        PROGRAM.getSubcommands()
                .forEach((name, command) -> append(
                        pages,
                        "sluice " + name,
                        without(exitStatus, without(page.substring(environment), command.getUsageMessage()))));
        GeneratedFile.check(ROOT.resolve("docs/commands.md"), pages.toString());
    }

    private static String without(String end, String page) {
        return page.endsWith(end) ? page.substring(0, page.length() - end.length()) : page;
    }

    private static void append(StringBuilder pages, String name, String page) {
        pages.append("\n## ").append(name).append("\n\n```text\n").append(page).append("```\n");
    }

    @Test
    void supported() throws IOException {
        GeneratedFile.checkBlock(README, "supported", """
                | what | supported |
                |---|---|
                | files | GGUF versions %s, little-endian; split files; beyond 2 GiB |
                | `general.architecture` | %s |
                | types of weights, in any weight | %s |
                | types refused by name | %s |
                | types of keys and values | %s, the first by default |
                | `rope.scaling.type` | %s |
                | `tokenizer.ggml.model`, `tokenizer.ggml.pre` | `gpt2` (byte-level BPE) with %s |
                | chat templates | Jinja of up to %s characters; a rendering may take %s steps and make %s characters, \
                both plus %d for each character of the conversation, and nest %d levels deep |
                """.formatted(
                        Gguf.VERSIONS.stream().map(String::valueOf).collect(Collectors.joining(" and ")),
                        code(Architectures.names()),
                        types(Arrays.stream(TensorType.values()).filter(Formats::supports)),
                        types(Arrays.stream(TensorType.values()).filter(type -> !Formats.supports(type))),
                        types(SessionOptions.KV_TYPES.stream()),
                        code(Architectures.ropeScalingTypes()),
                        code(Tokenizer.preTokenizers()),
                        grouped(JinjaTemplate.MAX_LENGTH),
                        grouped(Budget.BASE_WORK),
                        grouped(Budget.BASE_MEMORY),
                        Budget.PER_INPUT,
                        Budget.MAX_DEPTH));
    }

    /** The tables as {@code scripts/measure} wrote them, one processor after the other. */
    @Test
    void measurements() throws IOException {
        List<String> tables = new ArrayList<>();
        try (Stream<Path> files = Files.list(ROOT.resolve("measurements"))) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".md")).sorted().toList()) {
                tables.add(Files.readString(file));
            }
        }
        GeneratedFile.checkBlock(README, "measurements", String.join("\n", tables));
    }

    private static String code(Collection<String> names) {
        return names.stream().map(name -> "`" + name + "`").collect(Collectors.joining(", "));
    }

    private static String types(Stream<TensorType> types) {
        return types.map(TensorType::name).collect(Collectors.joining(" "));
    }

    private static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** The map of the code names packages that exist, and every one of them, or the one it is part of. */
    @Test
    void mapOfTheCode() throws IOException {
        String map = Files.readString(README).replaceFirst("(?s).*\n## Map of the code\n", "");
        Collection<String> named = Pattern.compile("dev\\.sluice(\\.[a-z]+)*")
                .matcher(map)
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toSet());
        Collection<String> all = packages();
        assertThat(all).as("packages").containsAll(named);
        assertThat(all)
                .allSatisfy(name ->
                        assertThat(named).as("README's map has %s", name).anyMatch(name::startsWith))
                .hasSizeGreaterThan(10);
        for (Path module : modules()) {
            assertThat(map).contains("`" + module.getFileName() + "`");
        }
    }

    private static Collection<Path> modules() throws IOException {
        try (Stream<Path> files = Files.list(ROOT)) {
            return files.filter(file -> Files.exists(file.resolve("src/main/java")))
                    .toList();
        }
    }

    private static Collection<String> packages() throws IOException {
        Collection<String> names = new TreeSet<>();
        for (Path module : modules()) {
            Path sources = module.resolve("src/main/java");
            try (Stream<Path> files = Files.walk(sources)) {
                files.filter(file -> file.toString().endsWith(".java"))
                        .map(file ->
                                sources.relativize(file.getParent()).toString().replace('/', '.'))
                        .forEach(names::add);
            }
        }
        return names;
    }
}
