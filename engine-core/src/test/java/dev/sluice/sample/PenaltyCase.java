package dev.sluice.sample;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A case of scripts/compare/sampling.py, which describes the line that it is in the file. */
record PenaltyCase(Penalties penalties, List<Integer> prompt, List<Integer> reply, float[] logits, float[] expected) {
    static PenaltyCase parse(String line) {
        String[] parts = line.split(" ");
        return new PenaltyCase(
                new Penalties(
                        Float.parseFloat(parts[0]),
                        Float.parseFloat(parts[1]),
                        Float.parseFloat(parts[2]),
                        Integer.parseInt(parts[3])),
                ids(parts[4]),
                ids(parts[5]),
                floats(parts[6]),
                floats(parts[7]));
    }

    private static List<Integer> ids(String list) {
        return list.equals("-")
                ? List.of()
                : Stream.of(list.split(",")).map(Integer::valueOf).toList();
    }

    private static float[] floats(String hex) {
        byte[] bits = HexFormat.of().parseHex(hex);
        float[] values = new float[bits.length / 4];
        ByteBuffer.wrap(bits).asFloatBuffer().get(values);
        return values;
    }

    /** The logits as the engine adjusts them. */
    float[] adjusted() {
        LogitAdjustments adjustments = new LogitAdjustments(new SamplingOptions(1, 0, 1, 0, penalties, Map.of(), 0));
        adjustments.acceptPrompt(prompt);
        reply.forEach(adjustments::accept);
        float[] adjusted = logits.clone();
        adjustments.changed().stream().forEach(id -> adjusted[id] = adjustments.apply(id, logits[id]));
        return adjusted;
    }

    /** Adjusts each case of a file; writes the bits of the logits to another. */
    public static void main(String[] files) throws IOException {
        List<String> lines = Files.readAllLines(Path.of(files[0])).stream()
                .map(line -> parse(line).adjusted())
                .map(values -> {
                    ByteBuffer bits = ByteBuffer.allocate(4 * values.length);
                    bits.asFloatBuffer().put(values);
                    return HexFormat.of().formatHex(bits.array());
                })
                .toList();
        Files.write(Path.of(files[1]), lines);
    }
}
