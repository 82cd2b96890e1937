package dev.sluice;

import dev.sluice.gguf.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** What the tests on synthetic models share. */
final class TestModels {
    private TestModels() {}

    /** The token ids of every test on synthetic models; scripts/models.py has the same. */
    static int[] tokens(int count, int vocabulary) {
        int[] ids = new int[count];
        for (int i = 0; i < count; i++) {
            ids[i] = (int) ((7919L * i + 13L * i * i + 5) % vocabulary);
        }
        return ids;
    }

    /** A model whose weights have this type; random blocks where it has no simple encoder. */
    static MemorySegment synthetic(String arch, TensorType type) {
        SyntheticModel model = SyntheticModel.of(arch);
        if (RandomBlocks.TYPES.contains(type)) {
            model.shape("k256").type(type, RandomBlocks::encode);
        } else {
            model.type(type);
        }
        return MemorySegment.ofArray(model.writer().toBytes());
    }

    /** Logits of every position of one forward, [count][vocabulary]. */
    static float[][] logits(MemorySegment file, int count, TensorType kvType) {
        try (Model model = Model.load(file, LoadOptions.defaults().withThreads(2));
                Session session =
                        model.newSession(SessionOptions.ofContext(count).withKvType(kvType))) {
            return all(session, tokens(count, model.vocabularySize()));
        }
    }

    /** Reads ids and keeps the logits of each. */
    static float[][] all(Session session, int[] ids) {
        float[][] rows = new float[ids.length][];
        int first = session.position();
        session.forward(ids, (position, logits) -> rows[position - first] = logits.clone());
        return rows;
    }

    static float[] concat(List<float[]> rows) {
        float[] all = new float[rows.stream().mapToInt(r -> r.length).sum()];
        int at = 0;
        for (float[] row : rows) {
            System.arraycopy(row, 0, all, at, row.length);
            at += row.length;
        }
        return all;
    }

    /** Mean squared error over the mean square of what was expected. */
    static double nmse(float[] expected, float[] actual) {
        if (expected.length != actual.length) {
            throw new IllegalArgumentException(expected.length + " values expected, got " + actual.length);
        }
        double error = 0;
        double power = 0;
        for (int i = 0; i < expected.length; i++) {
            double difference = (double) expected[i] - actual[i];
            error += difference * difference;
            power += (double) expected[i] * expected[i];
        }
        return error / power;
    }
}
