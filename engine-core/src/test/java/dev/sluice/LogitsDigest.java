package dev.sluice;

import dev.sluice.gguf.TensorType;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** Prints digests of the logits of small models, a line each, for JVMs to be compared. */
final class LogitsDigest {
    private record Case(String architecture, TensorType type) {}

    private static final List<TensorType> TYPES = List.of(
            TensorType.F16,
            TensorType.BF16,
            TensorType.Q4_0,
            TensorType.Q4_1,
            TensorType.Q5_0,
            TensorType.Q5_1,
            TensorType.IQ4_NL,
            TensorType.MXFP4,
            TensorType.NVFP4,
            TensorType.Q2_K,
            TensorType.Q3_K,
            TensorType.Q4_K,
            TensorType.Q5_K,
            TensorType.Q6_K,
            TensorType.IQ4_XS,
            TensorType.TQ1_0,
            TensorType.TQ2_0);

    private static final List<Case> CASES = Stream.concat(
                    Stream.of(new Case("qwen35moe", TensorType.Q8_0), new Case("qwen3next", TensorType.F32)),
                    TYPES.stream().map(type -> new Case("qwen35", type)))
            .toList();

    /** Lines when all cases are printed. */
    static final int ALL = CASES.size();

    private LogitsDigest() {}

    /** Usage: {@code LogitsDigest CASES REPETITIONS}; the first cases, each computed so many times. */
    public static void main(String[] args) throws NoSuchAlgorithmException {
        for (Case one : CASES.subList(0, Integer.parseInt(args[0]))) {
            byte[] bytes = model(one).writer().toBytes();
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] logits = logits(bytes);
            for (int i = 1; i < Integer.parseInt(args[1]); i++) {
                if (!MessageDigest.isEqual(logits, logits(bytes))) {
                    throw new IllegalStateException(one + ": repetition " + i + " differs from the first");
                }
            }
            System.out.println(one + " " + HexFormat.of().formatHex(digest.digest(logits)));
        }
    }

    /** As small as the type allows; its heads, and rows of weights, fill no whole number of vectors. */
    private static SyntheticModel model(Case one) {
        SyntheticModel model = SyntheticModel.of(one.architecture)
                .set("n_embd", Math.max(64, one.type.blockLength()))
                .set("n_head", 2)
                .set("n_kv", 1)
                .set("head", 20)
                .set("lk", 1)
                .set("lv", 2)
                .set("ld", 20)
                .set("ff", 40)
                .set("vocab", 40);
        return RandomBlocks.TYPES.contains(one.type)
                ? model.type(one.type, RandomBlocks::encode)
                : model.type(one.type);
    }

    /** Of rows that fill a tile and begin another, and of a single row. */
    private static byte[] logits(byte[] file) {
        try (Model model = Model.load(
                        MemorySegment.ofArray(file), LoadOptions.defaults().withThreads(2));
                Session session = model.newSession(SessionOptions.ofContext(14))) {
            int vocabulary = model.vocabularySize();
            ByteBuffer bytes = ByteBuffer.allocate(4 * vocabulary * 14);
            for (int count : new int[] {13, 1}) {
                for (float[] row : TestModels.all(session, TestModels.tokens(count, vocabulary))) {
                    for (float logit : row) {
                        bytes.putFloat(logit);
                    }
                }
            }
            return bytes.array();
        }
    }
}
