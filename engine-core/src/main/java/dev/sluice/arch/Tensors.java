package dev.sluice.arch;

import dev.sluice.gguf.Gguf;
import dev.sluice.gguf.GgufException;
import dev.sluice.gguf.Tensor;
import dev.sluice.gguf.TensorType;
import dev.sluice.gguf.UnsupportedModelException;
import dev.sluice.op.Ops;
import dev.sluice.op.Vec;
import dev.sluice.op.Weight;
import dev.sluice.op.WeightView;
import dev.sluice.op.WeightView.Rows;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** Looks tensors up by name, checks their shapes, binds them, and remembers which were asked for. */
final class Tensors {
    private final Gguf file;
    private final Ops ops;
    private final Problems problems;
    private final Set<String> used;

    /** Stands for what cannot be bound, once {@link Problems} have passed over it. */
    private record Absent(String name, int rows, int columns, int slices) implements Weight {
        static Absent of(String name, long columns, long rows, long slices) {
            return new Absent(name, clamp(rows), clamp(columns), clamp(slices));
        }

        private static int clamp(long size) {
            return Math.clamp(size, 0, Integer.MAX_VALUE);
        }

        @Override
        public long sliceBytes() {
            return 0;
        }
    }

    Tensors(Gguf file, Ops ops, Problems problems) {
        this(file, ops, problems, new HashSet<>());
    }

    private Tensors(Gguf file, Ops ops, Problems problems, Set<String> used) {
        this.file = file;
        this.ops = ops;
        this.problems = problems;
        this.used = used;
    }

    /** The same tensors; the first that is missing or wrong is thrown. What either is asked for counts as used in both. */
    Tensors strict() {
        return new Tensors(file, ops, Problems.THROWN, used);
    }

    /** Name of the file, for messages. */
    String file() {
        return file.name();
    }

    boolean has(String name) {
        return file.find(name).isPresent();
    }

    /** Rows of the embedding table; where it is missing, of the head. */
    long vocabulary() {
        return file.find("token_embd.weight")
                .or(() -> file.find("output.weight"))
                .map(table -> table.ne(1))
                .orElse(1L);
    }

    /** A matrix {columns, rows}. */
    Weight weight(String name, long columns, long rows) {
        return stack(name, columns, rows, 1);
    }

    /** A stack of matrices {columns, rows, slices}. */
    Weight stack(String name, long columns, long rows, long slices) {
        return bound(
                name,
                () -> view(matrices(name, columns, rows, slices), Rows.range(0, Math.toIntExact(rows))),
                () -> Absent.of(name, columns, rows, slices));
    }

    /** Some of the {@code tensorRows} rows of each slice. */
    Weight part(String name, long columns, long tensorRows, long slices, Rows rows) {
        return bound(
                name,
                () -> view(matrices(name, columns, tensorRows, slices), rows),
                () -> Absent.of(name, columns, rows.count(), slices));
    }

    private Tensor matrices(String name, long columns, long rows, long slices) {
        return slices == 1 ? tensor(name, columns, rows) : tensor(name, columns, rows, slices);
    }

    private Weight view(Tensor tensor, Rows rows) {
        WeightView view = new WeightView(tensor, rows, scale(tensor));
        return supported(tensor, () -> ops.weight(view));
    }

    /** A vector {length}, or any shape with these dimensions, decoded. */
    Vec vec(String name, long... shape) {
        return bound(
                name,
                () -> {
                    Tensor tensor = tensor(name, shape);
                    return supported(tensor, () -> ops.vector(tensor));
                },
                () -> new Vec(name, new float[0]));
    }

    private <T> T bound(String name, Supplier<T> bind, Supplier<T> absent) {
        try {
            return bind.get();
        } catch (GgufException | UnsupportedModelException e) {
            problems.found(name, e);
            return absent.get();
        }
    }

    private <T> T supported(Tensor tensor, Supplier<T> bind) {
        try {
            return bind.get();
        } catch (IllegalArgumentException e) {
            throw new UnsupportedModelException(file.name() + ": tensor " + tensor.name() + ": " + e.getMessage());
        }
    }

    private Tensor tensor(String name, long... expected) {
        Tensor tensor = file.tensor(name);
        used.add(name);
        boolean same = true;
        for (int i = 0; i < Math.max(4, expected.length); i++) {
            same &= tensor.ne(i) == (i < expected.length ? expected[i] : 1);
        }
        if (!same) {
            throw new GgufException(file.name() + ": tensor " + name + " has shape " + Arrays.toString(tensor.shape())
                    + ", expected " + Arrays.toString(expected));
        }
        if (Arrays.stream(expected).anyMatch(n -> n > Integer.MAX_VALUE - 64)) {
            throw new UnsupportedModelException(
                    file.name() + ": tensor " + name + " has a dimension beyond 2^31: " + Arrays.toString(expected));
        }
        return tensor;
    }

    /** NVFP4 files carry a factor on the product in a sibling tensor, one value or one an expert. */
    private float[] scale(Tensor weight) {
        String base = weight.name().replaceFirst("\\.weight$", "");
        used.add(base + ".input_scale"); // concerns quantized activations, which we do not have
        if (!has(base + ".scale")) {
            return WeightView.NO_SCALE;
        }
        Tensor scale = file.tensor(base + ".scale");
        if (scale.type() != TensorType.F32 || (scale.elements() != 1 && scale.elements() != weight.ne(2))) {
            throw new GgufException(file.name() + ": tensor " + scale.name() + " is " + scale.type() + " "
                    + Arrays.toString(scale.shape()) + ", expected F32 with 1 or " + weight.ne(2) + " values");
        }
        used.add(scale.name());
        return ops.vector(scale).values();
    }

    /** Names of tensors in the file that nobody asked for. */
    List<String> unused() {
        return file.tensors().stream()
                .map(Tensor::name)
                .filter(name -> !used.contains(name))
                .toList();
    }
}
