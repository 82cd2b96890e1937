package dev.sluice.bench.speed;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Another program that measures the same: a shell command that prints one JSON object with {@code prefill_tps} and
 * {@code decode_tps} on its standard output. It is started anew for each run, so its own warming up is its own affair.
 *
 * <p>In the command stand for the model's file, quoted, <code>{model}</code>; for numbers of tokens and threads
 * <code>{p}</code>, <code>{n}</code> and <code>{t}</code>; for the depth, or {@code prompt} where decoding starts after the
 * prompt, <code>{d}</code>.
 */
public final class Peer {
    private static final int SHOWN = 200;

    private final String command;
    private final Path model;
    private final int threads;

    public Peer(String command, Path model, int threads) {
        this.command = command;
        this.model = model;
        this.threads = threads;
    }

    /** As it was given, with its placeholders. */
    public String command() {
        return command;
    }

    String command(Combination c) {
        return command.replace("{p}", Integer.toString(c.prompt()))
                .replace("{n}", Integer.toString(c.generated()))
                .replace("{t}", Integer.toString(threads))
                .replace("{d}", c.depth().isPresent() ? Integer.toString(c.prefillDepth()) : "prompt")
                .replace("{model}", "'" + model.toString().replace("'", "'\\''") + "'");
    }

    /**
     * Runs the command once, to its end.
     *
     * @throws IOException if it cannot be run, fails, or prints something else; the message has what it said
     */
    Rates run(Combination c) throws IOException {
        Path out = Files.createTempFile("sluice-bench", ".out");
        Path err = Files.createTempFile("sluice-bench", ".err");
        try {
            int status = run(command(c), out.toFile(), err.toFile());
            String printed = Files.readString(out, StandardCharsets.UTF_8).strip();
            if (status != 0) {
                String said = Files.readString(err, StandardCharsets.UTF_8).strip();
                throw new IOException(
                        "--against: exit status " + status + ": " + shown(said.isEmpty() ? printed : said));
            }
            return parse(c, printed);
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    private static int run(String command, File out, File err) throws IOException {
        Process process = new ProcessBuilder("sh", "-c", command)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectOutput(out)
                .redirectError(err)
                .start();
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("--against: interrupted while the command ran");
        } finally {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        }
    }

    private static Rates parse(Combination c, String printed) throws IOException {
        try {
            JsonNode json = new ObjectMapper().readTree(printed);
            return new Rates(
                    c.prompt() == 0 ? 0 : rate(json, "prefill_tps", printed),
                    c.generated() == 0 ? 0 : rate(json, "decode_tps", printed));
        } catch (JsonProcessingException e) {
            throw new IOException("--against: the command printed no JSON object: " + shown(printed));
        }
    }

    private static double rate(JsonNode json, String field, String printed) throws IOException {
        double rate = json.path(field).asDouble();
        if (!(rate > 0) || Double.isInfinite(rate)) {
            throw new IOException("--against: the command printed no positive " + field + ": " + shown(printed));
        }
        return rate;
    }

    /** The end of a text, where the error usually is. */
    private static String shown(String text) {
        return text.isEmpty() ? "nothing" : text.substring(Math.max(0, text.length() - SHOWN));
    }
}
