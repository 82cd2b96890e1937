package dev.sluice.app;

import dev.sluice.SyntheticModel;
import dev.sluice.gguf.GgufWriter;
import dev.sluice.gguf.TensorType;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** How to get each message of docs/troubleshooting.md, by the row's name: what the program then says on standard error. */
final class Provocations {
    /** Does something wrong. */
    interface Provocation {
        String provoke() throws IOException;
    }

    private final Path directory;
    private final Map<String, Provocation> all = new TreeMap<>();

    Provocations(Path directory) {
        this.directory = directory;
        machine();
        files();
        kinds();
        templates();
        options();
    }

    Map<String, Provocation> all() {
        return all;
    }

    private void machine() {
        all.put("no-jdk", () -> launch(Map.of("SLUICE_JDK_DIRS", directory.toString())));
        all.put("not-a-jdk", () -> launch(Map.of("SLUICE_JAVA_HOME", directory.toString())));
        all.put("no-vector-api", () -> java(List.of(), "run", "hi"));
        all.put(
                "heap",
                () -> java(
                        List.of("--add-modules", "jdk.incubator.vector", "-XX:+UseSerialGC", "-Xmx10m"), "run", "hi"));
    }

    private void files() {
        all.put("no-file", () -> run(directory.resolve("none.gguf")));
        all.put("directory", () -> run(directory));
        all.put("empty", () -> run(""));
        all.put("lfs-pointer", () -> run("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 1024\n"));
        all.put("web-page", () -> run("<!DOCTYPE html>\n<html><head><title>Sign in</title></head></html>\n"));
        all.put("not-gguf", () -> run("PK\u0003\u0004 an archive"));
        all.put("truncated-data", () -> run(cut(0.9)));
        all.put("truncated-head", () -> run(cut(0.001)));
        all.put("not-the-first", () -> run(split().get(1)));
        all.put("part-missing", () -> {
            List<Path> parts = split();
            Files.delete(parts.get(1));
            return run(parts.getFirst());
        });
    }

    private void kinds() {
        all.put("architecture", () -> run(model().putString("general.architecture", "llama")));
        all.put("mmproj", () -> run(new GgufWriter().putString("general.architecture", "clip")));
        all.put(
                "mtp-only",
                () -> run(new GgufWriter()
                        .putString("general.architecture", "qwen35")
                        .putU32("qwen35.block_count", 5)
                        .putU32("qwen35.nextn_predict_layers", 1)
                        .add("blk.4.attn_norm.weight", new long[] {4}, 1, 1, 1, 1)));
        all.put(
                "weight-type",
                () -> run(SyntheticModel.of("qwen35")
                        .shape("k256")
                        .type(TensorType.IQ2_XXS, (type, row) -> new byte[(int) type.bytes(row.length)])
                        .writer()));
        all.put("rope-scaling", () -> run(model().putString("qwen35.rope.scaling.type", "longrope")));
        all.put("tokenizer", () -> run(vocabulary("spm", "default")));
        all.put("pre-tokenizer", () -> run(vocabulary("gpt2", "llama-bpe")));
        all.put("no-tokenizer", () -> sluice("run", "-m", write(model()), "--raw", "hi"));
    }

    private void templates() {
        all.put("no-template", () -> sluice("run", "-m", write(model()), "hi"));
        all.put(
                "template-refuses",
                () -> sluice(
                        "run",
                        "--chat-template-file",
                        write("{{ raise_exception('System message must be at the beginning.') }}"),
                        "hi"));
        all.put("template-malformed", () -> sluice("run", "--chat-template-file", write("{% if %}"), "hi"));
        all.put("unread-variable", () -> sluice("run", "--chat-template-kwargs", "{\"no_such_key\":1}", "hi"));
        all.put("unread-option", () -> sluice("run", "--reasoning-effort", "low", "hi"));
        all.put("bad-json", () -> sluice("run", "--chat-template-kwargs", "{\"a\":", "hi"));
    }

    private void options() {
        all.put("context-of-model", () -> sluice("run", "-c", "1000000", "hi"));
        all.put("context-full", () -> sluice("run", "-c", "4", "--raw", "one two three four five six seven eight"));
        all.put(
                "context-memory",
                () -> sluice(
                        "run",
                        "-m",
                        write(SyntheticModel.of("qwen35")
                                .set("ctx", Integer.MAX_VALUE)
                                .set("n_head", 64)
                                .set("n_kv", 64)
                                .writer()),
                        "-c",
                        "0",
                        "--tokens",
                        "1"));
        all.put("unknown-option", () -> sluice("run", "--sed", "3", "hi"));
        all.put("bad-value", () -> sluice("run", "--top-p", "2", "hi"));
        all.put("not-a-number", () -> sluice("run", "-n", "many", "hi"));
        all.put("no-prompt", () -> sluice("run"));
        all.put("not-utf-8", () -> {
            Path text = Files.write(
                    directory.resolve("latin1.txt"), "Gr\u00fc\u00dfe".getBytes(StandardCharsets.ISO_8859_1));
            return sluice("run", "-f", text.toString());
        });
    }

    private String run(GgufWriter model) throws IOException {
        return run(Path.of(write(model)));
    }

    private String run(String text) throws IOException {
        return run(Path.of(write(text)));
    }

    private static String run(Path model) {
        return sluice("run", "-m", model.toString(), "--tokens", "1", "-n", "1");
    }

    private static String sluice(String... args) {
        return Cli.sluice(args).err();
    }

    private static GgufWriter model() {
        return SyntheticModel.of("qwen35").writer();
    }

    private static GgufWriter vocabulary(String kind, String pre) {
        return model().putString("tokenizer.ggml.model", kind)
                .putString("tokenizer.ggml.pre", pre)
                .putStrings("tokenizer.ggml.tokens", List.of("a", "b"))
                .putInts("tokenizer.ggml.token_type", 1, 1)
                .putStrings("tokenizer.ggml.merges", List.of());
    }

    private String write(GgufWriter model) throws IOException {
        Path file = directory.resolve("model.gguf");
        model.write(file);
        return file.toString();
    }

    private String write(String text) throws IOException {
        return Files.writeString(directory.resolve("text"), text).toString();
    }

    /** A model of which only the beginning has arrived. */
    private Path cut(double part) throws IOException {
        byte[] whole = model().toBytes();
        return Files.write(directory.resolve("cut.gguf"), Arrays.copyOf(whole, (int) (part * whole.length)));
    }

    private List<Path> split() throws IOException {
        int tensors = SyntheticModel.of("qwen35").tensors().size();
        return model().writeSplit(directory, "model", 10, tensors - 10);
    }

    /** The program in a JVM of its own. */
    private String java(List<String> flags, String... args) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        String[] classPath = System.getProperty("java.class.path").split(File.pathSeparator);
        command.addAll(List.of(
                "-cp",
                String.join(
                        File.pathSeparator,
                        Stream.of(classPath)
                                .map(path -> Path.of(path).toAbsolutePath().toString())
                                .toList()),
                "dev.sluice.app.Main"));
        command.addAll(List.of(args));
        return Processes.run(directory, Map.of(), command).err();
    }

    /** The launcher, where nothing else is on the path than what it needs before it has found a JDK. */
    private String launch(Map<String, String> environment) throws IOException {
        Path tools = Files.createDirectories(directory.resolve("tools"));
        for (String tool : List.of("dirname", "readlink", "grep")) {
            Path script =
                    Files.writeString(tools.resolve(tool), "#!/bin/sh\nPATH=/usr/bin:/bin exec " + tool + " \"$@\"\n");
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Map<String, String> all = new TreeMap<>(environment);
        all.put("PATH", tools.toString());
        return Processes.run(
                        directory,
                        all,
                        List.of(
                                "/bin/bash",
                                Path.of("..", "sluice").toAbsolutePath().toString(),
                                "--version"))
                .err();
    }
}
