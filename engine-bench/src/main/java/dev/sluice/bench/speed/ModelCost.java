package dev.sluice.bench.speed;

import dev.sluice.Model;
import dev.sluice.SessionOptions;
import dev.sluice.gguf.Gguf;
import dev.sluice.gguf.Tensor;
import dev.sluice.gguf.TensorType;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one token costs at least, whoever computes it: the speed of light that rates are compared with.
 *
 * @param flop floating-point operations of one token in products with matrices, two for each parameter it passes; of a stack
 *     of experts only those in use; the head not counted
 * @param weightBytes bytes of parameters that decoding one token reads, each once: matrices as in the file, the head among them
 *     and one row of the embeddings, vectors as F32
 * @param stateBytes bytes of recurrent state that one token reads and writes
 * @param kvRowBytes bytes of keys and values of one token
 */
public record ModelCost(long flop, long weightBytes, long stateBytes, long kvRowBytes) {
    private static final Pattern BLOCK = Pattern.compile("blk\\.(\\d+)\\..*");

    /** Rows of a session whose keys and values come in whole blocks. */
    private static final int ROWS = 4096;

    /** @param kvType element type of keys and values */
    public static ModelCost of(Model model, TensorType kvType) {
        Gguf file = model.file();
        double expertsUsed = expertsUsed(file, model.architecture());
        long flop = 0;
        long bytes = 0;
        for (Tensor tensor : file.tensors()) {
            String name = tensor.name();
            if (name.equals("token_embd.weight")) {
                bytes += tensor.type().bytes(tensor.ne(0));
                bytes += file.find("output.weight").isPresent() ? 0 : tensor.bytes();
            } else if (name.equals("output.weight")) {
                bytes += tensor.bytes();
            } else if (name.equals("output_norm.weight")) {
                bytes += 4 * tensor.elements();
            } else if (isInTrunk(name, model.blockCount())) {
                double used = tensor.ne(2) > 1 ? expertsUsed : 1;
                flop += isMatrix(tensor) ? Math.round(2 * tensor.elements() * used) : 0;
                bytes += isMatrix(tensor) ? Math.round(tensor.bytes() * used) : 4 * tensor.elements();
            }
        }
        var memory = model.memory(SessionOptions.ofContext(ROWS).withKvType(kvType));
        return new ModelCost(flop, bytes, 2 * memory.recurrentState(), memory.kvCache() / ROWS);
    }

    /** The part of the experts that a token passes. */
    private static double expertsUsed(Gguf file, String architecture) {
        double used =
                file.metadata().findInt(architecture + ".expert_used_count").orElse(1);
        return used / file.metadata().findInt(architecture + ".expert_count").orElse(1);
    }

    private static boolean isInTrunk(String name, int blocks) {
        Matcher block = BLOCK.matcher(name);
        boolean factor = name.endsWith(".scale") || name.endsWith(".input_scale"); // of NVFP4: nothing to speak of
        return block.matches() && Integer.parseInt(block.group(1)) < blocks && !factor;
    }

    /** The router of the shared expert is a matrix of one row; the taps of the convolution are no matrix. */
    private static boolean isMatrix(Tensor tensor) {
        return tensor.name().endsWith(".ffn_gate_inp_shexp.weight")
                || tensor.ne(1) > 1 && !tensor.name().endsWith(".ssm_conv1d.weight");
    }

    /**
     * Bytes that decoding one token reads and writes.
     *
     * @param depth tokens that the session holds before the first
     * @param tokens decoded one after the other; the result is their mean
     */
    public double decodeBytes(int depth, int tokens) {
        double rowsRead = depth + (tokens + 1) / 2.0;
        return weightBytes + stateBytes + kvRowBytes * (rowsRead + 1);
    }
}
